import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerSdk } from "@/lib/cli/sdk-door";
import { run } from "../sdk/packed/package.ts";

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    void answerSdk(request, response).then((answered) => answered || response.writeHead(418).end());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test("an app installs the SDK from the server, and its modules load", async () => {
  const app = await mkdtemp(join(tmpdir(), "tailfill-app-"));
  try {
    await writeFile(join(app, "package.json"), '{ "name": "app", "private": true, "type": "module" }');
    const alone = ["--no-audit", "--no-fund", "--omit=peer", "--omit=optional"];
    await run("npm", ["install", ...alone, `${url}/sdk.tgz`], { cwd: app });
    const { version } = JSON.parse(await readFile(join(app, "node_modules/@tailfill/sdk/package.json"), "utf8")) as {
      version: string;
    };
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    const code = 'import { tailfill } from "@tailfill/sdk/express"; console.log(typeof tailfill({}))';
    expect((await run(process.execPath, ["--input-type=module", "-e", code], { cwd: app })).stdout.trim()).toBe(
      "function",
    );
  } finally {
    await rm(app, { recursive: true, force: true });
  }
});

test("who has it is told so; nothing else is answered", async () => {
  const first = await fetch(`${url}/sdk.tgz`);
  expect([first.status, first.headers.get("content-type")]).toEqual([200, "application/gzip"]);
  const etag = first.headers.get("etag")!;
  expect((await fetch(`${url}/sdk.tgz`, { headers: { "if-none-match": etag } })).status).toBe(304);
  expect((await fetch(`${url}/sdk.tgz`, { method: "POST" })).status).toBe(418);
  expect((await fetch(`${url}/sdk.tgz/../package.json`)).status).toBe(418);
});

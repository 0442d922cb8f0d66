import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { samplesIn, total } from "./support/running";
import { StubServer } from "./support/stub-server";

const folder = mkdtempSync(join(tmpdir(), "tailfill-exit-"));
const sdk = join(folder, "sdk.mjs");
const cleanup: (() => unknown)[] = [];

beforeAll(() =>
  build({
    entryPoints: [join(import.meta.dirname, "../../lib/sdk/src/index.ts")],
    outfile: sdk,
    bundle: true,
    platform: "node",
    format: "esm",
  }),
);
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

/** A process that runs this code after `client` was started; how it ended, and how long it lived after its last line. */
async function child(url: string, code: string) {
  const script = `
    import { createTailfill } from ${JSON.stringify(sdk)};
    const client = createTailfill({ url: ${JSON.stringify(url)}, apiKey: "tf_key", service: "shop" });
    ${code}
    process.stdout.write("done");
  `;
  const running = spawn(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, TAILFILL_URL: "", TAILFILL_API_KEY: "", NODE_OPTIONS: "" },
  });
  let output = "";
  let doneMs = Infinity;
  running.stdout.on("data", (text) => {
    output += text;
    doneMs = performance.now();
  });
  running.stderr.on("data", (text) => (output += text));
  const exit = await new Promise<number | null>((resolve) => running.on("close", resolve));
  return { exit, output, livedOnMs: performance.now() - doneMs };
}

async function server() {
  const stub = await StubServer.start();
  cleanup.push(() => stub.stop());
  return stub;
}

/** Takes connections and never says a word. */
async function silence(): Promise<string> {
  const sockets = new Set<{ destroy: () => void }>();
  const silent = createServer((socket) => void sockets.add(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  cleanup.push(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  return `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
}

describe("a process with the SDK", () => {
  it("ends as soon as it has nothing to do, with nothing left open", async () => {
    const { url } = await server();
    const { exit, output, livedOnMs } = await child(
      url,
      `process.stdout.write(process.getActiveResourcesInfo().join());`,
    );
    expect(exit).toBe(0);
    expect(output).toMatch(/done$/);
    expect(output).not.toMatch(/Timeout|Immediate|TCP|TLS|Worker/);
    expect(livedOnMs).toBeLessThan(1_000);
  });

  it("sends its last window before it ends by itself", async () => {
    const stub = await server();
    const { exit, output } = await child(stub.url, `for (let i = 0; i < 5; i++) client.record("GET", "/", "ok", 10);`);
    expect({ exit, output }).toEqual({ exit: 0, output: "done" });
    expect(total(stub.batches.map(samplesIn))).toBe(5);
  });

  it.each([
    ["dead", async () => "http://127.0.0.1:1"],
    ["silent", silence],
  ])("lives on for no more than about a second when the server is %s", async (_, where) => {
    const { exit, output, livedOnMs } = await child(await where(), `client.record("GET", "/", "ok", 10);`);
    expect({ exit, output }).toEqual({ exit: 0, output: "done" });
    expect(livedOnMs).toBeLessThan(2_500);
  });

  it("is not kept by a send under way", async () => {
    const code = `client.record("GET", "/", "ok", 10); void client.flush(); setTimeout(() => process.exit(3), 300);`;
    const { exit, livedOnMs } = await child(await silence(), code);
    expect(exit).toBe(3);
    expect(livedOnMs).toBeLessThan(2_000);
  });

  it("may wait for flush and stop at its top level", async () => {
    const stub = await server();
    const code = `
      client.record("GET", "/", "ok", 10); await client.flush();
      client.record("GET", "/", "ok", 10); await client.stop();`;
    const { exit, output } = await child(stub.url, code);
    expect({ exit, output }).toEqual({ exit: 0, output: "done" });
    expect(stub.batches.map(samplesIn)).toEqual([1, 1]);
  });

  it("waits for a stop against a silent server for 5 s and not longer", async () => {
    const code = `
      client.record("GET", "/", "ok", 10);
      const startMs = performance.now(); await client.stop();
      process.stdout.write(String(Math.round((performance.now() - startMs) / 1000)) + JSON.stringify(client.stats().unreportedLosses));`;
    const { exit, output } = await child(await silence(), code);
    expect({ exit, output }).toEqual({ exit: 0, output: '5{"send_failed":1}done' });
  });

  it("without url says so once on stderr and runs on", async () => {
    const { exit, output } = await child("", `createTailfill({}); client.record("GET", "/", "ok", 10);`);
    expect(exit).toBe(0);
    expect(output.match(/nothing is recorded/g)).toHaveLength(1);
    expect(output).toContain("TailfillWarning");
  });
});

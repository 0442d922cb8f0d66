import { transform } from "esbuild";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countOf } from "@/lib/histogram/index";
import { until } from "@/test/support/until";
import { ask } from "../adapters/http";
import { frameworkProject, type Project } from "./package";
import { sink, type Sink } from "./server";
import { snippets, type Snippet } from "./snippets";

let project: Project;
let server: Sink;
beforeAll(async () => {
  [project, server] = await Promise.all([frameworkProject(), sink()]);
  await project.write("send-now.mjs", SEND_NOW);
});
afterAll(() => Promise.all([project?.remove(), server?.close()]));

/** Runs before a snippet, and sends its window when the test says so, in place of waiting for ten seconds. */
const SEND_NOW = `
  import { createTailfill } from "@tailfill/sdk";
  process.on("message", () => createTailfill({ service: "shop" }).flush());
`;

/** As Nest's own compiler settings have it. */
const DECORATORS = { compilerOptions: { experimentalDecorators: true } };

const programs = (await snippets()).filter(({ kind }) => kind === "program");

test("docs/mounting.md has a program for each adapter", () => {
  const names = programs.map(({ name }) => name).toSorted();
  expect(names).toEqual(["client", "express", "fastify", "hono", "koa", "nest", "node"]);
});

test.each(programs)(
  "the program for $name in docs/mounting.md times a request, by endpoint and user",
  async (snippet) => {
    const { child, port } = await start(snippet);
    const before = server.batches.length;
    await ask(port, { path: "/users/42/comments", headers: { "x-user": "ada" } });
    child.send("send");
    const batch = await until("a batch", () => server.batches[before]);
    expect(batch.service).toBe("shop");
    expect(batch.endpoints.map(({ method, route }) => `${method} ${route}`)).toEqual(["GET /users/:id/comments"]);
    const [endpoint] = batch.endpoints;
    expect(countOf(endpoint?.outcomes.ok ?? new Uint8Array())).toBe(1);
    expect(endpoint?.users.map(({ id, latency }) => [id, countOf(latency)])).toEqual([["ada", 1]]);
    child.kill("SIGKILL");
    await once(child, "exit");
  },
);

async function start({ name, code }: Snippet): Promise<{ child: ChildProcess; port: number }> {
  const file = await project.write(
    `${name}.mjs`,
    (await transform(code, { loader: "ts", tsconfigRaw: DECORATORS })).code,
  );
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), TAILFILL_URL: server.url, TAILFILL_API_KEY: "tf_test" };
  const child = fork(file, { cwd: project.folder, env, execArgv: ["--import", "./send-now.mjs"], stdio: "pipe" });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said += String(chunk)));
  await until("it listens", () => {
    if (child.exitCode !== null) throw new Error(`${name} ended: ${said}`);
    return listens(port);
  });
  return { child, port };
}

/** Without a request, which would be counted. */
async function listens(port: number): Promise<boolean> {
  const socket = connect(port, "localhost");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

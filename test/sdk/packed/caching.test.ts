import { fork } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "@/lib/cli/free-port";
import { emptyRedis, redisOrNone } from "@/test/support/redis";
import { until } from "@/test/support/until";
import { ask } from "../adapters/http";
import { frameworkProject, run, type Project } from "./package";
import { snippets } from "./snippets";

let project: Project;
beforeAll(async () => {
  project = await frameworkProject();
  for (const { name, code } of await snippets("docs/caching.md")) await project.write(`${name}.mjs`, code);
});
afterAll(() => project?.remove());

test("the program of docs/caching.md serves from the cache, and nothing that was invalidated", async () => {
  const port = await freePort("127.0.0.1", 0);
  const env = { ...process.env, PORT: String(port), TAILFILL_URL: "", TAILFILL_API_KEY: "" };
  const child = fork("caching.mjs", { cwd: project.folder, env, stdio: "pipe" });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said += String(chunk)));
  const call = async (method: string, path: string) =>
    (await ask(port, { method, path, headers: { "x-user": "ada" } })).body;
  await until("it listens", async () => {
    if (child.exitCode !== null) throw new Error(said);
    return call("GET", "/comments/count").then(
      () => true,
      () => false,
    );
  });
  expect(await call("GET", "/comments/count")).toBe('{"comments":1}');
  await call("POST", "/comments");
  expect(await call("GET", "/comments/count")).toBe('{"comments":2}');
  await call("DELETE", "/comments");
  expect(await call("GET", "/comments/count")).toBe('{"comments":0}');
  child.kill();
  await once(child, "exit");
});

const redis = redisOrNone("the program for several processes in docs/caching.md");

describe.runIf(redis)("on Redis", () => {
  test("two processes see one value", async () => {
    const env = { ...process.env, REDIS_URL: await emptyRedis(redis!, 10) };
    const program = `
      import { feed } from "./shared.mjs";
      console.log((await feed.get("ada")).at);
      process.exit();`;
    const file = await project.write("ask-shared.mjs", program);
    const said = async () => Number((await run(process.execPath, [file], { env })).stdout);
    const first = await said();
    expect(first).toBeGreaterThan(1e12);
    expect(await said()).toBe(first);
  });
});

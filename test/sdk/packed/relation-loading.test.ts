import { transform } from "esbuild";
import { fork, type ChildProcess } from "node:child_process";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { freePort } from "@/lib/cli/free-port";
import type { LoadingTrial } from "@/lib/sdk/src/prisma/index";
import { emptyDatabase } from "@/test/support/database";
import { until } from "@/test/support/until";
import { ask } from "../adapters/http";
import { blogClient } from "../loading/blog/client";
import { fillBlog } from "../loading/blog/tables";
import { frameworkProject, type Project } from "./package";
import { sink, type Sink } from "./server";
import { snippets } from "./snippets";

let project: Project;
let server: Sink;
let database: Awaited<ReturnType<typeof emptyDatabase>>;
let blog: Awaited<ReturnType<typeof blogClient>>;
beforeAll(async () => {
  [project, server, database, blog] = await Promise.all([frameworkProject(), sink(), emptyDatabase(), blogClient()]);
  await fillBlog(database.url, 100);
  await mkdir(join(project.folder, "generated/prisma"), { recursive: true });
  await cp(blog.file, join(project.folder, "generated/prisma/client.js"));
  for (const { name, code } of await snippets("docs/relation-loading.md"))
    await project.write(`${name}.mjs`, (await transform(code, { loader: "ts" })).code);
});
afterAll(() => Promise.all([project?.remove(), server?.close(), database?.drop(), blog?.remove()]));

const running: ChildProcess[] = [];
afterEach(() => running.splice(0).forEach((child) => child.kill("SIGKILL")));

async function start(file: string): Promise<number> {
  const port = await freePort("127.0.0.1", 0);
  const keys = { DATABASE_URL: database.url, TAILFILL_URL: server.url, TAILFILL_API_KEY: "tf_test" };
  const env = { ...process.env, ...keys, PORT: String(port) };
  const child = fork(file, { cwd: project.folder, env, stdio: "pipe" });
  running.push(child);
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said += String(chunk)));
  await until("it listens", async () => {
    if (child.exitCode !== null) throw new Error(said);
    return ask(port, { path: "/" }).then(
      () => true,
      () => false,
    );
  });
  return port;
}

async function answerOf(port: number, path: string): Promise<unknown> {
  return JSON.parse((await ask(port, { path })).body);
}

test("the program for repeated statements in docs/relation-loading.md says what the page says of it", async () => {
  const port = await start("repeated.mjs");
  for (let take = 12; take > 2; take--) await answerOf(port, `/feed?take=${take}`);
  expect(await answerOf(port, "/repeated")).toMatchObject([
    {
      endpoint: "GET /feed",
      kind: "n_plus_one",
      confidence: "high",
      op: "Comment.findMany",
      parentOp: "Post.findMany",
      slope: 1,
      site: expect.stringMatching(/^repeated\.mjs:\d+$/) as string,
      requests: 10,
      affected: 8,
      medianN: 7,
      p95N: 12,
      fix: "prisma.post.findMany({ …, include: { comments: true } })",
    },
  ]);
});

test("the program for a trial in docs/relation-loading.md tries both, and answers the same", async () => {
  const port = await start("trial.mjs");
  const answers = new Set<string>();
  for (let at = 0; at < 30; at++) answers.add(JSON.stringify(await answerOf(port, "/feed")));
  const [trial] = (await answerOf(port, "/trials")) as LoadingTrial[];
  expect(trial).toMatchObject({
    name: "GET /feed Post.findMany",
    statements: { join: 1, query: 3 },
    fellBack: { join: 0, query: 0 },
  });
  expect(trial!.requests.join + trial!.requests.query).toBe(30);
  // Comments are in any order.
  expect(answers.size).toBeLessThanOrEqual(2);
});

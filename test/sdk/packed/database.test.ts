import { build, transform } from "esbuild";
import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "@/lib/cli/free-port";
import { testDatabase, type TestDatabase } from "@/test/support/database";
import { emptyRedis, redisOrNone } from "@/test/support/redis";
import { until } from "@/test/support/until";
import { ask } from "../adapters/http";
import { frameworkProject, root, run, type Project } from "./package";
import { sink, type Sink } from "./server";
import { snippets } from "./snippets";

let project: Project;
let server: Sink;
let database: TestDatabase;
beforeAll(async () => {
  [project, server, database] = await Promise.all([frameworkProject(), sink(), testDatabase()]);
  const programs = [...(await snippets("docs/database.md")), ...(await snippets("docs/counts.md"))];
  for (const { name, code } of programs) {
    await project.write(`${name}.mjs`, (await transform(code, { loader: "ts" })).code);
  }
  await build({
    entryPoints: [join(root, "lib/store/generated/client.ts")],
    outfile: join(project.folder, "generated/prisma/client.js"),
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
  });
});
afterAll(() => Promise.all([project?.remove(), server?.close(), database?.drop()]));

const running: ChildProcess[] = [];
afterEach(() => running.splice(0).forEach((child) => child.kill("SIGKILL")));

const environment = () => {
  return { ...process.env, DATABASE_URL: database.url, TAILFILL_URL: server.url, TAILFILL_API_KEY: "tf_test" };
};

async function start(file: string): Promise<{ port: number; said: () => string }> {
  const port = await freePort("127.0.0.1", 0);
  const child = fork(file, { cwd: project.folder, env: { ...environment(), PORT: String(port) }, stdio: "pipe" });
  running.push(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (said += String(chunk)));
  await until("it listens", async () => {
    if (child.exitCode !== null) throw new Error(said);
    return ask(port, { path: "/" }).then(
      () => true,
      () => false,
    );
  });
  return { port, said: () => said };
}

test("the program for Prisma in docs/database.md logs what a request asked of its database", async () => {
  await database.db.service.create({ data: { name: "shop" } });
  const { port, said } = await start("prisma.mjs");
  expect(JSON.parse((await ask(port, { path: "/services" })).body)).toMatchObject([{ name: "shop", endpoints: [] }]);
  const line = await until("it is logged", () =>
    said()
      .split("\n")
      .find((each) => each.includes("GET /services")),
  );
  const logged = JSON.parse(line) as { latencyUs: number; busyUs: number };
  expect(logged).toMatchObject({
    count: 2,
    slowest: { fingerprint: expect.stringContaining('from "public"."') as string },
  });
  expect(logged.busyUs).toBeLessThanOrEqual(logged.latencyUs);
});

test("the program for pg in docs/database.md says how long the database took", async () => {
  const { port } = await start("pg.mjs");
  const { headers } = await ask(port, { path: "/" });
  expect(Number(/^db;dur=(\d+(?:\.\d+)?)$/.exec(String(headers["server-timing"]))?.[1])).toBeGreaterThan(0);
});

test("the programs in docs/counts.md answer how many there are, by Prisma and by pg", async () => {
  await database.db.$executeRaw`
    INSERT INTO user_label (service_id, user_key, label, seen_on)
    SELECT 1 + n / 50000, n, 'user ' || n, date '2026-01-01' FROM generate_series(1, 60000) n`;
  await database.db.$executeRaw`ANALYZE user_label`;
  const { port, said } = await start("counts-prisma.mjs");
  const { text, kind, value } = JSON.parse((await ask(port, { path: "/labels" })).body) as Record<string, string>;
  expect({ text, kind }).toEqual({ text: "about 50 k", kind: "estimate" });
  expect(Math.abs(Number(value) - 50_000)).toBeLessThan(1_000);
  const { total } = JSON.parse((await ask(port, { path: "/admin/labels" })).body) as { total: number };
  expect(Math.abs(total - 60_000)).toBeLessThan(3_000);
  await until(
    "both are told of",
    () =>
      said()
        .split("\n")
        .filter((line) => line.includes('"because":"large"')).length === 2,
  );
  expect((await ask((await start("counts-pg.mjs")).port, { path: "/" })).body).toBe("about 50 k");
});

const redis = redisOrNone("the program for jobs in docs/database.md");

describe.runIf(redis)("on Redis", () => {
  test("the program for jobs in docs/database.md counts a job, by its name and its user", async () => {
    const file = await project.write(
      "ask-jobs.mjs",
      `import { once } from "node:events";
       import { Queue } from "bullmq";
       import { createTailfill } from "@tailfill/sdk";
       import { worker } from "./jobs.mjs";
       const client = createTailfill({ service: "jobs" });
       const queue = new Queue("mail", { connection: { url: process.env.REDIS_URL } });
       await queue.add("welcome", { userId: "ada" });
       const [job, result] = await once(worker, "completed");
       await client.flush();
       console.log(result);
       process.exit();`,
    );
    const env = { ...environment(), REDIS_URL: await emptyRedis(redis!, 11) };
    expect((await run(process.execPath, [file], { env, cwd: project.folder })).stdout).toBe("sent to ada\n");
    const batch = server.batches.find(({ service }) => service === "jobs");
    expect(batch?.endpoints).toMatchObject([{ method: "JOB", route: "send mail", users: [{ id: "ada" }] }]);
  });
});

test("an ES module and CommonJS count for the same request", async () => {
  const file = await project.write(
    "both-databases.mjs",
    `import { createRequire } from "node:module";
     import pg from "pg";
     import { tailfillPool } from "@tailfill/sdk/pg";
     const other = createRequire(import.meta.url)("@tailfill/sdk/pg");
     const pool = other.tailfillPool(tailfillPool(new pg.Pool({ connectionString: process.env.DATABASE_URL })));
     const error = await other.expectStatements(0, () => pool.query("select 1")).catch((caught) => caught);
     console.log(error.message);
     await pool.end();`,
  );
  const { stdout } = await run(process.execPath, [file], { env: environment() });
  expect(stdout).toBe("1 statements ran, at most 0 were expected:\n  1 × select ?\n");
});

import { chmodSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Finding } from "@/lib/cli/doctor/finding";
import { contentsOf } from "../support/backups.ts";
import { testDatabase } from "../support/database.ts";
import { processesWith } from "../support/processes.ts";
import { type ServerProcess, serverSuite } from "../support/server-process.ts";

const SECRET = "a secret of at least thirty-two bytes";
let suite: Awaited<ReturnType<typeof serverSuite>>;
beforeAll(async () => {
  suite = await serverSuite();
});
afterAll(() => suite.clean());

async function doctor(env: Record<string, string> = {}, args: string[] = []): Promise<ServerProcess> {
  const process = suite.start({ command: "doctor", args, env });
  await process.over(60_000);
  return process;
}

async function findings(env: Record<string, string> = {}): Promise<Finding[]> {
  const { stdout, stderr } = await doctor(env, ["--json"]);
  expect(stderr).toBe("");
  return (JSON.parse(stdout) as { findings: Finding[] }).findings;
}

const of = (found: readonly Finding[], check: string) => found.filter((one) => one.check === check);

test("before the first start it says so, and makes nothing", async () => {
  const { ended, stdout } = await doctor();
  expect([ended, stdout]).toEqual([0, expect.stringMatching(/warn {2}database: There is none in .* → Start tailfill/)]);
});

test("beside a running server, all is well", async () => {
  const server = suite.start();
  await server.ready();
  const { ended, stdout, stderr } = await doctor();
  expect([ended, stderr]).toEqual([0, ""]);
  expect(stdout.split("\n").filter((line) => line !== "" && !/^(ok|warn) {2}/.test(line))).toEqual([]);
  for (const check of ["migrations", "partitions", "jobs", "clock", "secrets", "disk"])
    expect(stdout).toMatch(new RegExp(`^(ok|warn) +${check}: `, "m"));
  expect(stdout).toMatch(/^ok {4}jobs: \d+ run on time\.$/m);
  server.signal("SIGTERM");
  await server.over();
});

test("of a stopped server it says that nothing runs, and leaves nothing running", async () => {
  const found = await findings();
  expect(of(found, "jobs")).toMatchObject([{ state: "warn", says: expect.stringContaining("No tailfill runs here") }]);
  expect(of(found, "migrations")).toMatchObject([{ state: "ok" }]);
  expect(processesWith(suite.folder)).toEqual([]);
});

test("a secret that others can read fails, and so does the exit code", async () => {
  const secret = join(suite.folder, "data", "secret");
  chmodSync(secret, 0o644);
  const { ended, stdout } = await doctor();
  expect([ended, stdout]).toEqual([1, expect.stringContaining(`→ chmod 600 ${secret}`)]);
  chmodSync(secret, 0o600);
});

test("settings that cannot be used are all told, and nothing else is tried", async () => {
  const { ended, stdout } = await doctor({ DATABASE_URL: "mysql://x", LOG_LEVEL: "loud" });
  expect(ended).toBe(1);
  expect(stdout.match(/^fail {2}settings: (\w+)/gm)).toHaveLength(3);
});

test("a database that cannot be reached is told with the reason", async () => {
  const found = await findings({ DATABASE_URL: "postgresql://t@127.0.0.1:1/t", TAILFILL_SECRET: SECRET });
  expect(of(found, "database")).toMatchObject([{ state: "fail", says: expect.stringContaining("ECONNREFUSED") }]);
});

test("of a database of one's own it tells what is wrong, and changes nothing", async () => {
  const room = await testDatabase();
  const client = new Client({ connectionString: room.url });
  await client.connect();
  const mail: Server = createServer().listen(0, "127.0.0.1");
  try {
    await room.db.$executeRaw`INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
      VALUES ('z', 'z', '29990101000000_later', now())`;
    await room.db.$executeRaw`INSERT INTO refusal (start, code, count) VALUES (now(), 'time_out_of_range', 4)`;
    await room.db.alertReceiver.create({
      data: {
        id: "0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a11",
        name: "ops",
        kind: "webhook",
        shown: "https://…",
        sealed: "sealed",
        offReason: "gone",
        createdAt: new Date(),
      },
    });
    const before = await contentsOf(room.url);
    const { port } = mail.address() as { port: number };
    const smtp = { TAILFILL_SMTP_URL: `smtp://127.0.0.1:${port}`, TAILFILL_SMTP_FROM: "t@example.test" };
    const found = await findings({
      DATABASE_URL: room.url,
      TAILFILL_SECRET: SECRET,
      DATABASE_READ_URL: room.url,
      ...smtp,
    });
    expect(of(found, "replica")).toMatchObject([{ state: "warn", says: expect.stringContaining("no standby") }]);
    expect(of(found, "migrations")).toMatchObject([
      { state: "fail", says: expect.stringContaining("29990101000000_later") },
    ]);
    expect(of(found, "clocks of senders")).toMatchObject([
      { state: "warn", says: expect.stringContaining("4 batches") },
    ]);
    expect(of(found, "receivers")).toMatchObject([{ state: "warn", says: "ops was switched off by itself (gone)." }]);
    expect(of(found, "partitions")).toMatchObject([{ state: "fail" }]);
    expect(of(found, "mail server")).toMatchObject([{ state: "ok" }]);
    expect(await contentsOf(room.url)).toEqual(before);
  } finally {
    mail.close();
    await client.end();
    await room.drop();
  }
});

test.skipIf(!process.env["TEST_REDIS_URL"])("a Redis is asked for its version and what it throws away", async () => {
  const room = await testDatabase();
  const env = { DATABASE_URL: room.url, TAILFILL_SECRET: SECRET };
  try {
    const found = await findings({ ...env, REDIS_URL: process.env["TEST_REDIS_URL"]! });
    expect(of(found, "job queue")).toMatchObject([{ says: expect.stringContaining("Redis") }]);
    const away = await findings({ ...env, REDIS_URL: "redis://127.0.0.1:1" });
    expect(of(away, "job queue")).toMatchObject([
      { state: "fail", says: expect.stringContaining("cannot be reached") },
    ]);
  } finally {
    await room.drop();
  }
});

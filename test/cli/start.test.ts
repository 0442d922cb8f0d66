import { createServer } from "node:net";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { familyOf, isRunning, processesWith } from "../support/processes.ts";
import { type ServerProcess, serverSuite } from "../support/server-process.ts";
import { until } from "../support/until.ts";

let suite: Awaited<ReturnType<typeof serverSuite>>;
beforeEach(async () => {
  suite = await serverSuite();
});
afterEach(() => suite.clean());

/** Names, sizes and times of everything directly in the data directory. */
function listing(): string[] {
  const folder = join(suite.folder, "data");
  return readdirSync(folder).map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`);
}

async function timeOf(server: ServerProcess): Promise<number> {
  const began = performance.now();
  await server.over();
  return performance.now() - began;
}

const names = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

async function gone(pids: number[]): Promise<void> {
  await until("every process is gone", () => pids.every((pid) => !isRunning(pid)), 5_000);
  expect(processesWith(suite.folder)).toEqual([]);
}

test("it gets ready, offers the first visit, logs in JSON, and SIGTERM ends all of it", async () => {
  const server = suite.start();
  const url = await server.ready();
  const health = await fetch(`${url}/api/health`);
  expect([health.status, await health.json()]).toEqual([200, expect.objectContaining({ status: "ok" })]);
  await until("the link is printed", () => server.stdout.includes("First visit"));
  expect(server.stdout).toMatch(
    new RegExp(`^tailfill ready: ${url}\\nFirst visit: ${url}/setup\\?token=[\\w-]{20,}\\n$`),
  );
  const family = familyOf(server.pid);
  expect(family.length).toBeGreaterThan(6); // itself, web, worker, PostgreSQL and its own
  const began = performance.now();
  server.signal("SIGTERM");
  expect(await server.over()).toBe(0);
  expect(performance.now() - began).toBeLessThan(10_000);
  const lines = server.stderr.split("\n").filter(Boolean);
  expect(lines.filter((line) => !line.startsWith('{"level":'))).toEqual([]);
  await gone(family);
});

test("what was stored is there after a restart, which takes the secrets along", async () => {
  const first = suite.start();
  await first.ready();
  first.signal("SIGINT");
  expect(await first.over()).toBe(0);
  const before = ["secret", "postgres-password"].map((name) => statSync(join(suite.folder, "data", name)));
  const second = suite.start();
  await second.ready();
  const after = ["secret", "postgres-password"].map((name) => statSync(join(suite.folder, "data", name)));
  expect(after.map(({ mtimeMs }) => mtimeMs)).toEqual(before.map(({ mtimeMs }) => mtimeMs));
  expect(after.map(({ mode }) => mode & 0o777)).toEqual([0o600, 0o600]);
});

test("a second start on the same data directory ends at once, names the holder, and touches nothing", async () => {
  const first = suite.start();
  const url = await first.ready();
  const before = listing();
  const loadingMs = await timeOf(suite.start({ args: ["--no-such-flag"] })); // a busy machine takes long for that
  const second = suite.start();
  expect((await timeOf(second)) - loadingMs).toBeLessThan(1_500);
  expect(second.ended).toBe(1);
  expect(second.stderr).toContain(`is in use by process ${first.pid} since`);
  expect(second.stderr).toContain("--data-dir");
  expect(listing()).toEqual(before);
  expect((await fetch(`${url}/api/health`)).status).toBe(200);
});

test("kill -9 leaves nothing running, and the next start takes over", async () => {
  const first = suite.start();
  await first.ready();
  const family = familyOf(first.pid);
  first.signal("SIGKILL");
  await first.over();
  const second = suite.start();
  await second.ready(20_000);
  expect(family.filter(isRunning)).toEqual([]);
});

test("SIGTERM while it starts ends it cleanly, at any moment", async () => {
  for (const sign of ["postgres-password", "postgres-unfinished-", "postgres/postmaster.pid"]) {
    const data = join(suite.folder, sign.replaceAll("/", "-"));
    const server = suite.start({ args: ["--data-dir", data] });
    const isThere = () => existsSync(join(data, sign)) || names(data).some((name) => name.startsWith(sign));
    await until(`${sign} is there`, isThere);
    const family = familyOf(server.pid);
    server.signal("SIGTERM");
    expect(await server.over()).toBe(0);
    await gone(family);
  }
});

test("a port that is taken is told, and nothing is left", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => other.once("listening", done));
  const { port } = other.address() as { port: number };
  const server = suite.start({ args: ["--port", String(port)] });
  expect(await server.over()).toBe(1);
  other.close();
  expect(server.stderr).toBe(
    `tailfill: Port ${port} on 127.0.0.1 is taken by another program.\n` +
      "Choose another port with --port, or stop the program that holds it.\n",
  );
  expect(processesWith(suite.folder)).toEqual([]);
});

test("bad settings are told all at once, without their values", async () => {
  const env = { TAILFILL_SECRET: "too-short-a-secret", TAILFILL_ADMIN_EMAIL: "nobody", LOG_LEVEL: "loud" };
  const server = suite.start({ args: ["--port", "99999"], env });
  expect(await server.over()).toBe(1);
  for (const name of ["PORT", "TAILFILL_SECRET", "TAILFILL_ADMIN_EMAIL", "LOG_LEVEL"])
    expect(server.stderr).toContain(`  ${name} `);
  expect(server.stderr).not.toMatch(/too-short-a-secret|\n\s+at /);
});

test("an unknown flag and an unknown command are told with the usage", async () => {
  const [flag, command] = [suite.start({ args: ["--prot", "1"] }), suite.start({ args: ["begin"] })];
  expect([await flag.over(), await command.over()]).toEqual([1, 1]);
  for (const server of [flag, command]) expect(server.stderr).toContain("Usage: npm start");
});

test("a data directory that cannot be used is told", async () => {
  writeFileSync(join(suite.folder, "data"), "a file");
  const server = suite.start();
  expect(await server.over()).toBe(1);
  expect(server.stderr).toContain(`${join(suite.folder, "data")} cannot be used: EEXIST`);
});

test("a database that cannot be reached is told, and needs no data directory", async () => {
  const env = { DATABASE_URL: "postgresql://u:hidden@127.0.0.1:1/none", TAILFILL_SECRET: "s".repeat(32) };
  const server = suite.start({ env });
  expect(await server.over()).toBe(1);
  expect(server.stderr).toContain("tailfill: The database cannot be reached");
  expect(server.stderr).not.toMatch(/hidden|\n\s+at /);
  expect(readdirSync(suite.folder)).toEqual([]);
});

test("the first user and the key of the settings are registered", async () => {
  const key = "tf_0123456789012345678901234567890123456789";
  const { checkOf } = await import("@/lib/key-format");
  const apiKey = key + checkOf(key.slice(3));
  const env = {
    TAILFILL_API_KEY: apiKey,
    TAILFILL_ADMIN_EMAIL: "ann@example.com",
    TAILFILL_ADMIN_PASSWORD: "correct horse battery staple",
  };
  const server = suite.start({ env });
  const url = await server.ready();
  const answer = await fetch(`${url}/api/v1/services`, { headers: { authorization: `Bearer ${apiKey}` } });
  expect(answer.status).toBe(200);
  expect(server.stdout).not.toContain("First visit");
  expect(server.stderr).not.toContain(apiKey);
});

test("npm hands its signals to the server itself, not to a shell between", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  for (const name of ["start", "demo", "dev"]) expect(scripts[name]).toBe(`exec node scripts/start.mjs ${name}`);
});

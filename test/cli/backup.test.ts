import { existsSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newApiKey } from "@/lib/key-format";
import { checkBackup } from "@/lib/store/backup/check-backup";
import { BACKUP_LOCK } from "@/lib/store/partitions";
import { ask, contentsOf, tablesOf } from "../support/backups.ts";
import { emptyDatabase, testDatabase, type TestDatabase } from "../support/database.ts";
import { processesWith } from "../support/processes.ts";
import { seed } from "../support/seed.ts";
import { type ServerProcess, serverSuite } from "../support/server-process.ts";
import { StubbornClient } from "../support/stubborn-client.ts";
import { until } from "../support/until.ts";

const KEY = newApiKey();
const SECRET = "a secret of at least thirty-two bytes";
const NOW = Math.floor(Date.now() / 60_000) * 60_000;
let suite: Awaited<ReturnType<typeof serverSuite>>;
beforeAll(async () => {
  suite = await serverSuite();
});
afterAll(() => suite.clean());

async function run(command: string, args: string[], env: Record<string, string> = {}): Promise<ServerProcess> {
  const process = suite.start({ command, args, env });
  await process.over(120_000);
  return process;
}

const at = (name: string) => join(suite.folder, name);

async function countsOf(url: string): Promise<{ route: string; count: number }[]> {
  const answer = await fetch(`${url}/api/v1/endpoints?from=now-1h&to=now`, {
    headers: { Authorization: `Bearer ${KEY}` },
  });
  const { endpoints } = (await answer.json()) as { endpoints: { route: string; count: number }[] };
  return endpoints.map(({ route, count }) => ({ route, count })).sort((a, b) => (a.route < b.route ? -1 : 1));
}

describe("the embedded database", () => {
  let requests = 0;
  let before: { route: string; count: number }[];

  test("is backed up while the server takes in batches; a restore is refused meanwhile", async () => {
    const server = suite.start({ env: { TAILFILL_API_KEY: KEY } });
    const url = await server.ready();
    const client = new StubbornClient({ url, apiKey: KEY });
    const backup = await run("backup", [at("running.backup")]);
    expect([backup.ended, backup.stderr]).toEqual([0, ""]);
    expect(backup.stdout).toMatch(/running\.backup: \d\d tables, \d+ rows, .*\nIt does not hold TAILFILL_SECRET/);
    expect((await stat(at("running.backup"))).mode & 0o777).toBe(0o600);
    const refused = await run("restore", [at("running.backup"), "--replace"]);
    expect([refused.ended, refused.stderr]).toEqual([1, expect.stringMatching(/is in use by process \d+/)]);
    requests = (await client.finish()).requests;
    before = await until("everything is shown", async () => {
      const counts = await countsOf(url);
      return counts.reduce((sum, { count }) => sum + count, 0) === requests ? counts : null;
    });
    server.signal("SIGTERM");
    await server.over();
  });

  test("is backed up while the server is stopped, with its secret, and nothing of it runs afterwards", async () => {
    const backup = await run("backup", [at("stopped.backup"), "--with-secret"]);
    expect([backup.ended, backup.stderr]).toEqual([0, ""]);
    expect(backup.stdout).toContain("It holds TAILFILL_SECRET as well");
    expect(processesWith(suite.folder)).toEqual([]);
  });

  test("comes back in a fresh data directory, and the server on it answers as before", async () => {
    const data = at("fresh");
    const restored = await run("restore", [at("stopped.backup"), "--data-dir", data]);
    expect([restored.ended, restored.stderr]).toEqual([0, ""]);
    expect(restored.stdout).toContain("TAILFILL_SECRET is the one of the backup.");
    expect(await readFile(join(data, "secret"), "utf8")).toBe(await readFile(at("data/secret"), "utf8"));
    const server = suite.start({ args: ["--data-dir", data] });
    expect(await countsOf(await server.ready())).toEqual(before);
    server.signal("SIGTERM");
    await server.over();
  });

  test("without --replace nothing is lost; with it, the data directory is as it was at the backup", async () => {
    const refused = await run("restore", [at("running.backup")]);
    expect([refused.ended, refused.stderr]).toEqual([1, expect.stringContaining("add --replace")]);
    const replaced = await run("restore", [at("running.backup"), "--replace"]);
    expect([replaced.ended, replaced.stderr]).toEqual([0, ""]);
    const server = suite.start();
    const counts = await countsOf(await server.ready());
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(requests);
    server.signal("SIGTERM");
    await server.over();
  });

  test("a file that is no good makes no data directory", async () => {
    await writeFile(at("foreign"), "something else");
    const refused = await run("restore", [at("foreign"), "--data-dir", at("never")]);
    expect([refused.ended, refused.stderr]).toEqual([
      1,
      expect.stringContaining("is no backup of tailfill.\nTake another"),
    ]);
    expect(existsSync(join(at("never"), "postgres"))).toBe(false);
  });
});

describe("a database of one's own", () => {
  let room: TestDatabase;
  let env: Record<string, string>;
  let blocker: Client;

  beforeAll(async () => {
    room = await testDatabase();
    await seed(room.db, { nowMs: NOW, denseMinutes: 10, sparseMinutes: 30 });
    await room.db.$disconnect();
    env = { DATABASE_URL: room.url, TAILFILL_SECRET: SECRET };
    blocker = new Client({ connectionString: room.url });
    await blocker.connect();
  });
  afterAll(async () => {
    await blocker.end();
    await room.drop();
  });

  /** A backup that has begun its file and waits. */
  async function waitingBackup(name: string): Promise<ServerProcess> {
    await blocker.query("SELECT pg_advisory_lock($1)", [BACKUP_LOCK]);
    const process = suite.start({ command: "backup", args: [at(name)], env, isLeader: true });
    await until("the file is begun", async () => (await unfinished()).length > 0);
    return process;
  }

  const unfinished = async () => (await readdir(suite.folder)).filter((name) => name.includes("unfinished"));

  test("a backup that is interrupted leaves nothing", async () => {
    const backup = await waitingBackup("interrupted.backup");
    backup.signal("SIGINT");
    expect(await backup.over()).toBe(1);
    expect(backup.stderr).toContain("interrupted.backup was not written.");
    await blocker.query("SELECT pg_advisory_unlock_all()");
    expect([await unfinished(), existsSync(at("interrupted.backup"))]).toEqual([[], false]);
  });

  test("a backup that is killed leaves no file of that name, and the next one clears what it left", async () => {
    const backup = await waitingBackup("killed.backup");
    backup.killAll();
    await backup.over();
    await blocker.query("SELECT pg_advisory_unlock_all()");
    expect(existsSync(at("killed.backup"))).toBe(false);
    const again = await run("backup", [at("killed.backup")], env);
    expect([again.ended, again.stderr, await unfinished()]).toEqual([0, "", []]);
    await checkBackup(at("killed.backup"));
  });

  test("backups killed at any moment are there whole, or not at all", async () => {
    for (let delayMs = 250; delayMs <= 1_000; delayMs += 150) {
      const file = at(`moment-${delayMs}.backup`);
      const backup = suite.start({ command: "backup", args: [file], env, isLeader: true });
      await pause(delayMs);
      if (backup.ended === undefined) backup.killAll();
      await backup.over();
      if (existsSync(file)) await checkBackup(file);
    }
  });

  test("a restore that is killed while it replaces leaves what was there", async () => {
    const before = await contentsOf(room.url);
    await blocker.query("BEGIN; LOCK TABLE api_key IN ACCESS SHARE MODE");
    const restore = suite.start({ command: "restore", args: [at("killed.backup"), "--replace"], env, isLeader: true });
    await until("it waits amid its transaction", async () => {
      const waiting = await ask(
        room.url,
        "SELECT 1 FROM pg_stat_activity WHERE application_name = 'tailfill-restore' AND wait_event_type = 'Lock'",
      );
      return waiting.length > 0;
    });
    restore.killAll();
    await restore.over();
    await blocker.query("COMMIT");
    await gone(room.url);
    expect(await contentsOf(room.url)).toEqual(before);
  });

  /** The server notices that a client is gone when it next writes to it. */
  const gone = (url: string) =>
    until("the restore's connection is gone", async () => {
      const left = await ask(
        url,
        "SELECT 1 FROM pg_stat_activity WHERE application_name = 'tailfill-restore' AND datname = current_database()",
      );
      return left.length === 0;
    });

  test("restores killed at any moment leave an empty database or a whole one", async () => {
    for (let delayMs = 400; delayMs <= 1_200; delayMs += 200) {
      const target = await emptyDatabase();
      const own = { ...env, DATABASE_URL: target.url };
      const restore = suite.start({ command: "restore", args: [at("killed.backup")], env: own, isLeader: true });
      await pause(delayMs);
      if (restore.ended === undefined) restore.killAll();
      await restore.over();
      await gone(target.url);
      const tables = await tablesOf(target.url);
      if (tables.length > 0) expect(await contentsOf(target.url)).toEqual(await contentsOf(room.url));
      await target.drop();
    }
  });

  test("moves into an embedded one, and is told that the secret is missing there", async () => {
    const restored = await run("restore", [at("killed.backup"), "--data-dir", at("moved")]);
    expect([restored.ended, restored.stderr]).toEqual([0, ""]);
    expect(restored.stdout).toMatch(
      /TAILFILL_SECRET is not the one of the backup: write the one of the backup into .*secret/,
    );
  });
});

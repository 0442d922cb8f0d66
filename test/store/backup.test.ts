import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Transform } from "node:stream";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { systemClock } from "@/lib/clock";
import { endpoints, overview, series, tailUsers, user } from "@/lib/query/index";
import { Folder } from "@/lib/rollup/fold";
import { checkBackup } from "@/lib/store/backup/check-backup";
import { FIRST_LINE } from "@/lib/store/backup/frames";
import { restoreBackup, type RestorePlan } from "@/lib/store/backup/restore-backup";
import { BACKED_UP, FUNCTIONS, LEFT_OUT } from "@/lib/store/backup/tables";
import { writeWhole } from "@/lib/store/backup/whole-file";
import { type BackupPlan, writeBackup } from "@/lib/store/backup/write-backup";
import { openDb } from "@/lib/store/db";
import { prepareEmbedded } from "@/lib/store/embedded";
import { migrate } from "@/lib/store/migrate";
import { dropExpired, ensurePartitions } from "@/lib/store/partitions";
import { ask, contentsOf, tablesOf } from "../support/backups.ts";
import { batchOf } from "../support/batches.ts";
import { emptyDatabase, testDatabase, type TestDatabase } from "../support/database.ts";
import { seed } from "../support/seed.ts";
import { store } from "../support/stored.ts";

const NOW = Math.floor(Date.now() / 60_000) * 60_000;
const SECRET = "a secret of at least thirty-two bytes";
let room: TestDatabase;
let folder: string;
let file: string;
const opened: (() => Promise<void>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tailfill-backup-"));
  room = await testDatabase();
  await seed(room.db, { nowMs: NOW, denseMinutes: 20, sparseMinutes: 100 });
  await fillTheRest();
  file = join(folder, "whole.backup");
  await backUp(room.url, file);
});
afterAll(async () => {
  await room.drop();
  await rm(folder, { recursive: true });
});
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** Something in tables that no traffic fills, and in those that are left out. */
async function fillTheRest(): Promise<void> {
  const { db } = room;
  await store(db, batchOf({ window: { startMs: NOW - 20_000, seconds: 10 } })); // waits to be folded
  await db.user.create({ data: { id: "u1", name: "Ann", email: "ann@example.test" } });
  await db.account.create({
    data: { id: "a1", accountId: "u1", providerId: "credential", userId: "u1", password: "x" },
  });
  await db.session.create({ data: { id: "s1", token: "t1", expiresAt: new Date(NOW + 1e6), userId: "u1" } });
  await db.link.create({ data: { tokenHash: "h", kind: "invitation", expiresAt: new Date(NOW + 1e6) } });
  const receiver = "0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a11";
  await db.alertReceiver.create({
    data: {
      id: receiver,
      name: "ops",
      kind: "webhook",
      shown: "https://…",
      sealed: "sealed",
      createdAt: new Date(NOW),
    },
  });
  for (const [number, state] of ["waiting", "delivered"].entries())
    await db.alertDelivery.create({
      data: {
        id: `0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a2${number}`,
        messageId: `0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a3${number}`,
        receiverId: receiver,
        type: "test",
        state,
        attempts: 1,
        nextAt: state === "waiting" ? new Date(NOW) : null,
        createdAt: new Date(NOW),
      },
    });
}

const backUp = (url: string, to: string, changes: Partial<BackupPlan> = {}) =>
  writeBackup({ url, file: to, secret: SECRET, withSecret: false, clock: systemClock, ...changes });
const restore = (url: string, changes: Partial<RestorePlan> = {}) =>
  restoreBackup({ url, file, replace: false, clock: systemClock, ...changes });

async function empty(): Promise<string> {
  const { url, drop } = await emptyDatabase();
  opened.push(drop);
  return url;
}

/** What pages and programs are answered. */
async function answersOf(url: string): Promise<unknown[]> {
  const db = openDb(url, 3);
  try {
    const scope = { service: "shop", environment: "production", from: "now-3h", to: "now" };
    const range = { ...scope, percentiles: [50, 95, 99, 99.9] };
    const all = (await endpoints(db, range, NOW)) as { endpoints: { id: number }[] };
    const each = await Promise.all(
      all.endpoints.map(async ({ id }) => [
        await series(db, { id, ...range }, NOW),
        await tailUsers(db, { id, ...scope, tail: 95, limit: 1_000 }, NOW),
      ]),
    );
    const found = [all, await overview(db, range, NOW), await user(db, { user: "u_1", ...range, tail: 95 }, NOW), each];
    return JSON.parse(JSON.stringify(found, comparable)) as unknown[];
  } finally {
    await db.$disconnect();
  }
}

/** Without what an answer took; users of equal tails come in any order. */
function comparable(name: string, value: unknown): unknown {
  if (name === "tookMs") return undefined;
  return name === "users" && Array.isArray(value)
    ? value.toSorted((a: { user: string }, b: { user: string }) => (a.user < b.user ? -1 : 1))
    : value;
}

const asLeft = (contents: Record<string, string>) => {
  const { alert_delivery: _, ...rest } = contents; // what waited is put to rest
  return rest;
};

test("every table is in a backup, or left out for a reason", async () => {
  const partitions = await ask<{ name: string }>(
    room.url,
    "SELECT relname AS name FROM pg_class WHERE relispartition AND relkind = 'r'",
  );
  const known = new Set(partitions.map(({ name }) => name));
  const tables = (await tablesOf(room.url)).filter((name) => !known.has(name) && name !== "_prisma_migrations");
  expect([...BACKED_UP, ...Object.keys(LEFT_OUT)].toSorted()).toEqual(tables.toSorted());
});

test("every function is known to who replaces a database", async () => {
  const functions = await ask<{ name: string }>(
    room.url,
    "SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
  );
  expect(functions.map(({ name }) => name)).toEqual([...FUNCTIONS].toSorted());
});

test("a restore into an empty database answers every question as before", async () => {
  const url = await empty();
  const { rows, tables, migrated } = await restore(url);
  expect([rows > 1_000, tables, migrated]).toEqual([true, BACKED_UP.length, []]);
  expect(await answersOf(url)).toEqual(await answersOf(room.url));
  expect(asLeft(await contentsOf(url))).toEqual(asLeft(await contentsOf(room.url)));
  for (const table of Object.keys(LEFT_OUT))
    expect(await ask(url, `SELECT count(*)::int AS n FROM "${table}"`)).toEqual([{ n: 0 }]);
});

test("what waited to be delivered has failed, and what was delivered stays so", async () => {
  const url = await empty();
  await restore(url);
  const rows = await ask(url, "SELECT state, why, next_at AS next FROM alert_delivery ORDER BY id");
  expect(rows).toEqual([
    { state: "failed", why: "restored from a backup", next: null },
    { state: "delivered", why: null, next: null },
  ]);
});

test("the restored database goes on: numbers are not given twice, batches count once, what waited is folded", async () => {
  const url = await empty();
  await restore(url);
  const db = openDb(url, 3);
  opened.unshift(() => db.$disconnect());
  const before = (await db.service.findFirstOrThrow({ orderBy: { id: "desc" } })).id;
  expect(await new Folder(db).fold()).toBe(1);
  const window = { startMs: NOW - 10_000, seconds: 10 };
  const again = batchOf({ window, service: "another" });
  expect([await store(db, again), await store(db, again)]).toEqual(["stored", "duplicate"]);
  await new Folder(db).fold();
  expect((await db.service.findFirstOrThrow({ where: { name: "another" } })).id).toBeGreaterThan(before);
});

test("from outside into an embedded server, and back", async () => {
  const data = await mkdtemp(join(tmpdir(), "tailfill-embedded-"));
  const embedded = await prepareEmbedded(data, { fsync: "off" });
  const server = await embedded.start();
  try {
    await restore(embedded.url);
    expect(await answersOf(embedded.url)).toEqual(await answersOf(room.url));
    const back = join(folder, "back.backup");
    await backUp(embedded.url, back);
    const url = await empty();
    await restore(url, { file: back });
    expect(await contentsOf(url)).toEqual(await contentsOf(embedded.url));
    expect(await answersOf(url)).toEqual(await answersOf(room.url));
  } finally {
    await server.stop();
    embedded.close();
    await rm(data, { recursive: true, force: true });
  }
});

test("a file that is cut off, changed or foreign is refused, and nothing is changed", async () => {
  const url = await empty();
  const bytes = await readFile(file);
  const cuts = [0, 5, FIRST_LINE.length, 200, Math.floor(bytes.length / 2), bytes.length - 9, bytes.length - 1];
  const broken = cuts.map((length) => bytes.subarray(0, length));
  for (const at of [FIRST_LINE.length + 1, 300, Math.floor(bytes.length / 3), bytes.length - 6]) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 0x10;
    broken.push(changed);
  }
  broken.push(Buffer.from("PGDMP something else"), Buffer.concat([Buffer.from(FIRST_LINE), Buffer.alloc(4_000, 7)]));
  for (const [number, content] of broken.entries()) {
    const bad = join(folder, `bad-${number}`);
    await writeFile(bad, content);
    await expect(restore(url, { file: bad }), `file ${number}`).rejects.toMatchObject({ code: "bad_backup" });
  }
  await expect(restore(url, { file: join(folder, "nowhere") })).rejects.toMatchObject({ code: "bad_backup" });
  expect(await tablesOf(url)).toEqual([]);
});

test("a form of the file that is newer is told as that", async () => {
  const newer = join(folder, "newer.backup");
  await writeFile(newer, "tailfill backup 9\nwhatever");
  await expect(restore(await empty(), { file: newer })).rejects.toMatchObject({ code: "backup_too_new" });
});

test("a database with a tailfill in it is refused, and replaced when that is asked for", async () => {
  const other = await testDatabase();
  await seed(other.db, { nowMs: NOW, denseMinutes: 1, service: "old" });
  await other.db.$disconnect();
  try {
    const before = await contentsOf(other.url);
    await expect(restore(other.url)).rejects.toMatchObject({ code: "database_not_empty" });
    expect(await contentsOf(other.url)).toEqual(before);
    await restore(other.url, { replace: true });
    expect(asLeft(await contentsOf(other.url))).toEqual(asLeft(await contentsOf(room.url)));
  } finally {
    await other.drop();
  }
});

test("a database that a tailfill uses is refused", async () => {
  const other = await testDatabase();
  try {
    await other.db.service.count(); // connects
    await expect(restore(other.url, { replace: true })).rejects.toMatchObject({ code: "database_in_use" });
  } finally {
    await other.drop();
  }
});

/** The migrations up to the first so many. */
async function migrationsUpTo(count: number): Promise<string> {
  const some = await mkdtemp(join(folder, "migrations-"));
  const names = (await readdir("prisma/migrations")).filter((name) => /^\d/.test(name)).sort();
  for (const name of [...names.slice(0, count), "migration_lock.toml"])
    await cp(join("prisma/migrations", name), join(some, name), { recursive: true });
  return some;
}

test("a backup of an older version is restored and migrated; one of a newer version is refused", async () => {
  const [old, target, tooOld] = [await empty(), await empty(), await empty()];
  await migrate(old, await migrationsUpTo(3));
  await ask(old, "INSERT INTO service (name) VALUES ('from before')");
  const older = join(folder, "older.backup");
  await backUp(old, older);
  const { migrated } = await restore(target, { file: older });
  const all = (await readdir("prisma/migrations")).filter((name) => /^\d/.test(name)).sort();
  expect(migrated).toEqual(all.slice(3));
  expect(await ask(target, "SELECT id, name FROM service")).toEqual([{ id: 1, name: "from before" }]);
  expect(await migrate(target)).toEqual([]);
  await expect(restore(tooOld, { folder: await migrationsUpTo(3) })).rejects.toMatchObject({ code: "backup_too_new" });
  expect(await tablesOf(tooOld)).toEqual([]);
});

test("while the server writes, a backup is one moment: every total is the sum of its parts", async () => {
  const busy = await testDatabase();
  let stopped = false;
  let stored = 0;
  await ensurePartitions(busy.db, NOW);
  const writing = (async () => {
    const folder = new Folder(busy.db);
    for (; !stopped; stored++) {
      await store(busy.db, batchOf({ window: { startMs: NOW - 60_000 + (stored % 6) * 10_000, seconds: 10 } }));
      if (stored % 3 === 0) await folder.fold();
    }
  })();
  try {
    for (let round = 0; round < 4; round++) {
      const moment = join(folder, `busy-${round}.backup`);
      await backUp(busy.url, moment);
      const url = await empty();
      await restore(url, { file: moment });
      const [{ receipts, waiting }] = (await ask(
        url,
        "SELECT (SELECT count(*) FROM batch_receipt)::int AS receipts, (SELECT count(*) FROM batch)::int AS waiting",
      )) as [{ receipts: number; waiting: number }];
      const db = openDb(url, 2);
      const range = { service: "shop", environment: "production", from: "now-1h", to: "now", percentiles: [50] };
      const answer = (await overview(db, range, NOW)) as unknown as Overview;
      await db.$disconnect();
      const requests = answer.endpoints.reduce((sum, one) => sum + one.count, 0);
      expect([answer.totals.count, requests + waiting]).toEqual([requests, receipts]);
    }
    expect(stored).toBeGreaterThan(8);
  } finally {
    stopped = true;
    await writing;
    await busy.drop();
  }
});

interface Overview {
  totals: { count: number };
  endpoints: { count: number }[];
}

test("partitions that expire stay until a backup is done", async () => {
  const other = await testDatabase();
  const holder = new Client({ connectionString: other.url });
  await holder.connect();
  try {
    await other.db.$executeRaw`CREATE TABLE endpoint_window_10s_20200101 PARTITION OF endpoint_window_10s
      FOR VALUES FROM ('2020-01-01 00:00:00+00') TO ('2020-01-02 00:00:00+00')`;
    await holder.query("SELECT pg_advisory_lock_shared(7243391803)");
    expect(await dropExpired(other.db, NOW)).toEqual([]);
    await holder.query("SELECT pg_advisory_unlock_all()");
    expect(await dropExpired(other.db, NOW)).toEqual(["endpoint_window_10s_20200101"]);
  } finally {
    await holder.end();
    await other.drop();
  }
});

test("the file is for its owner alone, and takes the place of an older backup, but of nothing else", async () => {
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const again = join(folder, "again.backup");
  await cp(file, again);
  await chmod(again, 0o644);
  await backUp(room.url, again);
  expect((await stat(again)).mode & 0o777).toBe(0o600);
  const notes = join(folder, "notes.txt");
  await writeFile(notes, "mine");
  await expect(backUp(room.url, notes)).rejects.toMatchObject({ code: "bad_setting" });
  expect(await readFile(notes, "utf8")).toBe("mine");
  await expect(backUp(room.url, join(folder, "nowhere", "x"))).rejects.toMatchObject({ code: "bad_setting" });
});

test("on a full disk there is no file under the name, and no half one beside it; an older backup stays", async () => {
  const full = new Transform({
    transform(_chunk, _encoding, done) {
      done(Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" }));
    },
  });
  async function* bytes() {
    yield Buffer.alloc(1_000);
  }
  const own = await mkdtemp(join(folder, "full-"));
  const to = join(own, "x.backup");
  await cp(file, to);
  const before = await readFile(to);
  const writing = writeWhole(to, bytes(), { before: Buffer.from(FIRST_LINE), through: full });
  await expect(writing).rejects.toMatchObject({ code: "disk_full" });
  expect(await readdir(own)).toEqual(["x.backup"]);
  expect(await readFile(to)).toEqual(before);
});

test("the secret is in the file only when that is asked for", async () => {
  const plain = await checkBackup(file);
  expect([plain.manifest.secret, plain.manifest.secretMark]).toEqual([null, expect.stringMatching(/^[0-9a-f]{16}$/)]);
  const open = join(folder, "open.backup");
  await backUp(room.url, open, { withSecret: true });
  const { manifest } = await checkBackup(open);
  expect([manifest.secret, manifest.secretMark]).toEqual([SECRET, plain.manifest.secretMark]);
});

test("a database without a tailfill cannot be backed up", async () => {
  const none = join(folder, "none.backup");
  await expect(backUp(await empty(), none)).rejects.toMatchObject({ code: "bad_setting" });
  await expect(stat(none)).rejects.toMatchObject({ code: "ENOENT" });
});

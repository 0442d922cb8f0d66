import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrate } from "@/lib/store/migrate";
import { openDb } from "@/lib/store/db";
import { emptyDatabase } from "../support/database.ts";

const OWN = "prisma/migrations";
let database: Awaited<ReturnType<typeof emptyDatabase>>;
let folder: string;

beforeEach(async () => {
  database = await emptyDatabase();
  folder = await mkdtemp(join(tmpdir(), "tailfill-migrations-"));
  await cp(join(OWN, "migration_lock.toml"), join(folder, "migration_lock.toml"));
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

async function write(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, "migration.sql"), sql);
}

async function rows<T>(sql: string): Promise<T[]> {
  const db = openDb(database.url, 1);
  try {
    return await db.$queryRawUnsafe<T[]>(sql);
  } finally {
    await db.$disconnect();
  }
}

test("an empty database gets every migration once", async () => {
  const names = (await readdir(OWN)).filter((name) => /^\d+_/.test(name));
  expect(await migrate(database.url)).toEqual(names);
  expect(await migrate(database.url)).toEqual([]);
  expect(await rows("SELECT count(*)::int AS n FROM service")).toEqual([{ n: 0 }]);
});

test("of several starts at once one migrates and the others wait", async () => {
  await write("20260101000000_slow", "SELECT pg_sleep(0.3); CREATE TABLE once (id int)");
  const applied = await Promise.all([1, 2, 3].map(() => migrate(database.url, folder)));
  expect(applied.flat()).toEqual(["20260101000000_slow"]);
});

test("semicolons in comments and bodies do not split a migration", async () => {
  await write("20260101000000_body", "-- one; `two`\nDO $$ BEGIN PERFORM 1; CREATE TABLE made (id int); END $$;");
  await migrate(database.url, folder);
  expect(await rows("SELECT count(*)::int AS n FROM made")).toEqual([{ n: 0 }]);
});

test("a failing migration leaves nothing, says which and why, and runs once it is repaired", async () => {
  await write("20260101000000_first", "CREATE TABLE first (id int)");
  await write("20260102000000_broken", "CREATE TABLE half (id int); ALTER TABLE nowhere ADD x int;");
  await write("20260103000000_later", "CREATE TABLE later (id int)");
  for (let start = 0; start < 2; start++)
    await expect(migrate(database.url, folder)).rejects.toMatchObject({
      code: "migration_failed",
      message: expect.stringMatching(/20260102000000_broken .*relation "nowhere" does not exist/) as string,
    });
  expect(await rows("SELECT to_regclass('half')::text AS half, to_regclass('later')::text AS later")).toEqual([
    { half: null, later: null },
  ]);
  await write("20260102000000_broken", "CREATE TABLE half (id int)");
  expect(await migrate(database.url, folder)).toEqual(["20260102000000_broken", "20260103000000_later"]);
});

test("a database that cannot be reached is told as such", async () => {
  await expect(migrate("postgresql://nobody@127.0.0.1:1/none")).rejects.toMatchObject({ code: "database_unavailable" });
});

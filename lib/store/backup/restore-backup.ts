import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "pg";
import type { Clock } from "../../clock.ts";
import { TailfillError } from "../../errors.ts";
import { connectClient } from "../client.ts";
import { openDb } from "../db.ts";
import { migrate, MIGRATION_LOCK, migrationsFolder } from "../migrate.ts";
import { ensurePartitions } from "../partitions.ts";
import { type CheckedBackup, checkBackup } from "./check-backup.ts";
import { type CopyFrom, copyFrom } from "./copy-streams.ts";
import { readFrames } from "./frames.ts";
import { type BackedUpTable, type Manifest } from "./manifest.ts";
import { BACKED_UP, FUNCTIONS, LEFT_OUT, MIGRATIONS_TABLE, PUT_TO_REST } from "./tables.ts";
import { describeTable, type Moved } from "./write-backup.ts";

export interface RestorePlan {
  url: string;
  file: string;
  /** Whether what is in the database now may be lost. */
  replace: boolean;
  clock: Clock;
  /** The migrations of this version; tests have others. */
  folder?: string;
}

export interface Restored extends Moved {
  manifest: Manifest;
  /** Migrations that came after the backup, applied now. */
  migrated: string[];
}

/**
 * Brings a database to what a backup holds. The file is read whole before anything is touched; then all of it happens in one
 * transaction, so that a process that is killed leaves the database as it was. A backup of an older version is restored as it
 * was, and migrated then.
 * @throws TailfillError `bad_backup`, `backup_too_new`, `database_not_empty`, `database_in_use`, `database_unavailable`
 */
export async function restoreBackup(plan: RestorePlan): Promise<Restored> {
  const folder = plan.folder ?? migrationsFolder();
  const checked = await checkBackup(plan.file);
  const scripts = await scriptsOf(checked.manifest, folder);
  const client = await connectClient(plan.url, "tailfill-restore");
  let moved: Moved;
  try {
    await client.query("SET TimeZone = 'UTC'; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0");
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await refuseInUse(client);
    await client.query("BEGIN");
    await makeRoom(client, plan.replace);
    await makeTables(client, checked.manifest, scripts);
    moved = await fillTables(client, checked, plan.file);
    await settle(client, checked.manifest);
    await client.query("COMMIT");
    await client.query("ANALYZE");
  } finally {
    await client.end().catch(() => undefined); // what was not committed is undone with the connection
  }
  return { ...moved, manifest: checked.manifest, migrated: await bringForward(plan, folder) };
}

interface Script {
  name: string;
  checksum: string;
  sql: string;
}

/** The SQL of the backup's migrations. All must be known here, to the letter. */
async function scriptsOf({ migrations, version }: Manifest, folder: string): Promise<Script[]> {
  const known = new Set(await readdir(folder));
  return Promise.all(
    migrations.map(async ({ name, checksum }) => {
      const sql = known.has(name) ? await readFile(join(folder, name, "migration.sql"), "utf8") : null;
      if (sql !== null && createHash("sha256").update(sql).digest("hex") === checksum) return { name, checksum, sql };
      const message = `The backup is of tailfill ${version}, whose database has ${name}, and this tailfill does not know that.`;
      throw new TailfillError("backup_too_new", message);
    }),
  );
}

async function refuseInUse(client: Client): Promise<void> {
  const { rows } = await client.query<{ pids: number[] | null }>(
    `SELECT array_agg(pid ORDER BY pid) AS pids FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'tailfill%'`,
  );
  const pids = rows[0]?.pids ?? [];
  if (pids.length > 0)
    throw new TailfillError("database_in_use", `A tailfill uses this database (connections ${pids.join(", ")}).`);
}

async function makeRoom(client: Client, replace: boolean): Promise<void> {
  const ours = [...BACKED_UP, ...Object.keys(LEFT_OUT), MIGRATIONS_TABLE];
  const { rows } = await client.query<{ table: string }>(
    `SELECT relname AS "table" FROM pg_class WHERE relnamespace = current_schema()::regnamespace
     AND relkind IN ('r', 'p') AND relname = ANY($1)`,
    [ours],
  );
  if (rows.length > 0 && !replace)
    throw new TailfillError("database_not_empty", "There is a tailfill in this database already.");
  for (const { table } of rows) await client.query(`DROP TABLE "${table}" CASCADE`);
  if (rows.length === 0) return;
  await dropFunctions(client);
  await client.query("DROP SCHEMA IF EXISTS bullmq CASCADE"); // its jobs are of what was there
}

async function dropFunctions(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT oid::regprocedure::text AS name FROM pg_proc
     WHERE pronamespace = current_schema()::regnamespace AND proname = ANY($1)`,
    [[...FUNCTIONS]],
  );
  for (const { name } of rows) await client.query(`DROP FUNCTION ${name}`);
}

/** As Prisma makes it. */
const MIGRATIONS_TABLE_SQL = `CREATE TABLE "${MIGRATIONS_TABLE}" (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

/** The tables as they were when the backup was made, partitions included. */
async function makeTables(client: Client, { tables }: Manifest, scripts: readonly Script[]): Promise<void> {
  await client.query(MIGRATIONS_TABLE_SQL);
  for (const { name, checksum, sql } of scripts) {
    await client.query(sql);
    await client.query(
      `INSERT INTO "${MIGRATIONS_TABLE}" (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
  }
  // Migrations begin some tables with a row.
  await client.query(`TRUNCATE ${tables.map(({ table }) => `"${table}"`).join(", ")} CASCADE`);
  for (const { table, partitions } of tables)
    for (const { name, bound } of partitions)
      await client.query(`CREATE TABLE "${name}" PARTITION OF "${table}" ${bound}`);
}

async function fillTables(client: Client, { manifest, ends }: CheckedBackup, file: string): Promise<Moved> {
  const tables = new Map(manifest.tables.map((table) => [table.table, table]));
  const moved: Moved = { tables: 0, rows: 0, bytes: 0 };
  let copy: CopyFrom | undefined;
  for await (const { kind, content } of readFrames(file)) {
    if (kind === "T") copy = await beginTable(client, tables.get(content.toString())!);
    else if (kind === "D") await copy!.write(content);
    else if (kind === "E") {
      const { table, rows, bytes } = ends.get((JSON.parse(content.toString()) as { table: string }).table)!;
      if ((await copy!.finish()) !== rows)
        throw new TailfillError("bad_backup", `${file}: ${table} did not come back with its ${rows} rows.`);
      moved.tables++;
      moved.rows += rows;
      moved.bytes += bytes;
    }
  }
  return moved;
}

/** The binary form has no names: columns must be what they were. */
async function beginTable(client: Client, { table, columns }: BackedUpTable): Promise<CopyFrom> {
  const now = new Map((await describeTable(client, table)).columns.map(({ name, type }) => [name, type]));
  const other = columns.find(({ name, type }) => now.get(name) !== type);
  if (other !== undefined)
    throw new TailfillError("backup_too_new", `The column ${other.name} of ${table} is not what it was in the backup.`);
  return copyFrom(client, `"${table}" (${columns.map(({ name }) => `"${name}"`).join(", ")})`);
}

async function settle(client: Client, { tables, sequences }: Manifest): Promise<void> {
  for (const { table, column, last, isCalled } of sequences)
    await client.query("SELECT setval(pg_get_serial_sequence(quote_ident($1), $2), $3::bigint, $4)", [
      table,
      column,
      last,
      isCalled,
    ]);
  for (const { table, sql } of PUT_TO_REST) if (tables.some((one) => one.table === table)) await client.query(sql);
}

/** As a start does. What fails here fails again there, with the database's message: what was restored stays. */
async function bringForward({ url, clock }: RestorePlan, folder: string): Promise<string[]> {
  const migrated = await migrate(url, folder);
  const db = openDb(url, 1);
  try {
    await ensurePartitions(db, clock.now());
    return migrated;
  } finally {
    await db.$disconnect();
  }
}

import { createHash } from "node:crypto";
import { createGzip } from "node:zlib";
import type { Client } from "pg";
import type { Clock } from "../../clock.ts";
import { TailfillError } from "../../errors.ts";
import { connectClient } from "../client.ts";
import { VERSION } from "../../version.ts";
import { BACKUP_LOCK } from "../partitions.ts";
import { copyTo } from "./copy-streams.ts";
import { FIRST_LINE, frame, PIECE_BYTES } from "./frames.ts";
import { type BackedUpTable, type Manifest, secretMark } from "./manifest.ts";
import { BACKED_UP, MIGRATIONS_TABLE } from "./tables.ts";
import { writeWhole } from "./whole-file.ts";

/** What is dense already gains little, and the database should not wait for the compression. */
const GZIP_LEVEL = 3;

export interface BackupPlan {
  url: string;
  file: string;
  /** The secret in use; `null` when none is known. */
  secret: string | null;
  /** Whether the secret goes into the file. */
  withSecret: boolean;
  clock: Clock;
}

/** What a backup or a restore moved. */
export interface Moved {
  tables: number;
  rows: number;
  /** Of the tables, before compression. */
  bytes: number;
}

/**
 * Writes all that is worth keeping of a database into a file: one state of it, whatever is written meanwhile. Nobody waits for it,
 * but partitions that have expired stay until it is done.
 * @throws TailfillError `database_unavailable`, `disk_full`, `bad_setting` (no tailfill there, or no such place for the file)
 */
export async function writeBackup(plan: BackupPlan): Promise<Moved> {
  const client = await connectClient(plan.url, "tailfill-backup");
  const moved: Moved = { tables: 0, rows: 0, bytes: 0 };
  try {
    const before = Buffer.from(FIRST_LINE, "latin1");
    await writeWhole(plan.file, framesOf(client, plan, moved), { before, through: createGzip({ level: GZIP_LEVEL }) });
    return moved;
  } finally {
    await client.end().catch(() => undefined); // the locks and the snapshot go with the connection
  }
}

async function* framesOf(client: Client, plan: BackupPlan, moved: Moved): AsyncGenerator<Buffer> {
  const tables = await holdTables(client);
  const manifest = await manifestOf(client, plan, tables);
  yield* frame("M", manifest);
  for (const table of manifest.tables) yield* tableFrames(client, table, moved);
  yield* frame("Z", moved);
  await client.query("COMMIT");
}

/** Begins the snapshot. The tables are held first: one that is dropped in between would be missing in it. */
async function holdTables(client: Client): Promise<string[]> {
  await client.query("SET TimeZone = 'UTC'; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0");
  await client.query("SELECT pg_advisory_lock_shared($1)", [BACKUP_LOCK]);
  const { rows } = await client.query<{ table: string }>(
    `SELECT relname AS "table" FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relname = ANY($1)`,
    [[...BACKED_UP, MIGRATIONS_TABLE]],
  );
  const there = new Set(rows.map(({ table }) => table));
  if (!there.has(MIGRATIONS_TABLE)) throw new TailfillError("bad_setting", "There is no tailfill in this database.");
  const tables = BACKED_UP.filter((table) => there.has(table));
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  await client.query(`LOCK TABLE ${tables.map((table) => `"${table}"`).join(", ")} IN ACCESS SHARE MODE`);
  return tables;
}

async function manifestOf(client: Client, plan: BackupPlan, tables: readonly string[]): Promise<Manifest> {
  const migrations = await client.query<{ name: string; checksum: string }>(
    `SELECT migration_name AS name, checksum FROM "${MIGRATIONS_TABLE}"
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  );
  const described: BackedUpTable[] = [];
  for (const table of tables) described.push(await describeTable(client, table));
  return {
    version: VERSION,
    at: new Date(plan.clock.now()).toISOString(),
    migrations: migrations.rows,
    tables: described,
    sequences: await sequencesOf(client, tables),
    secretMark: plan.secret === null ? null : secretMark(plan.secret),
    secret: plan.withSecret ? plan.secret : null,
  };
}

/** A table's columns in order, with their types, and its partitions. */
export async function describeTable(client: Client, table: string): Promise<BackedUpTable> {
  const columns = await client.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = quote_ident($1)::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  );
  const partitions = await client.query<{ name: string; bound: string }>(
    `SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = quote_ident($1)::regclass ORDER BY c.relname`,
    [table],
  );
  return { table, columns: columns.rows, partitions: partitions.rows };
}

/** Read behind the snapshot's beginning: a number that was given away since is only skipped. */
async function sequencesOf(client: Client, tables: readonly string[]): Promise<Manifest["sequences"]> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(
    `SELECT t.relname AS "table", a.attname AS "column", s.oid::regclass::text AS sequence
     FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype = 'a'
       JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
     WHERE s.relkind = 'S' AND t.relnamespace = current_schema()::regnamespace AND t.relname = ANY($1)
     ORDER BY 1, 2`,
    [tables],
  );
  const found: Manifest["sequences"] = [];
  for (const { table, column, sequence } of rows) {
    const state = await client.query<{ last: string; isCalled: boolean }>(
      `SELECT last_value::text AS last, is_called AS "isCalled" FROM ${sequence}`,
    );
    found.push({ table, column, ...state.rows[0]! });
  }
  return found;
}

async function* tableFrames(client: Client, { table, columns }: BackedUpTable, moved: Moved): AsyncGenerator<Buffer> {
  yield* frame("T", Buffer.from(table));
  const hash = createHash("sha256");
  let bytes = 0;
  const list = columns.map(({ name }) => `"${name}"`).join(", ");
  const copy = copyTo(client, `SELECT ${list} FROM "${table}"`);
  for await (const piece of copy.pieces(PIECE_BYTES)) {
    hash.update(piece);
    bytes += piece.length;
    for (let at = 0; at < piece.length; at += PIECE_BYTES) yield* frame("D", piece.subarray(at, at + PIECE_BYTES));
  }
  yield* frame("E", { table, rows: copy.rows, bytes, sha256: hash.digest("hex") });
  moved.tables++;
  moved.rows += copy.rows;
  moved.bytes += bytes;
}

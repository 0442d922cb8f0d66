import { readdir } from "node:fs/promises";
import { lastWindows } from "./last-windows.ts";
import type { Db } from "./db.ts";
import { migrationsFolder } from "./migrate.ts";
import { PARTITIONED, partitionAt, partitionsNeeded } from "./partitions.ts";

/** A database as doctor sees it. Times are the database's own unless their name says otherwise. */
export interface DatabaseFacts {
  /** As in `server_version_num`: 180004. */
  versionNumber: number;
  version: string;
  /** The database's clock less this machine's, milliseconds, and within how much that is known. */
  clockAheadMs: number;
  clockWithinMs: number;
  isStandby: boolean;
  /** Settings that what was acknowledged depends on, and that are not `on`. */
  unsafe: string[];
  isAutovacuumOn: boolean;
  migrations: { missing: string[]; unknown: string[]; unfinished: string[] };
  role: { name: string; isSuperuser: boolean; mayCreate: boolean; ownsTables: boolean; ownsDatabaseOrQueue: boolean };
  connections: { used: number; most: number };
  /** Partitions that rows of now, and of the next days, will want. */
  partitions: { missingNow: string[]; missingAhead: string[] };
  invalidIndexes: string[];
  /** Tables of which much is dead rows. */
  dead: { table: string; dead: number; live: number }[];
  /** Transactions that are open for long, ours excluded. */
  longTransactions: { pid: number; application: string; seconds: number }[];
  /** Transaction numbers used of the two thousand million that there are. */
  transactionAge: number;
  /** Whether a tailfill has its job queue open. */
  isWorkerConnected: boolean;
  /** Whether the job queue's tables are there. */
  hasQueue: boolean;
  /** Services whose last window ends in this machine's future, seconds. */
  ahead: { service: string; environment: string; seconds: number }[];
  /** Batches of the last hour that were refused for their time. */
  refusedForTime: number;
}

const LONG_SECONDS = 300;
const LEAST_DEAD = 20_000;

/** Asks a database, and changes nothing. @param nowMs of this machine, to be asked whenever it is needed */
export async function databaseFacts(db: Db, nowMs: () => number): Promise<DatabaseFacts> {
  const migrations = await migrationFacts(db);
  const isOurs = migrations.missing.length === 0;
  return {
    ...(await serverFacts(db)),
    ...(await clockFacts(db, nowMs)),
    migrations,
    role: await roleFacts(db),
    partitions: isOurs ? await partitionFacts(db, nowMs()) : { missingNow: [], missingAhead: [] },
    ...(await upkeepFacts(db)),
    ahead: isOurs ? await aheadFacts(db, nowMs()) : [],
    refusedForTime: isOurs ? await refusedForTime(db, nowMs()) : 0,
  };
}

async function serverFacts(db: Db) {
  const [row] = await db.$queryRaw<
    Pick<DatabaseFacts, "versionNumber" | "version" | "isStandby" | "unsafe" | "isAutovacuumOn" | "hasQueue">[]
  >`
    SELECT current_setting('server_version_num')::int AS "versionNumber", current_setting('server_version') AS version,
      pg_is_in_recovery() AS "isStandby", current_setting('autovacuum')::bool AS "isAutovacuumOn",
      to_regnamespace('bullmq') IS NOT NULL AS "hasQueue",
      (SELECT coalesce(array_agg(name ORDER BY name), '{}') FROM pg_settings
        WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off') AS unsafe`;
  return row!;
}

/** The middle of the question's way there and back is compared with the database's answer; of three, the quickest. */
async function clockFacts(db: Db, nowMs: () => number): Promise<{ clockAheadMs: number; clockWithinMs: number }> {
  let best = { clockAheadMs: 0, clockWithinMs: Infinity };
  for (let round = 0; round < 3; round++) {
    const askedMs = nowMs();
    const [row] = await db.$queryRaw<{ ms: number }[]>`
      SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms`;
    const withinMs = (nowMs() - askedMs) / 2;
    if (withinMs < best.clockWithinMs)
      best = { clockAheadMs: Math.round(row!.ms - askedMs - withinMs), clockWithinMs: Math.ceil(withinMs) };
  }
  return best;
}

async function migrationFacts(db: Db): Promise<DatabaseFacts["migrations"]> {
  const known = (await readdir(migrationsFolder(), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const [table] = await db.$queryRaw<{ is: boolean }[]>`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS is`;
  if (!table!.is) return { missing: known, unknown: [], unfinished: [] };
  const rows = await db.$queryRaw<{ name: string; done: boolean }[]>`
    SELECT migration_name AS name, finished_at IS NOT NULL AS done FROM _prisma_migrations WHERE rolled_back_at IS NULL`;
  const done = new Set(rows.filter((row) => row.done).map(({ name }) => name));
  return {
    missing: known.filter((name) => !done.has(name)),
    unknown: [...done].filter((name) => !known.includes(name)).sort(),
    unfinished: rows.filter((row) => !row.done).map(({ name }) => name),
  };
}

async function roleFacts(db: Db): Promise<DatabaseFacts["role"]> {
  const [row] = await db.$queryRaw<DatabaseFacts["role"][]>`
    SELECT current_user::text AS name, rolsuper AS "isSuperuser",
      has_schema_privilege(current_schema(), 'CREATE') AS "mayCreate",
      NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
        AND relname IN ('service', 'batch', '_prisma_migrations') AND NOT pg_has_role(relowner, 'USAGE')) AS "ownsTables",
      has_database_privilege(current_database(), 'CREATE') OR to_regnamespace('bullmq') IS NOT NULL AS "ownsDatabaseOrQueue"
    FROM pg_roles WHERE rolname = current_user`;
  return row!;
}

async function partitionFacts(db: Db, nowMs: number): Promise<DatabaseFacts["partitions"]> {
  const rows = await db.$queryRaw<{ name: string }[]>`SELECT relname AS name FROM pg_class
    WHERE relispartition AND relnamespace = current_schema()::regnamespace`;
  const there = new Set(rows.map(({ name }) => name));
  const isMissing = ({ name }: { name: string }) => !there.has(name);
  const now = PARTITIONED.map((table) => partitionAt(table, nowMs)).filter(isMissing);
  const ahead = PARTITIONED.flatMap((table) => partitionsNeeded(table, nowMs))
    .filter(({ fromMs }) => fromMs > nowMs)
    .filter(isMissing);
  return { missingNow: now.map(({ name }) => name), missingAhead: ahead.map(({ name }) => name) };
}

type Upkeep = Pick<
  DatabaseFacts,
  "connections" | "invalidIndexes" | "dead" | "longTransactions" | "transactionAge" | "isWorkerConnected"
>;

async function upkeepFacts(db: Db): Promise<Upkeep> {
  const [row] = await db.$queryRaw<Omit<Upkeep, "dead" | "longTransactions" | "connections">[]>`
    SELECT (SELECT coalesce(array_agg(indexrelid::regclass::text), '{}') FROM pg_index
        WHERE NOT indisvalid AND indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace)
      ) AS "invalidIndexes",
      (SELECT age(datfrozenxid)::float8 FROM pg_database WHERE datname = current_database()) AS "transactionAge",
      EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tailfill-jobs')
        AS "isWorkerConnected"`;
  const [connections] = await db.$queryRaw<{ used: number; most: number }[]>`
    SELECT count(*)::int AS used,
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most
    FROM pg_stat_activity WHERE backend_type = 'client backend'`;
  return {
    ...row!,
    connections: connections!,
    dead: await db.$queryRaw`
      SELECT relname::text AS "table", n_dead_tup::float8 AS dead, n_live_tup::float8 AS live FROM pg_stat_user_tables
      WHERE schemaname = current_schema() AND n_dead_tup > ${LEAST_DEAD} AND n_dead_tup > n_live_tup ORDER BY 2 DESC`,
    longTransactions: await db.$queryRaw`
      SELECT pid::int AS pid, coalesce(application_name, '') AS application,
        extract(epoch FROM now() - xact_start)::float8 AS seconds FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
        AND application_name <> 'tailfill-backup' AND xact_start < now() - make_interval(secs => ${LONG_SECONDS}::float8)
      ORDER BY xact_start`,
  };
}

async function aheadFacts(db: Db, nowMs: number): Promise<DatabaseFacts["ahead"]> {
  return (await lastWindows(db, nowMs)).flatMap(({ service, environment, lastMs }) => {
    const seconds = Math.round(((lastMs ?? 0) - nowMs) / 1_000);
    return seconds > 0 ? [{ service, environment, seconds }] : [];
  });
}

async function refusedForTime(db: Db, nowMs: number): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT coalesce(sum(count), 0)::float8 AS count FROM refusal
    WHERE code = 'time_out_of_range' AND start > ${new Date(nowMs - 3_600_000)}`;
  return row!.count;
}

import type { Connection, Db } from "./db.ts";
import { Prisma } from "./generated/client.ts";
import { ENDPOINT_TIERS, LATEST_SECONDS, type Tier, USER_TIERS } from "./tiers.ts";

const DAY_MS = 86_400_000;
/** Partitions exist this far ahead, so that a worker that was off for some days does not stop ingest. */
const AHEAD_MS = 3 * DAY_MS;
/** Receipts are known for as long as a batch may arrive late, and a day more. */
export const RECEIPTS_KEPT_SECONDS = (3 * DAY_MS) / 1000;
/** Decisions are learned from, and shown, for as long as users are known by the hour. */
export const DECISIONS_KEPT_SECONDS = 35 * (DAY_MS / 1000);
/** Creating a partition waits for readers of the table for so long, then leaves it to the next try. */
const LOCK_LIMIT_MS = 5_000;
/** Any fixed number: two that make partitions at once meet on it. */
const LOCK = 7_243_391_802;
/** A backup holds it, shared, from before its snapshot to its end. */
export const BACKUP_LOCK = 7_243_391_803;

/** A partitioned table, and what its partitions are. */
export interface Partitioned {
  readonly table: string;
  readonly by: "day" | "month";
  readonly keptSeconds: number;
  /** Rows must be rolled up before their partition may go. */
  readonly rolls: boolean;
}

const fromTier = ({ table, partitionBy, keptSeconds }: Tier, rolls: boolean): Partitioned => ({
  table,
  by: partitionBy,
  // A batch that is as late as may be still has to land in the finest tier.
  keptSeconds: Math.max(keptSeconds, LATEST_SECONDS),
  rolls,
});

/** Every partitioned table. */
export const PARTITIONED: readonly Partitioned[] = [
  { table: "batch_receipt", by: "day", keptSeconds: RECEIPTS_KEPT_SECONDS, rolls: false },
  { table: "prefill_decision", by: "day", keptSeconds: DECISIONS_KEPT_SECONDS, rolls: false },
  // The last of them hands on to the totals; behind the last of users there is nothing.
  ...ENDPOINT_TIERS.map((tier) => fromTier(tier, true)),
  ...USER_TIERS.map((tier, place, tiers) => fromTier(tier, place < tiers.length - 1)),
];

export interface Partition {
  name: string;
  fromMs: number;
  toMs: number;
}

/** The partition of a table that holds a moment. */
export function partitionAt({ table, by }: Pick<Partitioned, "table" | "by">, ms: number): Partition {
  const at = new Date(ms);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  const day = by === "day" ? at.getUTCDate() : 1;
  const fromMs = Date.UTC(year, month, day);
  const toMs = by === "day" ? fromMs + DAY_MS : Date.UTC(year, month + 1, 1);
  const digits = new Date(fromMs).toISOString().slice(0, by === "day" ? 10 : 7);
  return { name: `${table}_${digits.replaceAll("-", "")}`, fromMs, toMs };
}

/** The partitions that ingest and roll-up may write to at a moment: from the latest batch accepted to some days ahead. */
export function partitionsNeeded(table: Partitioned, nowMs: number): Partition[] {
  const needed: Partition[] = [];
  const endMs = nowMs + AHEAD_MS;
  for (let ms = nowMs - LATEST_SECONDS * 1000 - DAY_MS; ; ms = needed.at(-1)!.toMs) {
    needed.push(partitionAt(table, ms));
    if (needed.at(-1)!.toMs > endMs) return needed;
  }
}

/** Makes the partitions of a table that hold some moments, as far as they are missing. */
export async function ensurePartitionsAt(db: Db, name: string, moments: readonly number[]): Promise<void> {
  const table = PARTITIONED.find((one) => one.table === name)!;
  const wanted = new Map(moments.map((ms) => partitionAt(table, ms)).map((partition) => [partition.name, partition]));
  await makeMissing(
    db,
    [...wanted.values()].map((partition) => ({ table, partition })),
  );
}

/** Makes the partitions that are missing. Called at start, hourly, and by ingest when one turns out to be missing. */
export async function ensurePartitions(db: Db, nowMs: number): Promise<void> {
  await makeMissing(
    db,
    PARTITIONED.flatMap((table) => partitionsNeeded(table, nowMs).map((partition) => ({ table, partition }))),
  );
}

async function makeMissing(db: Db, wanted: readonly { table: Partitioned; partition: Partition }[]): Promise<void> {
  if (wanted.length === 0) return;
  const there = new Set((await existing(db)).map(({ name }) => name));
  const missing = wanted.filter(({ partition }) => !there.has(partition.name));
  if (missing.length === 0) return;
  await db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`;
      await tx.$executeRaw(Prisma.raw(`SET LOCAL lock_timeout = ${LOCK_LIMIT_MS}`));
      for (const { table, partition } of missing) await tx.$executeRaw(Prisma.raw(creation(table.table, partition)));
    },
    { timeout: 60_000, maxWait: 10_000 },
  );
}

// Names and bounds are made of our own table names and dates: nothing here comes from outside.
const creation = (table: string, { name, fromMs, toMs }: Partition): string =>
  `CREATE TABLE IF NOT EXISTS "${name}" PARTITION OF "${table}" FOR VALUES FROM (${bound(fromMs)}) TO (${bound(toMs)})`;

/** A bound that reads the same as a date (of receipts) and as a moment, whatever the time zone of the connection. */
const bound = (ms: number): string => `'${new Date(ms).toISOString().slice(0, 10)} 00:00:00+00'`;

interface Existing {
  table: string;
  name: string;
}

async function existing(db: Connection): Promise<Existing[]> {
  return db.$queryRaw<Existing[]>`
    SELECT parent.relname AS "table", child.relname AS name
    FROM pg_inherits i JOIN pg_class child ON child.oid = i.inhrelid JOIN pg_class parent ON parent.oid = i.inhparent
    WHERE parent.relname = ANY(${PARTITIONED.map(({ table }) => table)}::text[])
      AND parent.relnamespace = current_schema()::regnamespace`;
}

/** A day more than a partition has to be there: what was just in time for ingest still has to be folded. */
const FOLDING_MS = DAY_MS;
const LONGEST_MS = { day: DAY_MS, month: 31 * DAY_MS } as const;

/** How long after its end a partition is dropped, milliseconds; retention looks every hour. */
export const dropAfterMs = ({ keptSeconds }: Pick<Partitioned, "keptSeconds">): number =>
  keptSeconds * 1000 + FOLDING_MS;

/** How old rows are, seconds, when their partition is dropped whole: its youngest, and its oldest. */
export function ageAtDrop({ by, keptSeconds }: Partitioned): [youngest: number, oldest: number] {
  const youngest = keptSeconds + FOLDING_MS / 1000;
  return [youngest, youngest + LONGEST_MS[by] / 1000];
}

/**
 * Drops partitions whose time is over. One that still holds rows that the next tier does not have stays until they are
 * rolled up, and all stay while a backup is under way. Returns the names of the dropped.
 */
export async function dropExpired(db: Db, nowMs: number): Promise<string[]> {
  const there = await existing(db);
  const dropped: string[] = [];
  for (const table of PARTITIONED) {
    const oldest = partitionAt(table, nowMs - dropAfterMs(table)).name;
    const expired = there.filter((one) => one.table === table.table && one.name < oldest).map(({ name }) => name);
    for (const name of expired.sort()) if (await dropPartition(db, table, name)) dropped.push(name);
  }
  return dropped;
}

async function dropPartition(db: Db, table: Partitioned, name: string): Promise<boolean> {
  return db.$transaction(
    async (tx) => {
      if (await isBackedUp(tx)) return false;
      await tx.$executeRaw(Prisma.raw(`SET LOCAL lock_timeout = ${LOCK_LIMIT_MS}`));
      // The whole table first, as everybody who reads or writes it does: in the other order two would wait for each other.
      // From here on no fold can add a late part between the look and the drop.
      await tx.$executeRaw(Prisma.raw(`LOCK TABLE "${table.table}" IN ACCESS EXCLUSIVE MODE`));
      if (table.rolls && (await hasUnrolled(tx, name))) return false;
      await tx.$executeRaw(Prisma.raw(`DROP TABLE "${name}"`));
      return true;
    },
    { timeout: 60_000, maxWait: 10_000 },
  );
}

/** Whether a backup is under way: it holds every table, and who waited for one would keep everybody else waiting behind. */
async function isBackedUp(tx: Connection): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ free: boolean }[]>`SELECT pg_try_advisory_xact_lock(${BACKUP_LOCK}) AS free`;
  return !row!.free;
}

async function hasUnrolled(db: Connection, name: string): Promise<boolean> {
  const [row] = await db.$queryRaw<{ found: boolean }[]>(
    Prisma.raw(`SELECT EXISTS (SELECT 1 FROM "${name}" WHERE NOT rolled) AS found`),
  );
  return row?.found ?? false;
}

/** Whether an insert failed because no partition holds its day. */
export function isPartitionMissing(error: unknown): boolean {
  return error instanceof Error && error.message.includes("no partition of relation");
}

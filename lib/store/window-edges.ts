import type { Connection } from "./db.ts";
import { eachEndpointWindow } from "./endpoint-pack.ts";
import { Prisma } from "./generated/client.ts";
import type { StoredPartition } from "./stored-partitions.ts";
import { ENDPOINT_TIERS, USER_TIERS } from "./tiers.ts";

/** The start of the first window and the end of the last of a table, Unix milliseconds. */
export interface Edges {
  oldestMs: number;
  newestMs: number;
}

/** Rows of other tables have a moment, and no windows. */
const MOMENTS: Record<string, string> = { batch_receipt: "day", prefill_decision: "at" };
/** Rows of a span that are looked into: of more endpoints, it is as good as sure that one has the span's first and last window. */
const ROWS = 200;

/**
 * What a partitioned table reaches from and to; `null` when it is empty. Only its oldest and its newest partition that holds
 * anything are read: no index begins with the time.
 */
export async function edgesOf(
  db: Connection,
  table: string,
  partitions: readonly StoredPartition[],
): Promise<Edges | null> {
  const used = partitions.filter((one) => one.table === table && one.isUsed);
  let oldestMs: number | null = null;
  let newestMs: number | null = null;
  for (const { name } of used) if ((oldestMs = await edge(db, table, { name, which: "min" })) !== null) break;
  for (const { name } of used.toReversed())
    if ((newestMs = await edge(db, table, { name, which: "max" })) !== null) break;
  return oldestMs === null || newestMs === null ? null : { oldestMs, newestMs };
}

interface Place {
  /** Of the partition: a name of our own, partitions are made by tailfill alone. */
  name: string;
  which: "min" | "max";
}

async function edge(db: Connection, table: string, { name, which }: Place): Promise<number | null> {
  const column = MOMENTS[table] ?? "start";
  const [row] = await db.$queryRawUnsafe<{ ms: number | null }[]>(
    `SELECT (extract(epoch FROM ${which}(${column})) * 1000)::float8 AS ms FROM "${name}"`,
  );
  const ms = row?.ms ?? null;
  if (ms === null) return null;
  const endpoints = ENDPOINT_TIERS.find((tier) => tier.table === table);
  if (endpoints !== undefined) return edgeWithin(db, { name, which, ms, windowMs: endpoints.windowSeconds * 1_000 });
  const users = USER_TIERS.find((tier) => tier.table === table);
  return which === "min" || users === undefined ? ms : ms + users.windowSeconds * 1_000;
}

/** A row of endpoints packs a span: which of its windows is the first, or the last, stands in it. */
async function edgeWithin(
  db: Connection,
  { name, which, ms, windowMs }: Place & { ms: number; windowMs: number },
): Promise<number> {
  const rows = await db.$queryRaw<{ payload: Uint8Array }[]>`
    SELECT payload FROM ${Prisma.raw(`"${name}"`)} WHERE start = ${new Date(ms)} LIMIT ${ROWS}::int`;
  const offsets: number[] = [];
  for (const { payload } of rows) eachEndpointWindow(payload, (offset) => offsets.push(offset));
  const offset = offsets.length === 0 ? 0 : which === "min" ? Math.min(...offsets) : Math.max(...offsets) + 1;
  return ms + offset * windowMs;
}

import { randomBytes } from "node:crypto";
import type { Bulk, Writer } from "./bulk.ts";
import { whole } from "./copy-out.ts";
import type { Connection } from "./db.ts";
import { Prisma } from "./generated/client.ts";
import type { Reader } from "./snapshot.ts";
import type { WindowTable } from "./tiers.ts";
import type { UserChunk } from "./user-pack.ts";

/** A part of an endpoint's span: it adds to the other parts of the same span. */
export interface EndpointPart {
  endpointId: number;
  /** Start of the span. */
  startMs: number;
  rolled: boolean;
  payload: Uint8Array;
}

/** A part of an endpoint's users in one window, in chunks sorted by key. */
export interface UserPart {
  endpointId: number;
  startMs: number;
  rolled: boolean;
  chunks: readonly UserChunk[];
}

/** Rows of one statement: Prisma's cost grows faster than the number of its parameters. */
const ROWS_AT_ONCE = 50;

/**
 * A number for a new part. Two that are made at the same time, anywhere, do not meet. A part is never changed once it is written,
 * only replaced by others: who has added up some parts may keep the sum for as long as they are there.
 */
const newPart = (): bigint => randomBytes(8).readBigUInt64BE() >> 1n;

/** Adds parts to an endpoint table. */
export async function insertEndpointParts(
  tx: Writer,
  tier: WindowTable,
  parts: readonly EndpointPart[],
): Promise<void> {
  const rows = parts.map(
    (part) =>
      Prisma.sql`(${part.endpointId}::int, ${new Date(part.startMs)}, ${newPart()}, ${part.rolled}, ${part.payload})`,
  );
  await insert(tx, Prisma.raw(`INSERT INTO "${tier.table}" (endpoint_id, start, part, rolled, payload)`), rows);
}

/** Adds parts to a user table. */
export async function insertUserParts(tx: Writer, tier: WindowTable, parts: readonly UserPart[]): Promise<void> {
  const rows = parts.flatMap(({ endpointId, startMs, rolled, chunks }) => {
    const part = newPart();
    const start = new Date(startMs);
    return chunks.map(
      ({ keyLow, keyHigh, users, payload }) =>
        Prisma.sql`(${endpointId}::int, ${start}, ${part}, ${keyLow}, ${keyHigh}, ${users}::int, ${rolled}, ${payload})`,
    );
  });
  const columns = "(endpoint_id, start, part, key_low, key_high, users, rolled, payload)";
  await insert(tx, Prisma.raw(`INSERT INTO "${tier.table}" ${columns}`), rows);
}

async function insert(tx: Writer, into: Prisma.Sql, rows: readonly Prisma.Sql[]): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    await tx.$executeRaw(Prisma.sql`${into} VALUES ${Prisma.join(rows.slice(from, from + ROWS_AT_ONCE))}`);
}

/** A span (or window of users) that has parts which the next tier does not have yet. */
export interface UnrolledGroup {
  endpointId: number;
  startMs: number;
  /** Parts that are not rolled up yet. */
  parts: number;
  /** Bytes of all its parts. */
  bytes: number;
}

/**
 * The groups worth rolling up: those with at least `mostParts` parts, and those whose span ended before `settledMs`.
 * Oldest first.
 */
export async function unrolledGroups(
  db: Connection,
  tier: WindowTable,
  policy: { mostParts: number; settledMs: number },
): Promise<UnrolledGroup[]> {
  const settled = new Date(policy.settledMs - tier.spanSeconds * 1000);
  return db.$queryRaw<UnrolledGroup[]>(Prisma.sql`
    SELECT endpoint_id AS "endpointId", (extract(epoch FROM start) * 1000)::float8 AS "startMs",
      count(DISTINCT part)::int AS parts, sum(octet_length(payload))::float8 AS bytes
    FROM ${Prisma.raw(`"${tier.table}"`)} WHERE NOT rolled GROUP BY endpoint_id, start
    HAVING count(DISTINCT part) >= ${policy.mostParts}::int OR start <= ${settled}
    ORDER BY start, endpoint_id`);
}

/** First half of the advisory locks that claim an endpoint's groups of a tier; the tier's place is added. */
const GROUP_LOCKS = 7_243_400;

/** Claims endpoints of a table for this transaction; those that another transaction holds are left out. */
export async function claimEndpoints(tx: Reader, table: number, ids: readonly number[]): Promise<Set<number>> {
  const rows = await tx.$queryRaw<{ id: number }[]>`
    SELECT id FROM unnest(${[...ids]}::int[]) id WHERE pg_try_advisory_xact_lock(${GROUP_LOCKS + table}::int, id)`;
  return new Set(rows.map(({ id }) => id));
}

/** As `claimEndpoints`, but waits for who holds them: of all of them, in one order for all. */
export async function holdEndpoints(tx: Writer, table: number, ids: readonly number[]): Promise<void> {
  await tx.$executeRaw`
    SELECT pg_advisory_xact_lock(${GROUP_LOCKS + table}::int, id) FROM
      (SELECT id FROM unnest(${[...ids]}::int[]) id ORDER BY id) held`;
}

/** A row of an endpoint or user table, as roll-up reads it. */
export interface StoredRow {
  endpointId: number;
  startMs: number;
  part: bigint;
  rolled: boolean;
  payload: Uint8Array;
}

export type GroupKey = Pick<UnrolledGroup, "endpointId" | "startMs">;

/** All rows of groups, in the order of endpoint, start, part, and (of users) key. */
export async function readGroups(tx: Bulk, tier: WindowTable, groups: readonly GroupKey[]): Promise<StoredRow[]> {
  const ids = groups.map(({ endpointId }) => whole(endpointId)).join(",");
  const starts = groups.map(({ startMs }) => new Date(startMs).toISOString()).join(",");
  const copied = await tx.copy(`
    SELECT endpoint_id, (extract(epoch FROM start) * 1000)::float8, part, rolled, payload FROM "${tier.table}"
    WHERE (endpoint_id, start) IN (SELECT * FROM unnest('{${ids}}'::int4[], '{${starts}}'::timestamptz[]))
    ORDER BY endpoint_id, start, part${tier.table.startsWith("user") ? ", key_low" : ""}`);
  const rows: StoredRow[] = [];
  while (copied.next())
    rows.push({
      endpointId: copied.int(),
      startMs: copied.float(),
      part: copied.bigint(),
      rolled: copied.boolean(),
      payload: copied.blob(),
    });
  return rows;
}

/** Those of some groups that have more rolled parts than so many. */
export async function crowdedGroups(
  tx: Reader,
  tier: WindowTable,
  { groups, moreThan }: { groups: readonly GroupKey[]; moreThan: number },
): Promise<GroupKey[]> {
  if (groups.length === 0) return [];
  return tx.$queryRaw<GroupKey[]>(Prisma.sql`
    SELECT endpoint_id AS "endpointId", (extract(epoch FROM start) * 1000)::float8 AS "startMs"
    FROM ${Prisma.raw(`"${tier.table}"`)} WHERE rolled AND (endpoint_id, start) IN (SELECT * FROM unnest(
      ${groups.map((g) => g.endpointId)}::int[], ${groups.map((g) => new Date(g.startMs))}::timestamptz[]))
    GROUP BY endpoint_id, start HAVING count(DISTINCT part) > ${moreThan}::int ORDER BY 1, 2`);
}

export type PartKey = Pick<StoredRow, "endpointId" | "startMs" | "part">;

/** Removes parts: those that were read, and no others that were added since. */
export async function deleteParts(tx: Writer, tier: WindowTable, parts: readonly PartKey[]): Promise<void> {
  await tx.$executeRaw(Prisma.sql`
    DELETE FROM ${Prisma.raw(`"${tier.table}"`)} WHERE (endpoint_id, start, part) IN (SELECT * FROM unnest(
      ${parts.map((p) => p.endpointId)}::int[], ${parts.map((p) => new Date(p.startMs))}::timestamptz[],
      ${parts.map((p) => p.part)}::bigint[]))`);
}

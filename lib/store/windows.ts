import type { Connection } from "./db.ts";
import { Prisma } from "./generated/client.ts";
import { ENDPOINT_TIERS, USER_TIERS } from "./tiers.ts";

/**
 * Reading windows. Every sample is counted exactly once in: the rows of tier T, and the rows of finer tiers that are
 * not `rolled` yet. Both are read in one statement, so that a roll-up in between can neither hide nor double a sample.
 */

/** Which windows: those whose rows overlap `fromMs` ≤ t < `toMs` (Unix milliseconds), of these endpoints, as tier `tier` has them. */
export interface WindowQuestion {
  /** Place in `ENDPOINT_TIERS` or `USER_TIERS`. */
  tier: number;
  endpointIds: readonly number[];
  fromMs: number;
  toMs: number;
}

/** A row of an endpoint table: see `eachEndpointWindow`. */
export interface EndpointRow {
  /** Place in `ENDPOINT_TIERS` of the row's own tier: at most the tier asked for. It says how wide its windows are. */
  tier: number;
  endpointId: number;
  /** Start of the span; window `offset` starts `offset` × the tier's `windowSeconds` later. */
  startMs: number;
  payload: Uint8Array;
}

/** A row of a user table: see `eachUser` and `findUser`. */
export interface UserRow {
  /** Place in `USER_TIERS` of the row's own tier. */
  tier: number;
  endpointId: number;
  /** Start of the window. */
  startMs: number;
  /** Rows of one part hold users in ascending ranges of keys; parts of a window add up. */
  part: bigint;
  keyLow: bigint;
  keyHigh: bigint;
  users: number;
  payload: Uint8Array;
}

/** The rows that hold the endpoints' windows. They may reach beyond the range by the rest of their span. */
export async function readEndpointRows(db: Connection, question: WindowQuestion): Promise<EndpointRow[]> {
  if (question.endpointIds.length === 0) return [];
  const selects = ENDPOINT_TIERS.slice(0, question.tier + 1).map(
    ({ table, spanSeconds }, tier) => Prisma.sql`
      SELECT ${tier}::int AS tier, endpoint_id AS "endpointId", ${milliseconds} AS "startMs", payload
      FROM ${Prisma.raw(table)} WHERE ${within(question, spanSeconds)} AND ${ownOrUnrolled(tier, question.tier)}`,
  );
  const rows = await db.$queryRaw<EndpointRow[]>(Prisma.join(selects, " UNION ALL "));
  return rows;
}

/**
 * The rows that hold the endpoints' users, ordered by endpoint, window, part and key.
 * With `key`, only those that may hold that user.
 */
export async function readUserRows(db: Connection, question: WindowQuestion & { key?: bigint }): Promise<UserRow[]> {
  if (question.endpointIds.length === 0) return [];
  const { key } = question;
  const hasKey = key === undefined ? Prisma.sql`TRUE` : Prisma.sql`key_low <= ${key} AND key_high >= ${key}`;
  const selects = USER_TIERS.slice(0, question.tier + 1).map(
    ({ table, spanSeconds }, tier) => Prisma.sql`
      SELECT ${tier}::int AS tier, endpoint_id AS "endpointId", ${milliseconds} AS "startMs", part, key_low AS "keyLow",
        key_high AS "keyHigh", users, payload
      FROM ${Prisma.raw(table)}
      WHERE ${within(question, spanSeconds)} AND ${hasKey} AND ${ownOrUnrolled(tier, question.tier)}`,
  );
  return db.$queryRaw<UserRow[]>(Prisma.sql`${Prisma.join(selects, " UNION ALL ")} ORDER BY 2, 3, 4, 5`);
}

const milliseconds = Prisma.sql`(extract(epoch FROM start) * 1000)::float8`;

function within({ endpointIds, fromMs, toMs }: WindowQuestion, spanSeconds: number): Prisma.Sql {
  const after = new Date(fromMs - spanSeconds * 1000);
  return Prisma.sql`endpoint_id = ANY(${[...endpointIds]}::int[]) AND start > ${after} AND start < ${new Date(toMs)}`;
}

function ownOrUnrolled(tier: number, asked: number): Prisma.Sql {
  return tier === asked ? Prisma.sql`TRUE` : Prisma.sql`NOT rolled`;
}

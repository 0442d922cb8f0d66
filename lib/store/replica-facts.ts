import type { Db } from "./db.ts";
import { connectClient } from "./client.ts";

/** A read replica as doctor sees it. */
export type ReplicaFacts =
  | { reachable: false; why: string }
  | { reachable: true; isStandby: boolean; /** Log that it has not replayed yet, bytes. */ behindBytes: number };

/** Asks a replica how far it is behind the database, and changes nothing. */
export async function replicaFacts(db: Db, url: string): Promise<ReplicaFacts> {
  const [primary] = await db.$queryRaw<{ at: string }[]>`
    SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)::text AS at`;
  try {
    const client = await connectClient(url);
    try {
      const { rows } = await client.query<{ isStandby: boolean; behindBytes: number }>(
        `SELECT pg_is_in_recovery() AS "isStandby",
           greatest(0, coalesce(pg_wal_lsn_diff($1::pg_lsn, pg_last_wal_replay_lsn()), 0))::float8 AS "behindBytes"`,
        [primary!.at],
      );
      return { reachable: true, ...rows[0]! };
    } finally {
      await client.end();
    }
  } catch (error) {
    return { reachable: false, why: error instanceof Error ? error.message : String(error) };
  }
}

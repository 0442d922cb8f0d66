import type { Connection, Db } from "./db.ts";

/** A question that needs longer than this is given up, so that it does not hold a connection for good. */
const SNAPSHOT_LIMIT_MS = 30_000;
const CONNECTION_WAIT_MS = 5_000;

/**
 * Runs several reads on one state of the database: what is folded or rolled up in between is seen by none of them.
 * Read only; fetch inside, compute outside, since the connection is held meanwhile.
 */
export function snapshot<Result>(db: Db, read: (connection: Connection) => Promise<Result>): Promise<Result> {
  return db.$transaction(read, {
    isolationLevel: "RepeatableRead",
    maxWait: CONNECTION_WAIT_MS,
    timeout: SNAPSHOT_LIMIT_MS,
  });
}

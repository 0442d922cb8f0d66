import type { Db } from "./db.ts";
import type { Prisma } from "./generated/client.ts";
import { plainTransaction } from "./plain-transaction.ts";
import type { Snapshot } from "./snapshot.ts";

/** Something that carries out statements: Prisma's client, a transaction of it, or a bulk transaction. */
export interface Writer {
  /** Gives the number of rows. */
  $executeRaw(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]): PromiseLike<number>;
}

/** A transaction for megabytes of histograms. */
export interface Bulk extends Snapshot, Writer {}

/** A process that hangs in the middle would keep its claims for ever, and what they cover would never be folded. */
const IDLE_LIMIT_MS = 120_000;

/**
 * Runs a transaction that reads and writes histograms by the megabyte, past Prisma: it would turn their bytes into text and back
 * on either way, which costs more than adding them up. Everything else goes through Prisma.
 */
export async function bulk<Result>(db: Db, work: (tx: Bulk) => Promise<Result>): Promise<Result> {
  return plainTransaction(db, ["BEGIN", `SET LOCAL idle_in_transaction_session_timeout = ${IDLE_LIMIT_MS}`], work);
}

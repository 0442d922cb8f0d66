import type { CopiedRows, CopySlabs } from "./copy-out.ts";
import type { Db } from "./db.ts";
import type { Prisma } from "./generated/client.ts";
import { plainTransaction } from "./plain-transaction.ts";

/** Something that answers statements: Prisma's client, a transaction of it, or a snapshot. */
export interface Reader {
  $queryRaw<Result>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]): PromiseLike<Result>;
}

/** One state of the database. */
export interface Snapshot extends Reader {
  /**
   * The rows of a select without parameters, in binary: for what is large. Nothing from outside may be in the text.
   * They lie in `slabs` when given, in memory of their own otherwise.
   */
  copy(select: string, slabs?: CopySlabs): Promise<CopiedRows>;
}

/**
 * Runs several reads on one state of the database: what is folded or rolled up in between is seen by none of them.
 * Fetch inside and compute outside, since the connection is held meanwhile.
 */
export async function snapshot<Result>(db: Db, read: (snapshot: Snapshot) => Promise<Result>): Promise<Result> {
  return plainTransaction(db, ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"], read);
}

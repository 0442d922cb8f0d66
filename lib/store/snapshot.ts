import type { PoolClient } from "pg";
import { CopiedRows, CopyOut, type CopySlabs } from "./copy-out.ts";
import type { Db } from "./db.ts";
import { isDatabaseDown } from "./failure.ts";
import { Prisma } from "./generated/client.ts";
import { readPoolOf } from "./read-pool.ts";

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
  const client = await readPoolOf(db).connect();
  let broken: Error | undefined;
  const onError = (error: Error) => (broken = error);
  client.on("error", onError);
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const result = await read(on(client));
    await client.query("COMMIT");
    return result;
  } catch (error) {
    // Who does not answer will not roll back either: the connection is given up, and with it the transaction.
    if (isDatabaseDown(error)) onError(error as Error);
    else await client.query("ROLLBACK").catch(onError);
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}

function on(client: PoolClient): Snapshot {
  return {
    async $queryRaw<Result>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) {
      const { text, values: all } = "raw" in query ? Prisma.sql(query as TemplateStringsArray, ...values) : query;
      return (await client.query(text, all)).rows as Result;
    },
    async copy(select, slabs) {
      return new CopiedRows(await client.query(new CopyOut(select, slabs)).received);
    },
  };
}

import type { PoolClient } from "pg";
import type { Bulk } from "./bulk.ts";
import { CopiedRows, CopyOut } from "./copy-out.ts";
import type { Db } from "./db.ts";
import { isDatabaseDown } from "./failure.ts";
import { Prisma } from "./generated/client.ts";
import { readPoolOf } from "./read-pool.ts";

/** Runs a transaction on a connection of pg's own. `begin`: the statements that open it. */
export async function plainTransaction<Result>(
  db: Db,
  begin: readonly string[],
  work: (tx: Bulk) => Promise<Result>,
): Promise<Result> {
  const client = await readPoolOf(db).connect();
  let broken: Error | undefined;
  const onError = (error: Error) => (broken = error);
  client.on("error", onError);
  try {
    for (const statement of begin) await client.query(statement);
    const result = await work(on(client));
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

function on(client: PoolClient): Bulk {
  const ask = (query: TemplateStringsArray | Prisma.Sql, values: unknown[]) => {
    const { text, values: all } = "raw" in query ? Prisma.sql(query as TemplateStringsArray, ...values) : query;
    return client.query(text, all);
  };
  return {
    $queryRaw: async <Result>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) =>
      (await ask(query, values)).rows as Result,
    $executeRaw: async (query, ...values) => (await ask(query, values)).rowCount ?? 0,
    copy: async (select, slabs) => new CopiedRows(await client.query(new CopyOut(select, slabs)).received),
  };
}

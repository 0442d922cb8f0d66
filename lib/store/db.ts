import { PrismaPg } from "@prisma/adapter-pg";
import { config } from "../config.ts";
import { TailfillError } from "../errors.ts";
import { PrismaClient } from "./generated/client.ts";
import { attachReadPool } from "./read-pool.ts";

export type Db = PrismaClient;
/** A connection inside `db.$transaction(async (tx) => …)`, or the pool itself. */
export type Connection = Omit<Db, "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends">;

const POOL_SIZE = 10;
/** Longer waits for a connection than this are answered with 503 instead of piling up. */
const CONNECT_LIMIT_MS = 3_000;
/** No statement of ours should run this long; the limit keeps a page from holding the pool. */
const STATEMENT_LIMIT_MS = 30_000;
/** A database that hangs keeps no limit of its own: after this the connection is given up. */
const ANSWER_LIMIT_MS = STATEMENT_LIMIT_MS + 2_000;

/** Opens a pool of connections to the database. The caller ends it with `$disconnect`. */
export function openDb(connectionString: string, poolSize = POOL_SIZE): Db {
  const adapter = new PrismaPg(
    {
      connectionString,
      max: poolSize,
      connectionTimeoutMillis: CONNECT_LIMIT_MS,
      statement_timeout: STATEMENT_LIMIT_MS,
      query_timeout: ANSWER_LIMIT_MS,
      application_name: "tailfill",
    },
    { onPoolError: () => undefined }, // an idle connection that the server closed is replaced at the next use
  );
  return attachReadPool(new PrismaClient({ adapter }), {
    connectionString,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    statement_timeout: STATEMENT_LIMIT_MS,
    query_timeout: ANSWER_LIMIT_MS,
  });
}

// Next.js may evaluate a module more than once in a process (dev reload, separate bundles); one pool must serve all.
const shared = globalThis as typeof globalThis & { tailfillDb?: Db };

/**
 * The database of this process.
 * @throws TailfillError `bad_setting` when no address is configured (`start` gives the embedded one to its children).
 */
export function db(): Db {
  if (shared.tailfillDb === undefined) {
    const url = config().databaseUrl;
    if (url === undefined)
      throw new TailfillError(
        "bad_setting",
        "DATABASE_URL is not set, and this process was not started by `npm start`.",
      );
    shared.tailfillDb = openDb(url);
  }
  return shared.tailfillDb;
}

/** Ends the pool of this process, if there is one. */
export async function closeDb(): Promise<void> {
  await shared.tailfillDb?.$disconnect();
  delete shared.tailfillDb;
}

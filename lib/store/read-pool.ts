import pg from "pg";
import type { Db } from "./db.ts";

/** Connections for questions, beside Prisma's own: a page that asks for megabytes must not wait behind small statements. */
const CONNECTIONS = 5;
const IDLE_MS = 30_000;

export interface ReadPoolOptions {
  connectionString: string;
  connectionTimeoutMillis: number;
  statement_timeout: number;
  query_timeout: number;
}

// Next.js may evaluate this module more than once in a process; the pool goes with the client, whoever looks.
const POOL = Symbol.for("tailfill.readPool");
type WithPool = Db & { [POOL]?: pg.Pool };

/** Gives a client its read pool. Nothing connects before the first question; `$disconnect` ends both. */
export function attachReadPool(client: Db, options: ReadPoolOptions): Db {
  const pool = new pg.Pool({
    ...options,
    max: CONNECTIONS,
    idleTimeoutMillis: IDLE_MS,
    allowExitOnIdle: true,
    application_name: "tailfill",
  });
  pool.on("error", () => undefined); // an idle connection that the server closed is replaced at the next use
  const disconnect = client.$disconnect.bind(client);
  client.$disconnect = async () => {
    if (!pool.ended) await pool.end();
    await disconnect();
  };
  (client as WithPool)[POOL] = pool;
  return client;
}

export function readPoolOf(client: Db): pg.Pool {
  const pool = (client as WithPool)[POOL];
  if (pool === undefined) throw new Error("This client was not made by openDb.");
  return pool;
}

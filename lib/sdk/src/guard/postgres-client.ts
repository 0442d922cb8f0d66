import { ANSWER_MS, APPLICATION_NAME, GuardRefused, STATEMENT_MS } from "./database.ts";

/** What is used of `pg`, so that an app without it can compile what names this package's types. */
export interface PgClient {
  connect(): Promise<unknown>;
  query<Row>(text: string, values?: readonly unknown[]): Promise<{ rows: Row[] }>;
  end(): Promise<void>;
  on(event: "error", tell: (error: Error) => void): unknown;
}

interface PgModule {
  Client: new (config: Record<string, unknown>) => PgClient;
}

const SETTINGS: [name: string, value: string][] = [
  // The address may name another one.
  ["application_name", APPLICATION_NAME],
  ["statement_timeout", `${STATEMENT_MS}ms`],
  ["lock_timeout", "1s"],
  // Identities are texts: two connections must write a time alike.
  ["DateStyle", "ISO, YMD"],
  ["TimeZone", "UTC"],
  // When the guard's machine is gone, its lock must not stay with a connection that nobody has.
  ["tcp_keepalives_idle", "10"],
  ["tcp_keepalives_interval", "5"],
  ["tcp_keepalives_count", "3"],
];

/** A connection of the guard's own. `onLost` is told when it breaks while nothing is asked. */
export async function connectPostgres(url: string, onLost: (error: Error) => void): Promise<PgClient> {
  const { Client } = await loadPg();
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
  });
  client.on("error", onLost);
  try {
    await client.connect();
    const calls = SETTINGS.map(([name, value]) => `set_config('${name}', '${value}', false)`);
    await client.query(`SELECT ${calls.join(", ")}`);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

async function loadPg(): Promise<PgModule> {
  try {
    // Safe: what is used of it is checked by the tests against the version that is installed.
    const module = (await import("pg")) as unknown as PgModule & { default?: PgModule };
    return module.default ?? module;
  } catch {
    throw new GuardRefused("the package pg is missing: npm install pg");
  }
}

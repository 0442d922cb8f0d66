import { GuardRefused, type GuardDatabase } from "./database.ts";
import { connectPostgres, type PgClient } from "./postgres-client.ts";
import { cancelOnceSeen } from "./self-test.ts";

/** Longer than it takes to find it, shorter than the guard waits for an answer. */
const SLEEP = "SELECT pg_sleep(4)";

/**
 * Stops a statement of the guard's own, on a second connection, by the very way that others are stopped.
 * @throws GuardRefused when that does not work: behind a pooler, for one, which gives the statement another connection
 */
export async function testPostgres(url: string, database: GuardDatabase): Promise<void> {
  let lost: Error | undefined;
  const client = await connectPostgres(url, (error) => (lost = error));
  try {
    await client.query("SET statement_timeout = 0");
    const pid = await pidOf(client);
    const ended = client.query(SLEEP).then(
      () => "it ran to its end",
      (error: Error & { code?: string }) => error.code ?? error.message,
    );
    await cancelOnceSeen(database, pid, SLEEP, ended);
    const how = await ended;
    if (how !== "57014" || lost)
      throw new GuardRefused(`the self-test failed: a pg_sleep of its own was to be cancelled (57014): ${how}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function pidOf(client: PgClient): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  return rows[0]?.pid ?? 0;
}

import type { GuardDatabase } from "./database.ts";
import type { Signal } from "./follow.ts";
import { connectPostgres, type PgClient } from "./postgres-client.ts";
import { ADVISED_TIMEOUTS, POWERS, refuseUnfit, timeoutNotes, type PostgresRole } from "./postgres-role.ts";
import { testPostgres } from "./postgres-self-test.ts";
import { ACTIVITY, BLOCKING, LEAD, ROLE, SIGNAL, TIMEOUTS } from "./postgres-sql.ts";
import type { Blocking, Identity, Self, Session } from "./session.ts";

/** Connects, looks whether the role is fit, and tests that a signal works. */
export async function openPostgres(url: string, onLost: (error: Error) => void): Promise<GuardDatabase> {
  const client = await connectPostgres(url, onLost);
  try {
    const role = await roleOf(client);
    refuseUnfit(role);
    const found = await client.query<{ name: string; value: string }>(TIMEOUTS, [Object.keys(ADVISED_TIMEOUTS)]);
    const database = new PostgresDatabase(client, role, timeoutNotes(role.role, found.rows));
    await testPostgres(url, database);
    return database;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

async function roleOf(client: PgClient): Promise<PostgresRole> {
  const { rows } = await client.query<PostgresRole>(ROLE, [POWERS]);
  const [role] = rows;
  if (role === undefined) throw new Error("the database does not say who the guard is");
  return role;
}

class PostgresDatabase implements GuardDatabase {
  readonly dialect = "postgresql";
  readonly self: Self;
  readonly notes: readonly string[];
  readonly #client: PgClient;
  readonly #role: PostgresRole;

  constructor(client: PgClient, role: PostgresRole, notes: readonly string[]) {
    this.#client = client;
    this.#role = role;
    this.self = { pid: role.pid, role: role.role, database: role.database };
    this.notes = notes;
  }

  async lead(name: string): Promise<boolean> {
    const { rows } = await this.#client.query<{ leads: boolean }>(LEAD, [name]);
    return rows[0]?.leads === true;
  }

  async activity(overMs: number): Promise<Session[]> {
    return (await this.#client.query<Session>(ACTIVITY, [overMs])).rows;
  }

  async blocking(pids: readonly number[]): Promise<Blocking[]> {
    return (await this.#client.query<Blocking>(BLOCKING, [pids])).rows;
  }

  async signal(signal: Signal, { pid, backendStart, queryStart }: Identity): Promise<boolean> {
    const { roleId, databaseId } = this.#role;
    const values = [pid, backendStart, queryStart, roleId, databaseId];
    const { rows } = await this.#client.query<{ sent: boolean }>(SIGNAL[signal], values);
    return rows[0]?.sent === true;
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}

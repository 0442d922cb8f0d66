import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { inject } from "vitest";
import { createGuard, type Guard, type GuardOptions, type GuardOutcome, type GuardRecord } from "@/lib/sdk/src/guard";
import { emptyDatabase } from "@/test/support/database";
import { sql } from "@/test/support/global-setup";
import { until } from "@/test/support/until";

export interface Shop {
  /** The app's own role, in its own database. */
  url: string;
  role: string;
  /** Another role, in the same database. */
  otherUrl: string;
  /** Whoever runs the database. */
  adminUrl: string;
  admin(statement: string): Promise<void>;
  remove(): Promise<void>;
}

/** A database with the role of an app, that of another one, and nothing else. */
export async function shop(): Promise<Shop> {
  const { url: adminUrl, drop } = await emptyDatabase();
  const role = `guard_app_${randomBytes(4).toString("hex")}`;
  const other = `${role}_other`;
  const admin = (statement: string) => sql(adminUrl, statement);
  for (const name of [role, other]) await admin(`CREATE ROLE ${name} LOGIN PASSWORD 's3cret-${name}'`);
  await admin(`ALTER DATABASE ${new URL(adminUrl).pathname.slice(1)} OWNER TO ${role}`);
  const remove = async () => {
    await drop();
    for (const name of [role, other]) await sql(inject("postgresUrl"), `DROP ROLE ${name}`);
  };
  return { url: as(adminUrl, role), role, otherUrl: as(adminUrl, other), adminUrl, admin, remove };
}

function as(url: string, role: string): string {
  const address = new URL(url);
  address.username = role;
  address.password = `s3cret-${role}`;
  return address.href;
}

export interface App {
  client: Client;
  pid: number;
  /** Runs a statement, and gives the code it failed with, or `done`. */
  run(statement: string): Promise<string>;
}

/** A connection of an app. What is left of it is closed with its suite. */
export async function app(url: string, cleanup: (() => unknown)[], name = "shop"): Promise<App> {
  const client = new Client({ connectionString: url, application_name: name });
  client.on("error", () => undefined);
  await client.connect();
  cleanup.push(() => client.end().catch(() => undefined));
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const run = (statement: string) =>
    client.query(statement).then(
      () => "done",
      (error: { code?: string; message: string }) => error.code ?? error.message,
    );
  return { client, pid: rows[0]!.pid, run };
}

export interface Watched {
  guard: Guard;
  records: GuardRecord[];
  outcomes: GuardOutcome[];
  notes: string[];
  errors: string[];
  /** `action reason` of what was told of a process. */
  about(pid: number): string[];
}

/** A guard in a hurry, and all that it tells. */
export async function watched(
  options: Partial<GuardOptions> & { databaseUrl: string },
  cleanup: (() => unknown)[],
): Promise<Watched> {
  const records: GuardRecord[] = [];
  const outcomes: GuardOutcome[] = [];
  const notes: string[] = [];
  const errors: string[] = [];
  const guard = createGuard({
    every: 0.1,
    over: 0.3,
    onKill: (record) => records.push(record),
    onReport: (record) => records.push(record),
    onOutcome: (outcome) => outcomes.push(outcome),
    onNote: (note) => notes.push(note),
    onError: ({ message }) => errors.push(message),
    ...options,
  });
  cleanup.push(() => guard.stop());
  await guard.ready;
  const about = (pid: number) =>
    records.filter((record) => record.pid === pid).map(({ action, reason }) => `${action} ${reason}`);
  return { guard, records, outcomes, notes, errors, about };
}

/** Waits until a process runs a statement that waits, sleeps or works. */
export async function active(url: string, pid: number, forSeconds = 0): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await until(`${pid} is active`, async () => {
      const { rows } = await client.query(
        `SELECT FROM pg_stat_activity WHERE pid = $1 AND state = 'active'
           AND clock_timestamp() - query_start >= make_interval(secs => $2)`,
        [pid, forSeconds],
      );
      return rows.length > 0;
    });
  } finally {
    await client.end();
  }
}

export const ascending = (one: number, other: number): number => one - other;

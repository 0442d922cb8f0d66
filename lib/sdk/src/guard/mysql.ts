import { GuardRefused, STATEMENT_MS, type GuardDatabase } from "./database.ts";
import type { Signal } from "./follow.ts";
import { connectMysql, type MysqlClient } from "./mysql-client.ts";
import { mysqlTimeoutNotes, refusePowers } from "./mysql-role.ts";
import { testMysql } from "./mysql-self-test.ts";
import { activitySql, GRANTS, LEAD, signalSql, WHO, type Flavour } from "./mysql-sql.ts";
import type { Blocking, Identity, Self, Session } from "./session.ts";

interface Who {
  version: string;
  role: string;
  database: string | null;
  knowsNames: number;
}

export interface MysqlOptions {
  onLost: (error: Error) => void;
  /** Whether the policy goes by names of applications. */
  needsNames: boolean;
  /** Default: as the server says. MariaDB understands both. */
  flavour?: Flavour;
}

/** Connects, looks whether the user is fit, and tests that a signal works. */
export async function openMysql(url: string, options: MysqlOptions): Promise<GuardDatabase> {
  const client = await connectMysql(url, options.onLost);
  try {
    const [who] = await client.rows<Who>(WHO);
    if (who === undefined) throw new Error("the database does not say who the guard is");
    const isMariadb = /mariadb/i.test(who.version);
    await refuseUnfit(client, who, options);
    const notes = await mysqlTimeoutNotes(client, isMariadb ? "mariadb" : "mysql", who.role);
    await client.rows(
      isMariadb ? `SET max_statement_time = ${STATEMENT_MS / 1_000}` : `SET max_execution_time = ${STATEMENT_MS}`,
    );
    const database = new MysqlDatabase(client, who, options.flavour ?? (isMariadb ? "mariadb" : "mysql"), notes);
    await testMysql(url, database);
    return database;
  } catch (error) {
    client.close();
    throw error;
  }
}

async function refuseUnfit(client: MysqlClient, who: Who, { needsNames }: MysqlOptions): Promise<void> {
  const grants = await client.rows<Record<string, string>>(GRANTS);
  refusePowers(
    who.role,
    grants.flatMap((row) => Object.values(row)),
  );
  if (who.database === null) throw new GuardRefused("the address names no database");
  if (needsNames && !who.knowsNames)
    throw new GuardRefused(
      "this server does not tell names of applications (performance_schema is off): leave --application-name out",
    );
}

/** What a row lacks of a session: only own threads that run a statement are asked for. */
const COMMON = { backendType: "client backend", state: "active", hasWritten: false, isUpkeep: false, blockedBy: [] };

type Row = Omit<Session, keyof typeof COMMON | "backendStart">;

class MysqlDatabase implements GuardDatabase {
  readonly dialect = "mysql";
  readonly self: Self;
  readonly notes: readonly string[];
  readonly #client: MysqlClient;
  readonly #flavour: Flavour;
  readonly #activitySql: string;
  #overMs = 0;

  constructor(client: MysqlClient, who: Who, flavour: Flavour, notes: readonly string[]) {
    this.#client = client;
    this.#flavour = flavour;
    this.#activitySql = activitySql(flavour, Boolean(who.knowsNames));
    this.self = { pid: client.pid, role: who.role, database: who.database ?? "" };
    this.notes = notes;
  }

  async lead(name: string): Promise<boolean> {
    const [row] = await this.#client.rows<{ leads: number }>(LEAD, [name]);
    return row?.leads === 1;
  }

  async activity(overMs: number): Promise<Session[]> {
    this.#overMs = overMs;
    const rows = await this.#client.rows<Row>(this.#activitySql, [this.self.role, overMs]);
    return rows.map((row) => ({
      ...row,
      ...flags(row),
      ...COMMON,
      backendStart: String(row.pid),
      ageMs: Number(row.ageMs),
    }));
  }

  /** Who holds a lock is not shown to users without PROCESS. */
  async blocking(): Promise<Blocking[]> {
    return [];
  }

  async signal(signal: Signal, identity: Identity): Promise<boolean> {
    try {
      if (signal === "cancel" && this.#flavour === "mariadb") return await this.#cancelById(identity);
      return await this.#checkAndKill(signal, identity);
    } catch (error) {
      if (NOT_THERE.has((error as { errno?: number }).errno ?? 0)) return false;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  /** MariaDB gives no number twice: this can hit no other statement. */
  async #cancelById({ queryStart }: Identity): Promise<boolean> {
    await this.#client.rows(`KILL QUERY ID ${BigInt(queryStart)}`);
    return true;
  }

  async #checkAndKill(signal: Signal, { pid, queryStart }: Identity): Promise<boolean> {
    const sql = signalSql(this.#flavour, signal === "cancel" ? "KILL QUERY" : "KILL CONNECTION", pid);
    const results = await this.#client.rows<{ sent: number }[]>(sql, [this.self.role, this.#overMs, pid, queryStart]);
    return results.at(-1)?.[0]?.sent === 1;
  }
}

/** There is no such statement, or no such connection. */
const NOT_THERE = new Set([1957, 1094]);

function flags({ isCut, waitsForLock, hasAdvisoryLock }: Row) {
  return { isCut: Boolean(isCut), waitsForLock: Boolean(waitsForLock), hasAdvisoryLock: Boolean(hasAdvisoryLock) };
}

import type { StatementWork } from "../database/statement-work.ts";

/** What is used of a connection's protocol level, the same in pg 8.11 to 8.23. */
export interface Wire {
  stream: { cork?(): void; uncork?(): void; destroy(): void };
  parsedStatements?: Record<string, string | undefined>;
  submittedNamedStatements?: Record<string, string | undefined>;
  parse(statement: { text: string }): void;
  bind(values: object): void;
  execute(portal: object): void;
  prependListener(event: "readyForQuery", tell: (message: { status?: string }) => void): unknown;
}

/** The client, as far as limits need it. */
export interface LimitedClient {
  connection?: Wire;
  pipeline?: boolean;
  _txStatus?: string | null;
}

/** What is known of a connection between two statements. All but `status` is of the transaction that is open. */
export class ConnectionState {
  /** As the database says: `I` idle, `T` in a transaction, `E` in one that failed. */
  status: string | undefined;
  /** The limit that the transaction has, by us. */
  budgetMs: number | undefined;
  /** Whether the app has set one for it. */
  hasOwnLimit = false;
  hasWritten = false;

  constructor(client: LimitedClient, wire: Wire) {
    this.status = "_txStatus" in client ? (client._txStatus ?? "I") : undefined;
    // Before the client's own, which sends the next statement.
    wire.prependListener("readyForQuery", ({ status }) => this.#ready(status));
  }

  /** A statement is sent now. */
  note(text: string, work: StatementWork): void {
    if (work === "write" || work === "other") this.hasWritten = true;
    if (work !== "control") return;
    if (OWN_LIMIT.test(text)) this.hasOwnLimit = true;
    // What was set since the savepoint is undone.
    if (ROLLBACK.test(text)) this.budgetMs = undefined;
  }

  /** The limit to send along with a statement. A transaction is told once. */
  limitFor(work: StatementWork, budgetMs: number | undefined): number | undefined {
    if (budgetMs === undefined || (work !== "read" && work !== "write")) return undefined;
    if (this.status === "I") return budgetMs;
    return this.status === "T" && this.budgetMs === undefined && !this.hasOwnLimit ? budgetMs : undefined;
  }

  #ready(status: string | undefined): void {
    this.status = status;
    if (status !== "I") return;
    this.budgetMs = undefined;
    this.hasOwnLimit = false;
    this.hasWritten = false;
  }
}

const OWN_LIMIT = /^(?:\s|\/\*[^]*?\*\/)*set\b[^]*\bstatement_timeout\b/i;
const ROLLBACK = /^(?:\s|\/\*[^]*?\*\/)*rollback\b/i;

const states = new WeakMap<object, ConnectionState>();

/** Undefined for a client that is none of pg's own, or that sends statements ahead of answers. */
export function stateOf(client: LimitedClient): ConnectionState | undefined {
  const { connection } = client;
  if (connection === undefined || client.pipeline || typeof connection.prependListener !== "function") return undefined;
  const known = states.get(client);
  if (known !== undefined) return known;
  const state = new ConnectionState(client, connection);
  states.set(client, state);
  return state;
}

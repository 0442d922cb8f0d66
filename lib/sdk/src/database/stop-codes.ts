import { endpointOfError, stoppedOf, type Stopped } from "./stopped.ts";

/** What an error says of a statement that was stopped while it ran. */
export interface Stop {
  /** The database's own: see `CODES`. */
  code: string;
  message: string;
  /** Why this process has stopped it. */
  stopped: Stopped | undefined;
  /** Where the statement came from, as far as the wrapper has seen it. */
  endpoint: string | undefined;
}

/** Of these the database itself says that a limit of its own was reached: `max_statement_time`, `max_execution_time`. */
const TIMEOUTS = new Set(["1969", "3024"]);
const CODES = new Set(["57014", "57P01", "1317", ...TIMEOUTS]);
/** PostgreSQL gives 57014 to both; the words are the server's language, so other words say nothing. */
const TIMEOUT_WORDS = /statement timeout/;

/** Whether a limit has ended it: the endpoint's budget, or one of the database. */
export function isTimeout({ code, message, stopped }: Stop): boolean {
  return stopped?.by === "timeout" || TIMEOUTS.has(code) || (stopped === undefined && TIMEOUT_WORDS.test(message));
}

/** Prisma wraps the driver's error, and apps wrap Prisma's. */
const DEEPEST = 6;

/** Undefined for an error that says no such thing. */
export function stopIn(error: unknown, outer: Partial<Stop> = {}, depth = 0): Stop | undefined {
  if (typeof error !== "object" || error === null || depth > DEEPEST) return undefined;
  const stopped = outer.stopped ?? stoppedOf(error);
  const endpoint = outer.endpoint ?? endpointOfError(error);
  const fields = error as Record<string, unknown>;
  const code = [fields["code"], fields["errno"], fields["originalCode"]].map(String).find((text) => CODES.has(text));
  if (code !== undefined) {
    const message = [fields["message"], fields["originalMessage"]].map(String).join(" ");
    return { code, message, stopped, endpoint };
  }
  for (const inner of [fields["meta"], fields["driverAdapterError"], fields["cause"]]) {
    const found = stopIn(inner, { stopped, endpoint }, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

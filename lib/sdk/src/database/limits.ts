import { milliseconds, type Duration } from "../duration.ts";
import { warnOnce } from "../registry.ts";
import type { StatementWork } from "./statement-work.ts";

/** What ends statements before their time; nothing of it is on unless asked for. Of pg only, also below Prisma. */
export interface LimitOptions {
  /**
   * How long each statement of an endpoint may run: `{ "GET /report": "30s", "JOB mail": "1m", default: "2s" }`. Seconds, or a
   * text; 0 is no limit. Statements of no request and no job have none.
   */
  budgets?: Readonly<Record<string, Duration>>;
  /** Cancels the statement that runs for a request whose response closes before its end. */
  cancelOnAbort?: boolean | CancelOptions;
}

export interface CancelOptions {
  /** Only of these, as `GET /report`. Default: of all. */
  endpoints?: readonly string[];
  /** Also statements that write, and reads of a transaction that has written. Default false. */
  writes?: boolean;
}

/** The options, read. */
export interface Limits {
  /** Milliseconds; undefined for no limit. */
  budgetOf(endpoint: string | undefined): number | undefined;
  /** Whether a request's statement may be cancelled. Undefined when none may. */
  cancels: ((endpoint: string | undefined, work: StatementWork) => boolean) | undefined;
}

/** PostgreSQL takes no more. */
const LONGEST_MS = 2_147_483_647;

/** Undefined when nothing is asked for. What makes no sense is left out, and said once. */
export function readLimits({ budgets, cancelOnAbort }: LimitOptions): Limits | undefined {
  if (budgets === undefined && !cancelOnAbort) return undefined;
  const known = new Map(Object.entries(budgets ?? {}).flatMap(([endpoint, budget]) => read(endpoint, budget)));
  const usual = known.get("default");
  known.delete("default");
  return {
    budgetOf(endpoint) {
      const own = endpoint === undefined ? usual : (known.get(endpoint) ?? usual);
      return own === 0 ? undefined : own;
    },
    cancels: cancelOnAbort ? cancelling(cancelOnAbort === true ? {} : cancelOnAbort) : undefined,
  };
}

function read(endpoint: string, budget: Duration): [string, number][] {
  const ms = milliseconds(budget);
  if (ms !== undefined) return [[endpoint, Math.min(ms, LONGEST_MS)]];
  warnOnce(`budget ${endpoint}`, `the budget of ${endpoint} is no time such as "2s": it has none`);
  return [];
}

function cancelling({ endpoints, writes = false }: CancelOptions): NonNullable<Limits["cancels"]> {
  const only = endpoints && new Set(endpoints);
  return (endpoint, work) =>
    (work === "read" || (writes && work === "write")) && (only === undefined || only.has(endpoint ?? ""));
}

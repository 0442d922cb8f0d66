import type { Client, Pool } from "pg";
import { readLimits, type LimitOptions } from "../database/limits.ts";
import type { AskOptions } from "./query.ts";
import {
  tapClient,
  tapClientClass,
  tapPool,
  tapPoolClass,
  type AnyClient,
  type AnyPool,
  type ClientClass,
  type PoolClass,
} from "./tap.ts";

export { about } from "../counts/about.ts";
export type { Count, CountDefaults, CountKind, CountOptions, CountReason } from "../counts/count.ts";
export { onCounts, type CountsListener, type ToldCount } from "../counts/listeners.ts";
export { approximateCount } from "./count.ts";
export type { CountedStatement, Statements } from "../database/counts.ts";
export { expectStatements, TooManyStatementsError } from "../database/expect.ts";
export type { CancelOptions, LimitOptions } from "../database/limits.ts";
export { statementId } from "../database/statement-id.ts";
export { onStatements, statementsOf, type EndedRequest, type StatementsListener } from "../database/listeners.ts";
export { repeatedStatements, type RepeatedOptions, type RepeatedStatement } from "../repeats/process-repeats.ts";

export interface TapOptions extends LimitOptions {
  /** Whether statements say in a leading comment where they come from. Default true. */
  comment?: boolean;
}

/**
 * A pool of pg, or its class, whose statements are counted by request and say where they come from; once for the whole
 * codebase: `export const pool = tailfillPool(new pg.Pool({ connectionString }))`. Gives back the pool that it was given.
 */
export function tailfillPool<Given extends Pool | typeof Pool>(pool: Given, options: TapOptions = {}): Given {
  const tap = askOptions(options);
  // Safe: what is used of it is the same in all versions of pg, and typed in ./tap.ts.
  if (typeof pool === "function") {
    return tapPoolClass(pool as unknown as PoolClass, tap) as unknown as Given;
  }
  return tapPool(pool as unknown as AnyPool, tap) as unknown as Given;
}

/** The same for a client of pg, or its class, where there is no pool. */
export function tailfillClient<Given extends Client | typeof Client>(client: Given, options: TapOptions = {}): Given {
  const tap = askOptions(options);
  if (typeof client === "function") {
    return tapClientClass(client as unknown as ClientClass, tap) as unknown as Given;
  }
  return tapClient(client as unknown as AnyClient, tap) as unknown as Given;
}

function askOptions(options: TapOptions): AskOptions {
  return { comment: options.comment ?? true, counts: true, limits: readLimits(options) };
}

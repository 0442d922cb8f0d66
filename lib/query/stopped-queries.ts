import type { Connection } from "../store/db.ts";
import { firstKills, type Signal, signalsIn, type SignalsAsk } from "../store/insight-signals.ts";
import { databaseRoute } from "../wire/index.ts";

/** A statement that a query guard stopped, or would have stopped. */
export interface StoppedQuery extends Pick<Signal, "action" | "ageMs" | "endpoint" | "statementId" | "statement"> {
  /** Of the first signal that it got, Unix ms. */
  atMs: number;
}

/** What is asked of a moment. */
export interface StoppedAsk {
  /** Without: the whole service, and what names no endpoint too. */
  endpoint: { method: string; route: string } | null;
  /** Whether what a dry run would have stopped counts. */
  includeDryRuns: boolean;
  windowSeconds: number;
  /** The end of the window, which does not belong to it. */
  atMs: number;
}

export interface StoppedSeen {
  /** Whether guards had told of anything by then. */
  told: boolean;
  count: number;
  /** The last of them, the last first. */
  last: StoppedQuery[];
}

const MOST_LAST = 5;
/** More of a scope are not looked at: the last count. The server keeps 10,000 of a day. */
const MOST_READ = 100_000;
/** Before a stretch: whoever did not heed a cancel is terminated after the guard's grace, which is seconds. */
const LOOKED_BACK_MS = 600_000;

/** What guards stopped in a stretch of one service and environment, to be asked about its moments. */
export class StoppedQueries {
  private readonly lists = new Map<string, StoppedQuery[]>();

  /**
   * @param firstToldMs when a guard first told of anything; `null`: never
   * @param stopped the first first
   */
  constructor(
    private readonly firstToldMs: number | null,
    stopped: readonly StoppedQuery[],
  ) {
    for (const one of stopped) {
      this.add(null, true, one);
      if (one.endpoint !== null) this.add(one.endpoint, true, one);
      if (one.action === "would_cancel") continue;
      this.add(null, false, one);
      if (one.endpoint !== null) this.add(one.endpoint, false, one);
    }
  }

  private add(endpoint: string | null, includeDryRuns: boolean, one: StoppedQuery): void {
    const key = keyOf(endpoint, includeDryRuns);
    const list = this.lists.get(key);
    if (list === undefined) this.lists.set(key, [one]);
    else list.push(one);
  }

  at({ endpoint, includeDryRuns, windowSeconds, atMs }: StoppedAsk): StoppedSeen {
    const list = this.lists.get(keyOf(endpoint === null ? null : databaseRoute(endpoint), includeDryRuns)) ?? [];
    const [from, to] = [placeOf(list, atMs - windowSeconds * 1_000), placeOf(list, atMs)];
    const last = list.slice(Math.max(from, to - MOST_LAST), to).reverse();
    return { told: this.firstToldMs !== null && this.firstToldMs < atMs, count: to - from, last };
  }
}

const keyOf = (endpoint: string | null, includeDryRuns: boolean) =>
  endpoint === null ? `${includeDryRuns}` : `${includeDryRuns} ${endpoint}`;

/** The place of the first that is not before a moment. */
function placeOf(list: readonly StoppedQuery[], ms: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.atMs < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Statements by their signals, the first first: one that did not heed its cancel and was terminated is one statement, stopped when it was
 * cancelled, and has the last action. Pure.
 */
export function statementsOf(signals: readonly Signal[]): StoppedQuery[] {
  const cancelled = new Map<string, StoppedQuery>();
  const stopped: StoppedQuery[] = [];
  for (const { pid, atMs, action, ageMs, endpoint, statementId, statement } of signals) {
    const key = `${pid} ${statementId}`;
    const before = action === "terminate" ? cancelled.get(key) : undefined;
    if (before !== undefined) {
      Object.assign(before, { action, ageMs });
      cancelled.delete(key);
      continue;
    }
    const one: StoppedQuery = { atMs, action, ageMs, endpoint, statementId, statement };
    if (action === "cancel") cancelled.set(key, one);
    stopped.push(one);
  }
  return stopped;
}

/** What guards stopped in a stretch each of some scopes, by scope: two statements, however many scopes. */
export async function stoppedQueries(
  db: Connection,
  asks: readonly SignalsAsk[],
): Promise<ReadonlyMap<number, StoppedQueries>> {
  const wider = asks.map((ask) => ({ ...ask, fromMs: ask.fromMs - LOOKED_BACK_MS }));
  const first = await firstKills(
    db,
    asks.map(({ scopeId }) => scopeId),
  );
  const signals = new Map<number, Signal[]>(asks.map(({ scopeId }) => [scopeId, []]));
  for (const signal of await signalsIn(db, wider, MOST_READ)) signals.get(signal.scopeId)!.push(signal);
  return new Map(
    [...signals].map(([id, own]) => [id, new StoppedQueries(first.get(id) ?? null, statementsOf(own))] as const),
  );
}

import type { CacheOutcome, DecisionArm, FillState } from "../wire/index.ts";
import type { Connection } from "./db.ts";

/** Places in these lists are stored: add at the end, never in between. */
export const ARMS = ["fill", "withheld", "held_out", "observe"] as const satisfies readonly DecisionArm[];
export const CACHES = ["hit", "miss", "joined", "stale"] as const satisfies readonly CacheOutcome[];
/** The strongest first: of two accounts of one fill, the stronger counts. */
export const STATES = [
  "filled",
  "warm",
  "voided",
  "failed",
  "late",
  "dropped",
  "undelivered",
] as const satisfies readonly FillState[];

/** A decision as its app took it. */
export interface Decided {
  definitionId: number;
  userKey: bigint;
  signal: string;
  arm: DecisionArm;
  use: number;
  delta: number;
  costUs: number;
  price: number;
  notAfterMs: number;
}

/** What arrived about one decision; each part may come alone, in any order, and more than once. */
export interface DecisionNews {
  /** A UUID version 7 in lower case. */
  id: string;
  decided?: Decided | undefined;
  fill?: { state: FillState; tookUs: number; bytes: number } | undefined;
  visit?: { atMs: number; cache: CacheOutcome; latencyUs: number } | undefined;
}

/** The time in a UUID version 7, in milliseconds since the epoch. */
export const timeOfId = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

const AT_ONCE = 5_000;

/**
 * Adds to what is known of decisions. Told twice, it counts once: the first account of a decision, the strongest of its fill, the
 * earliest of its visits. No decision may be listed twice.
 */
export async function saveDecisions(db: Connection, scopeId: number, news: readonly DecisionNews[]): Promise<void> {
  const sorted = [...news].sort((a, b) => (a.id < b.id ? -1 : 1)); // two reports at once must not wait for each other in a circle
  for (let from = 0; from < sorted.length; from += AT_ONCE) await save(db, scopeId, sorted.slice(from, from + AT_ONCE));
}

async function save(db: Connection, scopeId: number, news: readonly DecisionNews[]): Promise<void> {
  const column = <T>(of: (one: DecisionNews) => T | undefined) => news.map((one) => of(one) ?? null);
  const place = (list: readonly string[], name: string | undefined) =>
    name === undefined ? undefined : list.indexOf(name);
  const time = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms));
  await db.$executeRaw`
    INSERT INTO prefill_decision AS d (scope_id, at, id, definition_id, user_key, signal, arm, use, delta, cost_us, price,
      not_after, state, took_us, bytes, visit_at, cache, latency_us, target_us)
    SELECT ${scopeId}::int, n.*, (SELECT target_us FROM prefill_definition WHERE endpoint_id = n.definition_id)
    FROM unnest(
      ${news.map(({ id }) => new Date(timeOfId(id)))}::timestamptz[], ${news.map(({ id }) => id)}::uuid[],
      ${column((n) => n.decided?.definitionId)}::int[], ${column((n) => n.decided?.userKey)}::bigint[],
      ${column((n) => n.decided?.signal)}::text[], ${column((n) => place(ARMS, n.decided?.arm))}::smallint[],
      ${column((n) => n.decided?.use)}::real[], ${column((n) => n.decided?.delta)}::real[],
      ${column((n) => n.decided?.costUs)}::bigint[], ${column((n) => n.decided?.price)}::float8[],
      ${column((n) => time(n.decided?.notAfterMs))}::timestamptz[],
      ${column((n) => place(STATES, n.fill?.state))}::smallint[], ${column((n) => n.fill?.tookUs)}::bigint[],
      ${column((n) => n.fill?.bytes)}::bigint[], ${column((n) => time(n.visit?.atMs))}::timestamptz[],
      ${column((n) => place(CACHES, n.visit?.cache))}::smallint[], ${column((n) => n.visit?.latencyUs)}::bigint[])
      AS n (at, id, definition_id, user_key, signal, arm, use, delta, cost_us, price, not_after, state, took_us, bytes,
        visit_at, cache, latency_us)
    ON CONFLICT (scope_id, at, id) DO UPDATE SET
      definition_id = coalesce(d.definition_id, excluded.definition_id),
      user_key = coalesce(d.user_key, excluded.user_key), signal = coalesce(d.signal, excluded.signal),
      arm = coalesce(d.arm, excluded.arm), use = coalesce(d.use, excluded.use),
      delta = coalesce(d.delta, excluded.delta), cost_us = coalesce(d.cost_us, excluded.cost_us),
      price = coalesce(d.price, excluded.price), not_after = coalesce(d.not_after, excluded.not_after),
      target_us = coalesce(d.target_us, excluded.target_us), state = least(d.state, excluded.state),
      took_us = greatest(d.took_us, excluded.took_us), bytes = greatest(d.bytes, excluded.bytes),
      cache = CASE WHEN d.visit_at <= excluded.visit_at OR excluded.visit_at IS NULL THEN d.cache ELSE excluded.cache END,
      latency_us = CASE WHEN d.visit_at <= excluded.visit_at OR excluded.visit_at IS NULL THEN d.latency_us
        ELSE excluded.latency_us END,
      visit_at = least(d.visit_at, excluded.visit_at)`;
}

/** A decision as it is shown of a user. */
export interface LastDecision {
  at: string;
  arm: DecisionArm;
  fill: FillState | null;
  visit: CacheOutcome | null;
}

/** Looking further back would cost more than it tells. */
const LOOKED_BACK_DAYS = 3;
const LOOKED_BACK = 50_000;

/** The last decision about each of some users at a definition, if it is among the last ones of all. In the same order. */
export async function lastDecisionsOf(
  db: Connection,
  scopeId: number,
  about: readonly { definitionId: number; userKey: bigint }[],
  nowMs: number,
): Promise<(LastDecision | null)[]> {
  if (about.length === 0) return [];
  const rows = await db.$queryRaw<
    { place: number; atMs: number; arm: number; state: number | null; cache: number | null }[]
  >`
    SELECT DISTINCT ON (a.place) a.place::int AS place, (extract(epoch FROM d.at) * 1000)::float8 AS "atMs",
      d.arm::int AS arm, d.state::int AS state, CASE WHEN d.visit_at <= d.not_after THEN d.cache::int END AS cache
    FROM unnest(${about.map((one) => one.definitionId)}::int[], ${about.map((one) => one.userKey)}::bigint[])
      WITH ORDINALITY AS a (definition_id, user_key, place)
      JOIN (SELECT * FROM prefill_decision WHERE scope_id = ${scopeId}::int
        AND at > ${new Date(nowMs - LOOKED_BACK_DAYS * 86_400_000)} ORDER BY at DESC LIMIT ${LOOKED_BACK}::int) d
        ON d.definition_id = a.definition_id AND d.user_key = a.user_key
    ORDER BY a.place, d.at DESC`;
  const found: (LastDecision | null)[] = about.map(() => null);
  for (const { place, atMs, arm, state, cache } of rows)
    found[place - 1] = {
      at: new Date(atMs).toISOString(),
      arm: ARMS[arm]!,
      fill: state === null ? null : STATES[state]!,
      visit: cache === null ? null : CACHES[cache]!,
    };
  return found;
}

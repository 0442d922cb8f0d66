import { ARMS, CACHES } from "./prefill-decisions.ts";
import type { Connection } from "./db.ts";
import { Prisma } from "./generated/client.ts";

/** What is learned from: the latest decisions, over at most so many days. More would change little, and cost much. */
export const LEARNED_DAYS = 14;
const MOST_DECISIONS = 200_000;
const DAY_MS = 86_400_000;

const arm = (name: (typeof ARMS)[number]) => Prisma.sql`${ARMS.indexOf(name)}::smallint`;
const HIT = CACHES.indexOf("hit");

/**
 * The latest decisions of a scope whose window is over, each with what became of it. `weight`: of the signals that were not worth a fill
 * only a share is logged (`sampledShare`), and each stands for the others.
 */
const ended = (scopeId: number, nowMs: number, sampledShare: number) => Prisma.sql`
  SELECT at, definition_id, user_key, signal, arm, use, visit_at IS NOT NULL AND visit_at <= not_after AS visited, cache,
    extract(epoch FROM visit_at - not_after) + p.ttl_seconds AS delay,
    CASE WHEN arm = ${arm("observe")} AND use * delta * 1e6 < price * greatest(cost_us, 1) THEN ${1 / sampledShare}::float8
      ELSE 1 END AS weight
  FROM prefill_decision d LEFT JOIN prefill_definition p ON p.endpoint_id = d.definition_id
  WHERE d.scope_id = ${scopeId}::int AND at > ${new Date(nowMs - LEARNED_DAYS * DAY_MS)} AND at <= ${new Date(nowMs)}
    AND definition_id IS NOT NULL AND not_after <= ${new Date(nowMs)}
  ORDER BY at DESC LIMIT ${MOST_DECISIONS}::int`;

/** Occasions that are no signals of a user: their chances are others. */
const NO_SIGNALS = ["refresh", "clock"];

/** How often a visit followed. Either of a signal (with weights) or of a user (without). */
export interface FollowedRow {
  definitionId: number;
  signal: string | null;
  userKey: bigint | null;
  seen: number;
  followed: number;
  /** How many decisions without weights would tell as much (Kish): a few that stand for many are still a few. */
  effective: number;
  /** Of fills: those that a visit followed, and those of them that it found done. */
  visited: number;
  inTime: number;
  /** From a decision to the visit that followed, in seconds on average; null without any. */
  delaySeconds: number | null;
  /** The first decision of them, milliseconds since the epoch. */
  firstMs: number;
}

/** What decisions teach about the chance of use, by definition and signal, and by definition and user. */
export async function followedBy(
  db: Connection,
  scopeId: number,
  { nowMs, sampledShare }: { nowMs: number; sampledShare: number },
): Promise<FollowedRow[]> {
  return db.$queryRaw<FollowedRow[]>`
    WITH ended AS (${ended(scopeId, nowMs, sampledShare)})
    SELECT definition_id AS "definitionId", signal, user_key AS "userKey",
      CASE WHEN user_key IS NULL THEN sum(weight) ELSE count(*) END::float8 AS seen,
      coalesce(CASE WHEN user_key IS NULL THEN sum(weight) FILTER (WHERE visited)
        ELSE count(*) FILTER (WHERE visited) END, 0)::float8 AS followed,
      (sum(weight) ^ 2 / sum(weight ^ 2))::float8 AS effective,
      count(*) FILTER (WHERE visited AND arm = ${arm("fill")})::float8 AS visited,
      count(*) FILTER (WHERE visited AND arm = ${arm("fill")} AND cache = ${HIT}::smallint)::float8 AS "inTime",
      (avg(delay) FILTER (WHERE visited))::float8 AS "delaySeconds",
      (extract(epoch FROM min(at)) * 1000)::float8 AS "firstMs"
    FROM ended WHERE signal <> ALL(${[...NO_SIGNALS]}::text[])
    GROUP BY GROUPING SETS ((definition_id, signal), (definition_id, user_key))`;
}

/** What moments that are no signals came to: visits that were expected after them, and those that came. */
export interface OccasionRow {
  definitionId: number;
  occasion: "refresh" | "clock";
  expected: number;
  followed: number;
}

export async function occasionsFollowed(
  db: Connection,
  scopeId: number,
  { nowMs, sampledShare }: { nowMs: number; sampledShare: number },
): Promise<OccasionRow[]> {
  return db.$queryRaw<OccasionRow[]>`
    WITH ended AS (${ended(scopeId, nowMs, sampledShare)})
    SELECT definition_id AS "definitionId", signal AS occasion, sum(weight * use)::float8 AS expected,
      coalesce(sum(weight) FILTER (WHERE visited), 0)::float8 AS followed
    FROM ended WHERE signal = ANY(${[...NO_SIGNALS]}::text[]) GROUP BY 1, 2`;
}

/** Decisions by the chance of use that they were taken by: what was thought, and what came. */
export interface ReliabilityRow {
  definitionId: number;
  /** Sums, with weights. */
  decisions: number;
  use: number;
  visited: number;
  /** How many there are. */
  logged: number;
}

/** Parts that the chances of use are cut into. */
export const RELIABILITY_BINS = 20;

/** How reliable the chances were: decisions by definition and part of the chance, in the order of chances. */
export async function reliabilityOf(
  db: Connection,
  scopeId: number,
  { nowMs, sampledShare }: { nowMs: number; sampledShare: number },
): Promise<ReliabilityRow[]> {
  return db.$queryRaw<ReliabilityRow[]>`
    WITH ended AS (${ended(scopeId, nowMs, sampledShare)})
    SELECT definition_id AS "definitionId", least(floor(use * ${RELIABILITY_BINS}::int), ${RELIABILITY_BINS - 1}::int) AS bin,
      sum(weight)::float8 AS decisions, sum(weight * use)::float8 AS use,
      coalesce(sum(weight) FILTER (WHERE visited), 0)::float8 AS visited,
      count(*)::int AS logged
    FROM ended GROUP BY 1, 2 ORDER BY 1, 2`;
}

/** Seconds of fills that were reported for the decisions of a stretch. */
export async function secondsSpent(
  db: Connection,
  scopeId: number,
  range: { fromMs: number; toMs: number },
): Promise<number> {
  const [row] = await db.$queryRaw<{ seconds: number }[]>`
    SELECT coalesce(sum(took_us), 0)::float8 / 1e6 AS seconds FROM prefill_decision
    WHERE scope_id = ${scopeId}::int AND at >= ${new Date(range.fromMs)} AND at < ${new Date(range.toMs)}`;
  return row!.seconds;
}

/** The same by the minute in which it was decided, the first first; `atMs` is where the minute begins. */
export async function spentByMinute(
  db: Connection,
  scopeId: number,
  range: { fromMs: number; toMs: number },
): Promise<{ atMs: number; amount: number }[]> {
  return db.$queryRaw<{ atMs: number; amount: number }[]>`
    SELECT (extract(epoch FROM date_trunc('minute', at)) * 1000)::float8 AS "atMs", sum(took_us)::float8 / 1e6 AS amount
    FROM prefill_decision
    WHERE scope_id = ${scopeId}::int AND at >= ${new Date(range.fromMs)} AND at < ${new Date(range.toMs)} AND took_us IS NOT NULL
    GROUP BY 1 ORDER BY 1`;
}

/** Decisions of a range with what became of them, for the effect: the latest, if there are too many. */
export interface OutcomeRow {
  definitionId: number;
  userKey: bigint;
  /** Places in `ARMS`, `STATES` and `CACHES`. */
  arm: number;
  state: number | null;
  cache: number | null;
  tookUs: number;
  targetUs: number | null;
  latencyUs: number | null;
}

/** `endedBy`: only decisions whose window was over then, so that a visit that may still come does not count as none. */
export async function outcomesIn(
  db: Connection,
  scopeId: number,
  range: { fromMs: number; toMs: number; endedBy: number },
): Promise<OutcomeRow[]> {
  return db.$queryRaw<OutcomeRow[]>`
    SELECT definition_id AS "definitionId", user_key AS "userKey", arm::int AS arm, state::int AS state,
      CASE WHEN visit_at <= not_after THEN cache::int END AS cache, coalesce(took_us, 0)::float8 AS "tookUs",
      target_us::float8 AS "targetUs", CASE WHEN visit_at <= not_after THEN latency_us::float8 END AS "latencyUs"
    FROM prefill_decision
    WHERE scope_id = ${scopeId}::int AND at >= ${new Date(range.fromMs)} AND at < ${new Date(range.toMs)}
      AND definition_id IS NOT NULL AND not_after <= ${new Date(range.endedBy)}
    ORDER BY at DESC LIMIT ${MOST_DECISIONS}::int`;
}

/** What was decided in a step, and what became of it. */
export interface StepRow {
  /** Number of the step, from 0. */
  step: number;
  arm: number;
  state: number | null;
  decisions: number;
  /** First visits that hit, and none at all in a window that is over. */
  used: number;
  unused: number;
  seconds: number;
}

/** An id's time is the start of the stretch in which all processes decide the same: at most so long before the decision. */
const LONGEST_STRETCH_MS = 600_000;

/**
 * Decisions by step of a range, by arm and by what became of the fill. When one was taken is told by when its window is over, less the time to
 * live.
 */
export async function decisionsByStep(
  db: Connection,
  scopeId: number,
  { fromMs, toMs, stepMs, nowMs }: { fromMs: number; toMs: number; stepMs: number; nowMs: number },
): Promise<StepRow[]> {
  return db.$queryRaw<StepRow[]>`
    WITH decided AS (
      SELECT d.*, greatest(at, least(at + ${LONGEST_STRETCH_MS}::float8 * interval '1 ms',
        coalesce(not_after - p.ttl_seconds * interval '1 s', at))) AS decided_at
      FROM prefill_decision d LEFT JOIN prefill_definition p ON p.endpoint_id = d.definition_id
      WHERE d.scope_id = ${scopeId}::int AND at >= ${new Date(fromMs - LONGEST_STRETCH_MS)} AND at < ${new Date(toMs)}
        AND definition_id IS NOT NULL)
    SELECT floor((extract(epoch FROM decided_at) * 1000 - ${fromMs}::float8) / ${stepMs}::float8)::int AS step,
      arm::int AS arm, state::int AS state, count(*)::float8 AS decisions,
      count(*) FILTER (WHERE cache = ${HIT}::smallint AND visit_at <= not_after)::float8 AS used,
      count(*) FILTER (WHERE not_after <= ${new Date(nowMs)} AND NOT coalesce(visit_at <= not_after, FALSE))::float8 AS unused,
      coalesce(sum(took_us), 0)::float8 / 1e6 AS seconds
    FROM decided WHERE decided_at >= ${new Date(fromMs)} AND decided_at < ${new Date(toMs)}
    GROUP BY 1, 2, 3`;
}

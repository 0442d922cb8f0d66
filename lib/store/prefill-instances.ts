import type { PrefillMode } from "../wire/index.ts";
import type { Connection } from "./db.ts";

/** Who asked for a plan this long ago still shares its budget. */
export const INSTANCE_LASTS_MS = 120_000;

/** Notes who asked. No instance may be listed twice. */
export async function noteInstances(
  db: Connection,
  asked: readonly { scopeId: number; instance: string }[],
  nowMs: number,
): Promise<void> {
  if (asked.length === 0) return;
  await db.$executeRaw`
    INSERT INTO prefill_instance AS i (scope_id, instance, seen_at)
    SELECT scope_id, instance, ${new Date(nowMs)} FROM unnest(
      ${asked.map((one) => one.scopeId)}::int[], ${asked.map((one) => one.instance)}::text[]) AS a (scope_id, instance)
    ORDER BY 1, 2
    ON CONFLICT (scope_id, instance) DO UPDATE SET seen_at = greatest(i.seen_at, excluded.seen_at)`;
}

/** What changes between two looks at a plan. */
export interface PlanPulse {
  scopeId: number;
  version: number;
  mode: PrefillMode;
  budgetSecondsPerHour: number | null;
  withheldShare: number;
  holdOutShare: number;
  concurrency: number;
  foregroundP95Us: number | null;
  salt: string;
  /** `null`: no plan was made yet. */
  madeAtMs: number | null;
  /** Instances that asked of late. */
  instances: number;
}

/** Settings, age of the plan and instances of some scopes, in one small question: it is asked twice a second. */
export async function pulsesOf(db: Connection, scopeIds: readonly number[], nowMs: number): Promise<PlanPulse[]> {
  if (scopeIds.length === 0) return [];
  return db.$queryRaw<PlanPulse[]>`
    SELECT s.scope_id AS "scopeId", s.version, s.mode, s.budget_seconds_per_hour AS "budgetSecondsPerHour",
      s.withheld_share AS "withheldShare", s.hold_out_share AS "holdOutShare", s.concurrency,
      s.foreground_p95_us::float8 AS "foregroundP95Us", s.salt,
      (extract(epoch FROM p.made_at) * 1000)::float8 AS "madeAtMs",
      (SELECT count(*) FROM prefill_instance i
        WHERE i.scope_id = s.scope_id AND i.seen_at > ${new Date(nowMs - INSTANCE_LASTS_MS)})::int AS instances
    FROM prefill_setting s LEFT JOIN prefill_plan p ON p.scope_id = s.scope_id
    WHERE s.scope_id = ANY(${[...scopeIds]}::int[])`;
}

/** How many instances of a scope asked of late; 1 when none did. */
export async function instancesOf(db: Connection, scopeId: number, nowMs: number): Promise<number> {
  const seenAt = { gt: new Date(nowMs - INSTANCE_LASTS_MS) };
  return Math.max(1, await db.prefillInstance.count({ where: { scopeId, seenAt } }));
}

/** Forgets instances that have not asked since a moment. */
export async function deleteInstances(db: Connection, beforeMs: number): Promise<number> {
  const { count } = await db.prefillInstance.deleteMany({ where: { seenAt: { lt: new Date(beforeMs) } } });
  return count;
}

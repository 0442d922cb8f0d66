import { gunzipSync, gzipSync } from "node:zlib";
import type { PrefillPlan } from "../wire/index.ts";
import type { Connection } from "./db.ts";

/** What a plan says that settings do not. The budget is that of all instances together. */
export type StoredPlan = Pick<PrefillPlan, "price" | "budgetSecondsPerHour" | "definitions">;

/** A plan is some megabytes at most, written every minute: packing it quickly is what matters. */
const QUICKLY = { level: 1 };

/**
 * Puts a plan in force, unless a later one is: two workers may plan at once. `shown` is what pages and the API answer about it.
 * Returns whether it is in force.
 */
export async function savePlan(
  db: Connection,
  scopeId: number,
  made: { atMs: number; correction: number; plan: StoredPlan; shown: unknown },
): Promise<boolean> {
  const plan = gzipSync(JSON.stringify(made.plan), QUICKLY);
  const shown = gzipSync(JSON.stringify(made.shown), QUICKLY);
  const saved = await db.$executeRaw`
    INSERT INTO prefill_plan AS p (scope_id, made_at, correction, plan, shown)
    VALUES (${scopeId}::int, ${new Date(made.atMs)}, ${made.correction}::float8, ${plan}, ${shown})
    ON CONFLICT (scope_id) DO UPDATE SET made_at = excluded.made_at, correction = excluded.correction, plan = excluded.plan,
      shown = excluded.shown WHERE p.made_at < excluded.made_at`;
  return saved > 0;
}

/** The plan in force, as the JSON text it was stored from; `null` when none was made yet. */
export async function planTextOf(db: Connection, scopeId: number): Promise<{ madeAtMs: number; text: string } | null> {
  const found = await db.prefillPlan.findUnique({ where: { scopeId }, select: { madeAt: true, plan: true } });
  return found && { madeAtMs: found.madeAt.getTime(), text: gunzipSync(found.plan).toString() };
}

/** What is shown of the plan in force, and what the price is corrected by. */
export async function shownOf<Shown>(
  db: Connection,
  scopeId: number,
): Promise<{ madeAtMs: number; correction: number; shown: Shown } | null> {
  const select = { madeAt: true, correction: true, shown: true };
  const found = await db.prefillPlan.findUnique({ where: { scopeId }, select });
  if (found === null) return null;
  const shown = JSON.parse(gunzipSync(found.shown).toString()) as Shown;
  return { madeAtMs: found.madeAt.getTime(), correction: found.correction, shown };
}

/** When the plan in force of each scope was made, milliseconds since the epoch. */
export async function plansMadeAt(db: Connection): Promise<Map<number, number>> {
  const rows = await db.prefillPlan.findMany({ select: { scopeId: true, madeAt: true } });
  return new Map(rows.map(({ scopeId, madeAt }) => [scopeId, madeAt.getTime()]));
}

import type { Connection } from "../store/db.ts";
import { newCandidates } from "../store/prefill-candidates.ts";
import { lastForecast } from "../store/prefill-forecasts.ts";
import { incidentsOf } from "../store/prefill-incidents.ts";
import { secondsSpent } from "../store/prefill-learning.ts";
import { settingsOf } from "../store/prefill-settings.ts";

/** What there is to watch about the prefill of a service and environment. */
export interface PrefillWatch {
  mode: "observe" | "fill" | "stop";
  /** Since when filling is off because it did harm; `null`: it is not. */
  harmSince: string | null;
  /** Of the hour before, seconds. */
  spentSeconds: number;
  /** What the hour may take; `null`: no plan was made yet. */
  budgetSecondsPerHour: number | null;
  /** Users who became worth filling in the hour before, and had not been for a day; `null`: no plan was made yet. */
  newCandidates: number | null;
}

export const HOUR_MS = 3_600_000;

export async function prefillWatch(db: Connection, scopeId: number, atMs: number): Promise<PrefillWatch> {
  const hour = { fromMs: atMs - HOUR_MS, toMs: atMs };
  const [{ mode }, incidents, spentSeconds, plan, candidates] = await Promise.all([
    settingsOf(db, scopeId, atMs),
    incidentsOf(db, scopeId, 1),
    secondsSpent(db, scopeId, hour),
    lastForecast(db, scopeId, atMs),
    newCandidates(db, scopeId, hour),
  ]);
  const [last] = incidents;
  return {
    mode,
    harmSince: last !== undefined && last.closedAtMs === null ? new Date(last.openedAtMs).toISOString() : null,
    spentSeconds,
    budgetSecondsPerHour: plan?.budgetSecondsPerHour ?? null,
    newCandidates: plan === null ? null : candidates,
  };
}

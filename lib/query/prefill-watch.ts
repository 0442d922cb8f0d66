import type { Connection } from "../store/db.ts";
import { incidentsOf } from "../store/prefill-incidents.ts";
import { secondsSpent } from "../store/prefill-learning.ts";
import { shownOf } from "../store/prefill-plans.ts";
import { settingsOf } from "../store/prefill-settings.ts";
import type { PrefillCandidatesAnswer } from "./prefill-answers.ts";

/** What there is to watch about the prefill of a service and environment. */
export interface PrefillWatch {
  mode: "observe" | "fill" | "stop";
  /** Since when filling is off because it did harm; `null`: it is not. */
  harmSince: string | null;
  /** Of the hour before, seconds. */
  spentSeconds: number;
  /** `null`: no plan was made yet. */
  budgetSecondsPerHour: number | null;
  /** Users worth filling at this budget; `null`: no plan was made yet. */
  candidates: number | null;
}

const HOUR_MS = 3_600_000;

export async function prefillWatch(db: Connection, scopeId: number, atMs: number): Promise<PrefillWatch> {
  const [{ mode }, incidents, spentSeconds, plan] = await Promise.all([
    settingsOf(db, scopeId, atMs),
    incidentsOf(db, scopeId, 1),
    secondsSpent(db, scopeId, { fromMs: atMs - HOUR_MS, toMs: atMs }),
    shownOf<Pick<PrefillCandidatesAnswer, "budgetSecondsPerHour" | "candidateCount">>(db, scopeId),
  ]);
  const [last] = incidents;
  return {
    mode,
    harmSince: last !== undefined && last.closedAtMs === null ? new Date(last.openedAtMs).toISOString() : null,
    spentSeconds,
    budgetSecondsPerHour: plan?.shown.budgetSecondsPerHour ?? null,
    candidates: plan?.shown.candidateCount ?? null,
  };
}

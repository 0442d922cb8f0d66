import type { SeriesRow } from "../store/alert-series.ts";
import { byKey } from "./by-key.ts";
import type { SeriesState, StateName } from "./decide.ts";
import type { Observed, Verdict } from "./evaluation.ts";
import type { About, Subject } from "./subject.ts";

/** A stored series, in the words of this folder. */
export interface StoredSeries {
  ruleId: string;
  subject: Subject;
  state: SeriesState;
  incidentId: string | null;
}

export function fromRow(row: SeriesRow): StoredSeries {
  const { ruleId, series, about, incidentId, state, verdict, observed, ...times } = row;
  const words = { state: state as StateName, verdict: verdict as Verdict, observed: observed as Observed | null };
  return { ruleId, subject: { key: series, about: about as About }, state: { ...times, ...words }, incidentId };
}

export function toRow({ ruleId, subject, state, incidentId }: StoredSeries): SeriesRow {
  return { ruleId, series: subject.key, about: subject.about, incidentId, ...state };
}

/** Tells series of all rules apart. */
export const memberKey = (ruleId: string, series: string): string => `${ruleId} ${series}`;

/** Series by the id of their rule. */
export const byRule = (all: readonly StoredSeries[]): Map<string, StoredSeries[]> => byKey(all, ({ ruleId }) => ruleId);

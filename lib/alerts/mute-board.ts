import type { AlertAnswer } from "../query/alert-answer-schemas.ts";
import { readRuleNames } from "../store/alert-rules.ts";
import { readSeriesStates, type SeriesState } from "../store/alert-series.ts";
import type { Db } from "../store/db.ts";
import { listMaintenance } from "./maintenance.ts";
import { type Matcher, matches } from "./mute.ts";
import { listSilences } from "./silences.ts";
import type { About } from "./subject.ts";

/** How many series something mutes now, and how many of them fire. `null`: it is not on. */
export type Muted = { series: number; firing: number } | null;

export interface MuteBoard {
  silences: (AlertAnswer<"AlertSilence"> & { muted: Muted })[];
  maintenance: (AlertAnswer<"AlertMaintenance"> & { muted: Muted })[];
  /** The server's time, by which they begin and end, Unix ms. */
  readAt: number;
}

export async function muteBoard(db: Db, nowMs: number): Promise<MuteBoard> {
  const [silences, maintenance] = await Promise.all([listSilences(db, nowMs), listMaintenance(db, nowMs)]);
  const isAnyOn = silences.some(({ state }) => state === "on") || maintenance.some(({ isOn }) => isOn);
  const series = isAnyOn ? await namedSeries(db) : [];
  return {
    silences: silences.map((one) => ({ ...one, muted: one.state === "on" ? mutedBy(one.matcher, series) : null })),
    maintenance: maintenance.map((one) => ({ ...one, muted: one.isOn ? mutedBy(one.matcher, series) : null })),
    readAt: nowMs,
  };
}

type Named = SeriesState & { ruleName: string };

async function namedSeries(db: Db): Promise<Named[]> {
  const [series, rules] = await Promise.all([readSeriesStates(db), readRuleNames(db)]);
  const names = new Map(rules.map(({ id, name }) => [id, name]));
  return series.map((one) => ({ ...one, ruleName: names.get(one.ruleId) ?? "" }));
}

function mutedBy(matcher: Matcher, series: readonly Named[]): Muted {
  const muted = series.filter(({ ruleName, about }) => matches(matcher, ruleName, about as About));
  const firing = muted.filter(({ state }) => state === "firing" || state === "recovering");
  return { series: muted.length, firing: firing.length };
}

import { keptFrom } from "../../query/plan.ts";
import { rollingFigures } from "../../query/rolling-figures.ts";
import type { WindowFigures } from "../../query/window-figures.ts";
import type { Db } from "../../store/db.ts";
import { ENDPOINT_TIERS } from "../../store/tiers.ts";
import { SETTLING_MS } from "../../query/closed.ts";
import type { Blind } from "../closed.ts";
import { evaluate, measuresOf, type WindowRule } from "../evaluate.ts";
import { isLacking, type Look, type WindowNeed } from "../evaluation.ts";
import { unlessBlind } from "../judge.ts";
import { type Subject, subjectsOf } from "../subject.ts";
import type { Past, PastContext, PastSeries, Said, Stretch } from "./past.ts";
import { stretchOf } from "./stretch.ts";

/** Endpoints that one back-test looks at: those of a pattern may be a thousand. */
const MOST_SUBJECTS = 20;
/** Rules that look back no further are tested on one day by ten seconds, as rounds come, while windows of ten seconds are kept. */
const FINE_BACK_SECONDS = 6 * 3_600;

/** What a rule that is judged by windows would have said of each of its endpoints. */
export async function pastOfWindows(
  db: Db,
  rule: WindowRule,
  { catalog, days, nowMs, blind }: PastContext,
): Promise<Past> {
  const subjects = subjectsOf(rule, catalog.of(rule));
  const stretch = stretchFor(rule, { days, nowMs });
  const series: PastSeries[] = [];
  for (const subject of subjects.slice(0, MOST_SUBJECTS))
    series.push({ subject, said: await saidOf(db, { rule, subject, stretch, blind }) });
  return { stretch, series, isLimited: subjects.length > series.length, notes: [] };
}

/** As much of the days as is kept in windows narrow enough, together with what the rule looks back. */
function stretchFor(rule: WindowRule, { days, nowMs }: { days: number; nowMs: number }): Stretch {
  const nowSeconds = nowMs / 1_000;
  const back = Math.max(...needsOf(rule, 60).map(({ windowSeconds, agoSeconds }) => windowSeconds + agoSeconds));
  const isFine = days === 1 && back <= FINE_BACK_SECONDS;
  const oldestSeconds = keptFrom(ENDPOINT_TIERS, isFine ? 0 : 1, nowSeconds) + back;
  const wish = { days, nowSeconds, stepSeconds: isFine ? 10 : 60 };
  return stretchOf(wish, { oldestSeconds, settlingSeconds: SETTLING_MS / 1_000 });
}

/** Every stretch that a rule may ask for, to whole steps. */
function needsOf(rule: WindowRule, stepSeconds: number): WindowNeed[] {
  const needs = new Map<string, WindowNeed>();
  const collect = (look: Look) => {
    for (const severity of ["page", "ticket"] as const) {
      const found = evaluate(rule, { key: "", about: { service: "", environment: "", severity } }, look);
      if (isLacking(found)) for (const need of found.needs) needs.set(keyOf(need), need);
    }
  };
  // What it asks for first, and what it asks for when that gives it reason to.
  collect(() => undefined);
  collect((need) => (needs.has(keyOf(need)) ? worst(rule, need) : undefined));
  return [...needs.values()].map((need) => ({
    ...need,
    windowSeconds: Math.ceil(need.windowSeconds / stepSeconds) * stepSeconds,
  }));
}

const keyOf = ({ windowSeconds, agoSeconds }: WindowNeed) => `${windowSeconds} ${agoSeconds}`;

/** Figures that give every rule reason to look further: everything is bad, or there is nothing. */
function worst(rule: WindowRule, { windowSeconds }: WindowNeed): WindowFigures {
  const count = rule.kind === "silence" ? 0 : windowSeconds * 1e9;
  const { percentiles, aboveUs } = measuresOf(rule);
  return {
    count,
    outcomes: { ok: 0, client_error: 0, server_error: count, aborted: count },
    percentilesUs: new Map(percentiles.map((q) => [q, Number.MAX_SAFE_INTEGER])),
    above: new Map(aboveUs.map((us) => [us, count])),
  };
}

interface SubjectCase {
  rule: WindowRule;
  subject: Subject;
  stretch: Stretch;
  blind: readonly Blind[];
}

async function saidOf(db: Db, { rule, subject, stretch, blind }: SubjectCase): Promise<Said[]> {
  const windows = needsOf(rule, stretch.stepSeconds);
  const places = new Map(needsOf(rule, 1).map((need, place) => [keyOf(need), place]));
  const ask = { endpointId: subject.about.endpointId!, windows, ...stretch, ...measuresOf(rule) };
  const said: Said[] = [];
  await rollingFigures(db, ask, (atSeconds, figures) => {
    const found = evaluate(rule, subject, (need) => figures(places.get(keyOf(need))!));
    if (isLacking(found)) return;
    said.push({ atSeconds, evaluation: unlessBlind(rule, found, { blind, atMs: atSeconds * 1_000 }) });
  });
  return said;
}

import { TailfillError } from "../errors.ts";
import type { AlertAnswer } from "../query/alert-answer-schemas.ts";
import { keptFrom } from "../query/plan.ts";
import { rollingFigures } from "../query/rolling-figures.ts";
import type { WindowFigures } from "../query/window-figures.ts";
import { blindSince } from "../store/alert-clock.ts";
import type { Db } from "../store/db.ts";
import { ENDPOINT_TIERS } from "../store/tiers.ts";
import { Catalog } from "./catalog.ts";
import { type Blind, SETTLING_MS } from "./closed.ts";
import { evaluate, measuresOf, type WindowRule } from "./evaluate.ts";
import { type Evaluation, isLacking, type Verdict, type WindowNeed } from "./evaluation.ts";
import { unlessBlind } from "./judge.ts";
import { Playback } from "./playback.ts";
import { parseRule, type Rule } from "./rule.ts";
import { endpointName, type Subject, subjectsOf } from "./subject.ts";

/** Endpoints that one back-test looks at: those of a pattern may be a thousand. */
const MOST_SUBJECTS = 20;
const DAY = 86_400;
/** What is answered of each list. */
const MOST_ROWS = 500;

type BackTest = AlertAnswer<"AlertBackTest">;

/**
 * What a rule would have done in the last days: the same evaluation and the same decisions over past windows.
 * @throws TailfillError `bad_request` for a bad rule, and for kinds of which not enough is kept
 */
export async function backTest(
  db: Db,
  input: unknown,
  { days, nowMs }: { days: number; nowMs: number },
): Promise<BackTest> {
  const rule = windowRule(parseRule(input));
  const catalog = await Catalog.read(db);
  const subjects = subjectsOf(rule, catalog.of(rule));
  const looked = subjects.slice(0, MOST_SUBJECTS);
  const stretch = stretchOf(rule, { days, nowMs });
  const blind = await blindSince(db, (stretch.fromSeconds - 8 * DAY) * 1_000);
  const moments = new Map<number, (readonly [string, Evaluation])[]>();
  for (const subject of looked) await judgeSubject(db, { rule, subject, stretch, blind }, moments);
  return answerOf(playBack(rule, { stretch, subjects, looked, moments }), { stretch, subjects, looked, moments });
}

/** Pages and tickets of a burn rate are incidents of their own. */
function playBack(rule: WindowRule, { looked, moments }: Played): Playback[] {
  const inOrder = [...moments].sort(([a], [b]) => a - b);
  const severities = new Set(looked.map(({ about }) => about.severity));
  return [...severities].map((severity) => {
    const own = new Set(looked.filter(({ about }) => about.severity === severity).map(({ key }) => key));
    const playback = new Playback(rule, timingOf(rule));
    for (const [atSeconds, evaluations] of inOrder)
      playback.round(
        atSeconds * 1_000,
        evaluations.filter(([key]) => own.has(key)),
      );
    return playback;
  });
}

const timingOf = ({ groupWaitSeconds, groupIntervalSeconds, repeatSeconds }: Rule) => ({
  waitSeconds: groupWaitSeconds,
  intervalSeconds: groupIntervalSeconds,
  repeatSeconds,
});

function windowRule(rule: Rule): WindowRule {
  if (rule.kind !== "user" && rule.kind !== "prefill") return rule;
  throw new TailfillError(
    "bad_request",
    `kind: what a rule of the kind ${rule.kind} would have seen is not kept; the others can be tested.`,
  );
}

interface Stretch {
  fromSeconds: number;
  toSeconds: number;
  stepSeconds: number;
}

const floorTo = (value: number, width: number) => Math.floor(value / width) * width;

/** Rules that look back no further are tested on one day by ten seconds, as rounds come, while windows of ten seconds are kept. */
const FINE_BACK_SECONDS = 6 * 3_600;

/** As much of the days as is kept in windows narrow enough, together with what the rule looks back. */
function stretchOf(rule: WindowRule, { days, nowMs }: { days: number; nowMs: number }): Stretch {
  const nowSeconds = nowMs / 1_000;
  const back = Math.max(...needsOf(rule, 60).map(({ windowSeconds, agoSeconds }) => windowSeconds + agoSeconds));
  const isFine = days === 1 && back <= FINE_BACK_SECONDS;
  const oldest = keptFrom(ENDPOINT_TIERS, isFine ? 0 : 1, nowSeconds) + back;
  const stepSeconds = isFine ? 10 : 60;
  const fromSeconds = Math.max(floorTo(nowSeconds - days * DAY, 60), Math.ceil(oldest / 60) * 60);
  return { fromSeconds, toSeconds: floorTo((nowMs - SETTLING_MS) / 1_000, stepSeconds), stepSeconds };
}

/** Every stretch that a rule may ask for, to whole steps. */
function needsOf(rule: WindowRule, stepSeconds: number): WindowNeed[] {
  const needs = new Map<string, WindowNeed>();
  const collect = (look: (need: WindowNeed) => WindowFigures | undefined) => {
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

async function judgeSubject(
  db: Db,
  { rule, subject, stretch, blind }: SubjectCase,
  moments: Map<number, (readonly [string, Evaluation])[]>,
): Promise<void> {
  const windows = needsOf(rule, stretch.stepSeconds);
  const places = new Map(needsOf(rule, 1).map((need, place) => [keyOf(need), place]));
  const ask = { endpointId: subject.about.endpointId!, windows, ...stretch, ...measuresOf(rule) };
  await rollingFigures(db, ask, (atSeconds, figures) => {
    const found = evaluate(rule, subject, (need) => figures(places.get(keyOf(need))!));
    if (isLacking(found)) return;
    const evaluation = unlessBlind(rule, found, { blind, atMs: atSeconds * 1_000 });
    const others = moments.get(atSeconds);
    if (others === undefined) moments.set(atSeconds, [[subject.key, evaluation]]);
    else others.push([subject.key, evaluation]);
  });
}

interface Played {
  stretch: Stretch;
  subjects: readonly Subject[];
  looked: readonly Subject[];
  moments: ReadonlyMap<number, readonly (readonly [string, Evaluation])[]>;
}

const iso = (ms: number): string => new Date(ms).toISOString();

function answerOf(playbacks: readonly Playback[], { stretch, subjects, looked, moments }: Played): BackTest {
  const verdicts: Record<Verdict, number> = { ok: 0, breach: 0, no_data: 0, too_few: 0, could_not_ask: 0 };
  for (const evaluations of moments.values()) for (const [, { verdict }] of evaluations) verdicts[verdict] += 1;
  const names = new Map(looked.map((subject) => [subject.key, nameOf(subject)]));
  return {
    range: { from: iso(stretch.fromSeconds * 1_000), to: iso(stretch.toSeconds * 1_000) },
    stepSeconds: stretch.stepSeconds,
    series: looked.length,
    isLimited: subjects.length > looked.length,
    verdicts,
    told: playbacks
      .flatMap(({ told }) => told)
      .sort((a, b) => a.atMs - b.atMs)
      .slice(0, MOST_ROWS)
      .map(({ atMs, what }) => ({ at: iso(atMs), type: `incident.${what}` })),
    fired: playbacks
      .flatMap(({ fired }) => fired)
      .sort((a, b) => a.fromMs - b.fromMs)
      .slice(0, MOST_ROWS)
      .map(({ key, fromMs, toMs }) => {
        return {
          series: key,
          endpoint: names.get(key) ?? null,
          from: iso(fromMs),
          to: toMs === null ? null : iso(toMs),
        };
      }),
  };
}

function nameOf({ about: { method, route } }: Subject): string | null {
  return method === undefined || route === undefined ? null : endpointName({ method, route });
}

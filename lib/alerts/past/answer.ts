import type { AlertAnswer } from "../../query/alert-answer-schemas.ts";
import type { Unit, Verdict } from "../evaluation.ts";
import type { Playback } from "../playback.ts";
import type { Rule, RuleKind } from "../rule.ts";
import { rounded } from "../seen.ts";
import { endpointName, type Subject } from "../subject.ts";
import type { Past } from "./past.ts";
import { stepWidth, valuesOf } from "./values.ts";

/** What is answered of each list. */
const MOST_ROWS = 500;

type BackTest = AlertAnswer<"AlertBackTest">;

/** What was played back, as the API tells it. Pure. */
export function answerOf(past: Past, playbacks: readonly Playback[], unit: Unit): BackTest {
  const { stretch, series, isLimited, notes } = past;
  return {
    range: { from: iso(stretch.fromSeconds), to: iso(stretch.toSeconds) },
    stepSeconds: stretch.stepSeconds,
    series: series.length,
    isLimited,
    notes,
    verdicts: verdictsOf(past),
    told: playbacks
      .flatMap(({ told }) => told)
      .sort((a, b) => a.atMs - b.atMs)
      .slice(0, MOST_ROWS)
      .map(({ atMs, what }) => ({ at: iso(atMs / 1_000), type: `incident.${what}` })),
    fired: firedOf(past, playbacks),
    unit,
    valueSeconds: stepWidth(stretch),
    values: valuesOf(series, stretch).map(({ series: { subject }, steps }) => ({
      ...namesOf(subject),
      steps: steps.map(({ atSeconds, value, threshold, verdict }) => {
        return { at: iso(atSeconds), value: orNull(value), threshold: orNull(threshold), verdict };
      }),
    })),
  };
}

const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();
const orNull = (value: number | null): number | null => (value === null ? null : rounded(value));

function verdictsOf({ series }: Past): BackTest["verdicts"] {
  const verdicts: Record<Verdict, number> = { ok: 0, breach: 0, no_data: 0, too_few: 0, could_not_ask: 0 };
  for (const { said } of series) for (const { evaluation } of said) verdicts[evaluation.verdict] += 1;
  return verdicts;
}

function firedOf({ series }: Past, playbacks: readonly Playback[]): BackTest["fired"] {
  const subjects = new Map(series.map(({ subject }) => [subject.key, subject]));
  const spans = playbacks.flatMap(({ fired }) => fired).sort((a, b) => a.fromMs - b.fromMs);
  return spans.slice(0, MOST_ROWS).map(({ key, fromMs, toMs }) => {
    const to = toMs === null ? null : iso(toMs / 1_000);
    return { ...namesOf(subjects.get(key)!), from: iso(fromMs / 1_000), to };
  });
}

function namesOf({ key, about: { method, route, user } }: Subject) {
  const endpoint = method === undefined || route === undefined ? null : endpointName({ method, route });
  return { series: key, endpoint, user: user ?? null };
}

/** What a rule counts in. */
export const unitOf = (rule: Rule): Unit =>
  rule.kind === "prefill" ? (rule.about === "candidates" ? "users" : "share") : UNITS[rule.kind];

const UNITS: Record<Exclude<RuleKind, "prefill">, Unit> = {
  percentile: "us",
  error_rate: "share",
  abort_rate: "share",
  traffic: "requests",
  silence: "requests",
  burn_rate: "burn_rate",
  user: "us",
  stopped_queries: "queries",
};

import type { PrefillHistoryAnswer, PrefillIncident, PrefillStep } from "../query/prefill-answers.ts";
import type { QuestionOf } from "../query/question.ts";
import { fetchEndpointRows } from "../query/endpoint-windows.ts";
import { rangeText } from "../query/frame.ts";
import type { Steps } from "../query/plan.ts";
import { readingOf } from "../query/reading.ts";
import { planSeries, tallySteps } from "../query/series.ts";
import type { StepTallies } from "../query/tally.ts";
import { isoOf } from "../query/time.ts";
import type { Db } from "../store/db.ts";
import { ARMS, STATES } from "../store/prefill-decisions.ts";
import { type Forecast, forecastsIn } from "../store/prefill-forecasts.ts";
import { incidentsOf, type PrefillIncident as StoredIncident } from "../store/prefill-incidents.ts";
import { decisionsByStep, type StepRow } from "../store/prefill-learning.ts";
import { shownOf } from "../store/prefill-plans.ts";
import { snapshot } from "../store/snapshot.ts";
import { harmInWords } from "./harm.ts";
import { scopeOf } from "./settings.ts";
import { cachedSubjects } from "./subjects.ts";
import type { Shown } from "./whole-answer.ts";

/**
 * What was predicted and what came of it, decisions and fills, step by step.
 * @throws TailfillError `not_found` when nothing was ever sent under these names, `bad_request` for a bad range
 */
export async function prefillHistory(
  db: Db,
  question: QuestionOf<"prefillHistory">,
  nowMs: number,
): Promise<PrefillHistoryAnswer> {
  const startedMs = performance.now();
  const scope = await scopeOf(db, question);
  const { range, steps, segments } = planSeries(readingOf(question, nowMs));
  const ids = await plannedEndpoints(db, scope.id);
  const rows = await snapshot(db, (connection) => fetchEndpointRows(connection, ids, segments));
  const tallies = await tallySteps(rows.values(), steps);
  const span = { fromMs: steps.firstSeconds * 1_000, toMs: range.toSeconds * 1_000 };
  const decided = await decisionsByStep(db, scope.id, { ...span, stepMs: steps.stepSeconds * 1_000, nowMs });
  const forecasts = await forecastsIn(db, scope.id, span);
  return {
    range: rangeText(range),
    stepSeconds: steps.stepSeconds,
    steps: stepsOf(tallies, { decided, forecasts, steps }),
    incidents: (await incidentsOf(db, scope.id)).map(incidentOf),
    tookMs: Math.round((performance.now() - startedMs) * 10) / 10,
  };
}

/** The series that are planned for: those of cached definitions; without any, the endpoints that the plan looks at. */
async function plannedEndpoints(db: Db, scopeId: number): Promise<number[]> {
  const cached = await cachedSubjects(db, { id: scopeId });
  if (cached.length > 0) return cached.map(({ endpointId }) => endpointId);
  const stored = await shownOf<Shown>(db, scopeId);
  return (stored?.shown.subjects ?? []).flatMap(({ endpointId }) => (endpointId === null ? [] : [endpointId]));
}

interface Told {
  decided: readonly StepRow[];
  forecasts: readonly Forecast[];
  steps: Steps;
}

function stepsOf(tallies: StepTallies, { decided, forecasts, steps }: Told): PrefillStep[] {
  return tallies.map((tally, atSeconds): PrefillStep => {
    const place = Math.round((atSeconds - steps.firstSeconds) / steps.stepSeconds);
    const own = decided.filter(({ step }) => step === place);
    const until = (atSeconds + steps.stepSeconds) * 1_000;
    const inStep = forecasts.filter(({ atMs }) => atMs >= atSeconds * 1_000 && atMs < until);
    return {
      at: isoOf(atSeconds),
      count: tally?.count ?? 0,
      p99Us: tally?.percentile(99) ?? null,
      ...predictionOf(inStep.at(-1)),
      ...decisionsOf(own),
      budgetSeconds: budgetOf(inStep.at(-1), steps.stepSeconds),
    };
  });
}

/** What was predicted for a step: with fills, if it was filled then. */
function predictionOf(forecast: Forecast | undefined) {
  if (forecast === undefined) return { predictedUs: null, predictedLowUs: null, predictedHighUs: null };
  const { mode, p99BeforeUs, p99AfterUs, p99LowUs, p99HighUs } = forecast;
  if (mode !== "fill") return { predictedUs: p99BeforeUs, predictedLowUs: null, predictedHighUs: null };
  return { predictedUs: p99AfterUs, predictedLowUs: p99LowUs, predictedHighUs: p99HighUs };
}

function budgetOf(forecast: Forecast | undefined, stepSeconds: number): number | null {
  return forecast?.mode === "fill" ? (forecast.budgetSecondsPerHour * stepSeconds) / 3_600 : null;
}

function decisionsOf(rows: readonly StepRow[]) {
  const decisions = { fill: 0, withheld: 0, held_out: 0, observe: 0 };
  const fills = { filled: 0, warm: 0, voided: 0, failed: 0, late: 0, dropped: 0, undelivered: 0 };
  const sums = { used: 0, unused: 0, fillSeconds: 0 };
  for (const row of rows) {
    const arm = ARMS[row.arm]!;
    decisions[arm] += row.decisions;
    if (row.state !== null) fills[STATES[row.state]!] += row.decisions;
    sums.fillSeconds += row.seconds;
    if (arm !== "fill") continue;
    sums.used += row.used;
    if (row.state === STATES.indexOf("filled")) sums.unused += row.unused;
  }
  return { decisions, fills, ...sums };
}

function incidentOf({ id, openedAtMs, closedAtMs, kind, detail }: StoredIncident): PrefillIncident {
  return {
    id,
    openedAt: new Date(openedAtMs).toISOString(),
    closedAt: closedAtMs === null ? null : new Date(closedAtMs).toISOString(),
    kind,
    why: harmInWords(detail),
  };
}

import type { Db } from "../store/db.ts";
import { saveCandidates } from "../store/prefill-candidates.ts";
import { saveForecast } from "../store/prefill-forecasts.ts";
import { saveTargets } from "../store/prefill-definitions.ts";
import { instancesOf } from "../store/prefill-instances.ts";
import { secondsSpent } from "../store/prefill-learning.ts";
import { savePlan, shownOf, type StoredPlan } from "../store/prefill-plans.ts";
import { type PrefillSettings, settingsOf } from "../store/prefill-settings.ts";
import type { Scope } from "../store/scopes.ts";
import { MOST_PLANNED_USERS, type PlannedDefinition } from "../wire/index.ts";
import { kindAt } from "./hours.ts";
import { readMaterial } from "./material.ts";
import { lookAt, type Outlook } from "./outlook.ts";
import { OccasionPlanner } from "./occasions.ts";
import { planOf } from "./plan.ts";
import { nextCorrection } from "./price.ts";
import type { Solution } from "./solve.ts";
import { cachedSubjects, type NamedSubject, plainSubjects } from "./subjects.ts";
import { type Shown, wholeAnswer, type WholeAnswer } from "./whole-answer.ts";

/** JSON has no infinity: where nothing is worth a fill, the price is this. */
const HIGHEST_PRICE = 1e12;
/** The price is corrected by what was spent in stretches as long as this: in less, chance has a greater part than the price. */
const CORRECTED_EVERY_MS = 3_600_000;
/** A prediction is kept this often. */
const FORECAST_EVERY_MS = 300_000;

/** Plans for a scope whom to fill, and puts the plan in force. Returns whether there was anything to plan for. */
export async function makePlan(db: Db, scope: Scope, nowMs: number): Promise<boolean> {
  const settings = await settingsOf(db, scope.id, nowMs);
  const cached = await cachedSubjects(db, scope);
  const subjects = cached.length > 0 ? cached : await plainSubjects(db, scope, nowMs);
  if (subjects.length === 0) return false;
  const basis = cached.length > 0 ? "definitions" : "requests";
  const outlook = await lookAt(await readMaterial(db, scope, { subjects, nowMs }), { assumed: settings, nowMs });
  const instances = await instancesOf(db, scope.id, nowMs);
  const answer = await wholeAnswer(db, outlook, { ...settings, instances, basis, nowMs });
  const last = await shownOf<Shown>(db, scope.id);
  const correction = await corrected(db, { settings, last, solution: answer.solution, nowMs });
  const plan = storedPlan(outlook, answer, { settings, correction, nowMs, subjects: cached });
  if (!(await savePlan(db, scope.id, { atMs: nowMs, correction, plan, shown: answer.shown }))) return true;
  await saveCandidates(db, scope.id, { userKeys: keysOf(outlook, answer), nowMs });
  await saveTargets(db, targetsOf(outlook, answer));
  const atMs = Math.floor(nowMs / FORECAST_EVERY_MS) * FORECAST_EVERY_MS;
  const { p99BeforeUs, p99AfterUs, p99AfterLowUs, p99AfterHighUs } = answer.shown.predicted;
  await saveForecast(db, scope.id, {
    atMs,
    mode: settings.mode,
    budgetSecondsPerHour: answer.budgetNow,
    p99BeforeUs,
    p99AfterUs,
    p99LowUs: p99AfterLowUs,
    p99HighUs: p99AfterHighUs,
  });
  return true;
}

interface Correcting {
  settings: PrefillSettings;
  last: { madeAtMs: number; correction: number } | null;
  solution: Solution | null;
  nowMs: number;
}

/** Once a stretch, the price is raised when more was spent than a plan expects, and lowered when it was less. */
async function corrected(db: Db, { settings, last, solution, nowMs }: Correcting): Promise<number> {
  const stretch = (ms: number) => Math.floor(ms / CORRECTED_EVERY_MS);
  const { correction, madeAtMs } = last ?? { correction: 1, madeAtMs: nowMs };
  const toMs = stretch(nowMs) * CORRECTED_EVERY_MS;
  const fromMs = toMs - CORRECTED_EVERY_MS;
  if (stretch(madeAtMs) === stretch(nowMs) || settings.mode !== "fill" || settings.modeSinceMs > fromMs)
    return correction;
  const expected = solution?.aim.spending[kindAt(fromMs)];
  if (expected === undefined) return correction;
  const part = CORRECTED_EVERY_MS / 3_600_000;
  return nextCorrection(correction, {
    spentSeconds: await secondsSpent(db, settings.scopeId, { fromMs, toMs }),
    expectedSeconds: expected.seconds * part,
    expectedFills: expected.fills * part,
  });
}

interface PlanFrame {
  settings: PrefillSettings;
  correction: number;
  nowMs: number;
  /** The cached definitions, those without any visit yet included. */
  subjects: readonly NamedSubject[];
}

function storedPlan(
  outlook: Outlook,
  { solution, budgetNow: budgetSecondsPerHour, names }: WholeAnswer,
  { settings, correction, nowMs, subjects }: PlanFrame,
): StoredPlan {
  const unseen = subjects.filter(({ endpointId }) =>
    outlook.known.every((one) => one.subject.endpointId !== endpointId),
  );
  const definitions = unseen.map((subject) => unseenDefinition(subject, settings.targetUs));
  if (subjects.length === 0 || solution === null) return { price: HIGHEST_PRICE, budgetSecondsPerHour, definitions };
  const { service, environment } = outlook.scope;
  const price = Math.min(HIGHEST_PRICE, solution.aim.prices[kindAt(nowMs)]! * correction);
  const frame = { ...settings, service, environment, madeAtMs: nowMs, budgetSecondsPerHour, price };
  const occasions = new OccasionPlanner(outlook, solution, settings);
  const priceAt = (kind: number) => solution.aim.prices[kind]! * correction;
  const planned = planOf(outlook.survey, solution, frame, {
    nameOf: (user) => names.get(user),
    occasionsOf: (place) => occasions.of(place, priceAt),
  }).definitions;
  return { price, budgetSecondsPerHour, definitions: [...planned.map(usable), ...definitions] };
}

/** A definition that nobody has visited yet: some of its signals are logged, and nothing is filled. */
const unseenDefinition = ({ name }: NamedSubject, targetUs: number): PlannedDefinition => ({
  name,
  targetUs,
  use: 0.5,
  useAfter: {},
  inTime: 0.9,
  delta: 0,
  costUs: 1,
  users: [],
});

/** A cost of nothing is not believed by apps. */
const usable = (definition: PlannedDefinition): PlannedDefinition => ({
  ...definition,
  costUs: Math.max(1, definition.costUs),
  users: definition.users.map((user) => ({ ...user, costUs: Math.max(1, user.costUs) })),
});

/** The users worth filling at this budget, those worth most first, as far as a plan may name them. */
function keysOf({ survey, users }: Outlook, { solution }: WholeAnswer): bigint[] {
  const numbers = new Set(Array.from(solution?.aim.chosen ?? [], (place) => survey.candidates.user[place]!));
  return [...numbers].slice(0, MOST_PLANNED_USERS).map((user) => users.keyAt(user));
}

function targetsOf({ known }: Outlook, { solution }: WholeAnswer): { endpointId: number; targetUs: number }[] {
  return known.flatMap(({ subject, seen }, at) =>
    subject.isCached
      ? [{ endpointId: subject.endpointId, targetUs: Math.round(solution?.targetsUs[at] ?? seen.targetUs) }]
      : [],
  );
}

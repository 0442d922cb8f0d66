import type { PrefillCandidatesAnswer } from "../query/prefill-answers.ts";
import type { QuestionOf } from "../query/question.ts";
import type { Db } from "../store/db.ts";
import { shownOf } from "../store/prefill-plans.ts";
import { type PrefillSettings, settingsOf } from "../store/prefill-settings.ts";
import type { Scope } from "../store/scopes.ts";
import type { Assumptions } from "./definition-seen.ts";
import { type Outlook, readOutlook } from "./outlook.ts";
import { readRange } from "./range-outlook.ts";
import { scopeOf } from "./settings.ts";
import { cachedSubjects, plainSubjects } from "./subjects.ts";
import { type Shown, wholeAnswer } from "./whole-answer.ts";

type Question = QuestionOf<"prefillCandidates">;

/**
 * Whom to fill, and what that would do. As the plan in force has it; worked out anew when the question asks "what if", or of what stretch.
 * @throws TailfillError `not_found` when nothing was ever sent under these names, `bad_request` for a bad range
 */
export async function prefillCandidates(db: Db, question: Question, nowMs: number): Promise<PrefillCandidatesAnswer> {
  const startedMs = performance.now();
  const scope = await scopeOf(db, question);
  const asksIf = IFS.some((name) => question[name] !== undefined);
  const shown = asksIf ? await whatIf(db, scope, { question, nowMs }) : await inForce(db, scope, nowMs);
  const { definition, limit } = question;
  const candidates = shown.candidates.filter((one) => definition === undefined || one.definition === definition);
  const tookMs = Math.round((performance.now() - startedMs) * 10) / 10;
  return { ...shown, candidates: candidates.slice(0, limit), tookMs };
}

const IFS = ["from", "to", "targetUs", "budgetSecondsPerHour", "goal", "hitUs"] as const;

/** What the last plan came to; before the first, that there is nothing to tell yet. */
async function inForce(db: Db, scope: Scope, nowMs: number): Promise<Shown> {
  const stored = await shownOf<Shown>(db, scope.id);
  if (stored !== null) return stored.shown;
  const { goal, targetUs, budgetSecondsPerHour } = await settingsOf(db, scope.id, nowMs);
  const now = new Date(nowMs).toISOString();
  return {
    madeAt: null,
    range: { from: now, to: now },
    basis: "requests",
    goal,
    targetUs,
    budgetSecondsPerHour: budgetSecondsPerHour ?? 0,
    missSecondsPerHour: 0,
    subjects: [],
    candidates: [],
    candidateCount: 0,
    predicted: {
      p99BeforeUs: null,
      p99AfterUs: null,
      p99AfterLowUs: null,
      p99AfterHighUs: null,
      missesAvoidedPerDay: 0,
      fillSecondsPerHour: 0,
    },
    frontier: [],
  };
}

async function whatIf(
  db: Db,
  scope: Scope,
  { question, nowMs }: { question: Question; nowMs: number },
): Promise<Shown> {
  const settings = { ...(await settingsOf(db, scope.id, nowMs)), ...given(question) };
  const cached = await cachedSubjects(db, scope);
  const basis = cached.length > 0 ? "definitions" : "requests";
  const subjects = cached.length > 0 ? cached : await plainSubjects(db, scope, nowMs);
  const outlook = await lookedAt(db, scope, { subjects, assumed: settings, question, nowMs });
  return (await wholeAnswer(db, outlook, { ...settings, basis, nowMs })).shown;
}

/** What the question sets in place of the settings. */
function given({ targetUs, budgetSecondsPerHour, goal, hitUs }: Question): Partial<PrefillSettings> {
  const all = { targetUs, budgetSecondsPerHour, goal, hitUs };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

interface Look {
  subjects: Awaited<ReturnType<typeof cachedSubjects>>;
  assumed: Assumptions;
  question: Question;
  nowMs: number;
}

/** The outlook of the last what-if of this process: a person who moves a handle asks about the same one again and again. */
let kept: { key: string; outlook: Promise<Outlook>; db: Db; atMs: number } | undefined;
const KEPT_MS = 60_000;
/** Users that a what-if is worked out by: who asks waits for the answer. */
const MOST_SAMPLED = 5_000;

function lookedAt(db: Db, scope: Scope, { subjects, assumed, question, nowMs }: Look): Promise<Outlook> {
  const { from, to } = question;
  const ids = subjects.map(({ endpointId }) => endpointId);
  const key = JSON.stringify([scope.id, ids, assumed.targetUs, assumed.hitUs, from, to]);
  if (kept?.key === key && kept.db === db && nowMs - kept.atMs < KEPT_MS && nowMs >= kept.atMs) return kept.outlook;
  const wish = { subjects, assumed, nowMs, most: MOST_SAMPLED };
  const range = from === undefined && to === undefined ? null : { from: from ?? "now-7d", to: to ?? "now" };
  const outlook = range === null ? readOutlook(db, scope, wish) : readRange(db, scope, { ...wish, range });
  kept = { key, outlook, db, atMs: nowMs };
  outlook.catch(() => (kept = undefined));
  return outlook;
}

import type { PrefillCandidatesAnswer } from "../query/prefill-answers.ts";
import type { QuestionOf } from "../query/question.ts";
import type { Db } from "../store/db.ts";
import { instancesOf } from "../store/prefill-instances.ts";
import { shownOf } from "../store/prefill-plans.ts";
import { type PrefillSettings, settingsOf } from "../store/prefill-settings.ts";
import type { Scope } from "../store/scopes.ts";
import type { Assumptions } from "./definition-seen.ts";
import { type Material, readMaterial } from "./material.ts";
import { lookAt, type Outlook } from "./outlook.ts";
import { readRange } from "./range-material.ts";
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
  const look = await lookFor(db, scope, question, nowMs);
  const outlook = await look.outlook(settings);
  const instances = await instancesOf(db, scope.id, nowMs);
  return (await wholeAnswer(db, outlook, { ...settings, instances, basis: look.basis, nowMs })).shown;
}

/** What the question sets in place of the settings. */
function given({ targetUs, budgetSecondsPerHour, goal, hitUs }: Question): Partial<PrefillSettings> {
  const all = { targetUs, budgetSecondsPerHour, goal, hitUs };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** What what-ifs of a scope are worked out from. A person who moves a handle asks about the same again and again. */
class Look {
  private last: { key: string; outlook: Promise<Outlook> } | undefined;

  constructor(
    readonly basis: Shown["basis"],
    private readonly material: Material,
    private readonly toMs: number,
  ) {}

  outlook({ targetUs, hitUs }: Assumptions): Promise<Outlook> {
    const key = JSON.stringify([targetUs, hitUs]);
    if (this.last?.key !== key) {
      const wish = { assumed: { targetUs, hitUs }, nowMs: this.toMs, most: MOST_SAMPLED };
      this.last = { key, outlook: lookAt(this.material, wish) };
    }
    return this.last.outlook;
  }
}

/** Users that a what-if is worked out by: who asks waits for the answer. */
const MOST_SAMPLED = 3_000;
/** What was read is good for as long as a plan is. */
const KEPT_MS = 60_000;

/** The last look of this process. */
let kept: { key: string; db: Db; atMs: number; look: Promise<Look> } | undefined;

function lookFor(db: Db, scope: Scope, { from, to }: Question, nowMs: number): Promise<Look> {
  const key = JSON.stringify([scope.id, from, to]);
  if (kept?.key === key && kept.db === db && nowMs >= kept.atMs && nowMs - kept.atMs < KEPT_MS) return kept.look;
  const range = from === undefined && to === undefined ? null : { from: from ?? "now-7d", to: to ?? "now" };
  const look = readLook(db, scope, { range, nowMs });
  kept = { key, db, atMs: nowMs, look };
  look.catch(() => (kept = undefined));
  return look;
}

async function readLook(
  db: Db,
  scope: Scope,
  { range, nowMs }: { range: { from: string; to: string } | null; nowMs: number },
): Promise<Look> {
  const cached = await cachedSubjects(db, scope);
  const basis = cached.length > 0 ? "definitions" : "requests";
  const subjects = cached.length > 0 ? cached : await plainSubjects(db, scope, nowMs);
  if (range === null) return new Look(basis, await readMaterial(db, scope, { subjects, nowMs }), nowMs);
  const { toMs, ...material } = await readRange(db, scope, { subjects, nowMs, range });
  return new Look(basis, material, toMs);
}

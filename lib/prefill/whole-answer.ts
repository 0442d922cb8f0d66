import type { PrefillCandidatesAnswer, PrefillPrediction, PrefillSubject } from "../query/prefill-answers.ts";
import type { Db } from "../store/db.ts";
import { kindAt } from "./hours.ts";
import { listed } from "./listed.ts";
import { roomOf } from "./offers.ts";
import type { Outlook } from "./outlook.ts";
import { solve, type Solution, type Wish } from "./solve.ts";
import { topOf } from "./top-of.ts";

/** Unless people say otherwise, fills may take so much of what visitors wait for computations now. */
const AUTOMATIC_SHARE = 0.25;

/** What was found out, and what is shown of it. */
export interface WholeAnswer {
  /** `null`: there was nobody to look at. */
  solution: Solution | null;
  budgetSecondsPerHour: number;
  /** What the hour that it was asked in may take: as much, or more when it is a busy one and nobody set a budget. */
  budgetNow: number;
  /** Names of those worth most, by the survey's number of the user. */
  names: ReadonlyMap<number, string>;
  shown: Shown;
}

/** What is stored of an answer; how many candidates are told, and how long it took, is another matter. */
export type Shown = Omit<PrefillCandidatesAnswer, "tookMs">;

export interface Asked extends Omit<Wish, "budgetSecondsPerHour" | "budgetIs"> {
  basis: PrefillCandidatesAnswer["basis"];
  /** `null`: a quarter of what visitors wait for, on average. A number is a limit for every hour. */
  budgetSecondsPerHour: number | null;
  targetUs: number;
  nowMs: number;
}

/** Solves an outlook, and puts into words what came of it. */
export async function wholeAnswer(db: Db, outlook: Outlook, asked: Asked): Promise<WholeAnswer> {
  const { goal, targetUs, nowMs, basis } = asked;
  const missSecondsPerHour = missSecondsOf(outlook);
  const budgetSecondsPerHour = asked.budgetSecondsPerHour ?? AUTOMATIC_SHARE * missSecondsPerHour;
  const iso = (ms: number) => new Date(ms).toISOString();
  const frame = {
    madeAt: iso(nowMs),
    range: { from: iso(outlook.fromMs), to: iso(outlook.toMs) },
    basis,
    goal,
    targetUs,
    budgetSecondsPerHour,
    missSecondsPerHour,
  };
  if (outlook.survey.candidates.size === 0) {
    const shown = { ...frame, ...NOBODY, subjects: subjectRows(outlook, null) };
    return { solution: null, budgetSecondsPerHour, budgetNow: budgetSecondsPerHour, names: new Map(), shown };
  }
  const budgetIs = asked.budgetSecondsPerHour === null ? ("average" as const) : ("limit" as const);
  const wish = { ...asked, budgetIs, budgetSecondsPerHour: budgetSecondsPerHour * outlook.share };
  const solution = solve(outlook.survey, wish);
  const listing = outlook.share === 1 ? { outlook, solution } : await topOf(outlook, solution, wish);
  const { names, candidates } = await listed(db, listing);
  const shown = {
    ...frame,
    subjects: subjectRows(outlook, solution),
    candidates,
    candidateCount: Math.round(solution.aim.chosen.length / outlook.share),
    predicted: predictionOf(solution.prediction, outlook.share),
    frontier: solution.frontier.map((point) => frontierPoint(point, outlook.share)),
  };
  const budgetNow = roomOf(outlook.survey, budgetSecondsPerHour, wish).limits[kindAt(nowMs)]!;
  return { solution, budgetSecondsPerHour, budgetNow, names, shown };
}

const NOBODY = {
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

/** What visitors wait for computations now, in seconds an hour. */
function missSecondsOf({ survey, share }: Outlook): number {
  const { candidates } = survey;
  let us = 0;
  for (let at = 0; at < candidates.size; at++) us += candidates.coldPerHour[at]! * candidates.costUs[at]!;
  return us / 1e6 / share;
}

function subjectRows({ known, survey, share }: Outlook, solution: Solution | null): PrefillSubject[] {
  const candidates = known.map(() => 0);
  for (const place of solution?.aim.chosen ?? []) candidates[survey.candidates.definition[place]!]!++;
  return known.map(({ subject, seen, hitUs }, at) => ({
    name: subject.name,
    endpointId: subject.mainEndpointId,
    ttlSeconds: subject.isCached ? subject.ttlSeconds : null,
    targetUs: Math.round(solution?.targetsUs[at] ?? seen.targetUs),
    assumedHitUs: hitUs,
    candidates: Math.round(candidates[at]! / share),
  }));
}

function predictionOf(
  { missesAvoidedPerHour, fillSecondsPerHour, ...latencies }: Solution["prediction"],
  share: number,
): PrefillPrediction {
  const whole = (us: number | null) => (us === null ? null : Math.round(us));
  return {
    p99BeforeUs: whole(latencies.p99BeforeUs),
    p99AfterUs: whole(latencies.p99AfterUs),
    p99AfterLowUs: whole(latencies.p99AfterLowUs),
    p99AfterHighUs: whole(latencies.p99AfterHighUs),
    missesAvoidedPerDay: (missesAvoidedPerHour * 24) / share,
    fillSecondsPerHour: fillSecondsPerHour / share,
  };
}

function frontierPoint(point: Solution["frontier"][number], share: number): Shown["frontier"][number] {
  const { fillSecondsPerHour, p99Us } = point;
  return {
    fillSecondsPerHour: fillSecondsPerHour / share,
    p99Us: Math.round(p99Us),
    p99LowUs: null,
    p99HighUs: null,
    missesAvoidedPerDay: null,
  };
}

import type { PrefillCandidatesAnswer, PrefillPrediction, PrefillSubject } from "../query/prefill-answers.ts";
import { labelsOf } from "../store/catalog.ts";
import type { Db } from "../store/db.ts";
import { lastDecisionsOf } from "../store/prefill-decisions.ts";
import { MOST_PLANNED_USERS } from "../wire/index.ts";
import { byWorth, candidateRow, MOST_LISTED } from "./candidate-rows.ts";
import type { Outlook } from "./outlook.ts";
import { solve, type Solution, type Wish } from "./solve.ts";

/** Unless people say otherwise, fills may take so much of what visitors wait for computations now. */
const AUTOMATIC_SHARE = 0.25;

/** What was found out, and what is shown of it. */
export interface WholeAnswer {
  /** `null`: there was nobody to look at. */
  solution: Solution | null;
  budgetSecondsPerHour: number;
  /** Names of those worth most, by the survey's number of the user. */
  names: ReadonlyMap<number, string>;
  shown: Shown;
}

/** What is stored of an answer; how many candidates are told, and how long it took, is another matter. */
export type Shown = Omit<PrefillCandidatesAnswer, "tookMs">;

export interface Asked extends Omit<Wish, "budgetSecondsPerHour"> {
  basis: PrefillCandidatesAnswer["basis"];
  /** `null`: a quarter of what visitors wait for now. */
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
    range: { from: iso(outlook.fromMs), to: iso(nowMs) },
    basis,
    goal,
    targetUs,
    budgetSecondsPerHour,
    missSecondsPerHour,
  };
  const names = new Map<number, string>();
  if (outlook.survey.candidates.size === 0) {
    const shown = { ...frame, ...NOBODY, subjects: subjectRows(outlook, null) };
    return { solution: null, budgetSecondsPerHour, names, shown };
  }
  const solution = solve(outlook.survey, { ...asked, budgetSecondsPerHour });
  const places = byWorth(solution);
  for (const [user, name] of await namesOf(db, outlook, places)) names.set(user, name);
  const shown = {
    ...frame,
    subjects: subjectRows(outlook, solution),
    candidates: await candidatesIn(db, outlook, solution, { places, names }),
    candidateCount: solution.aim.chosen.length,
    predicted: predictionOf(solution.prediction),
    frontier: solution.frontier.map(frontierPoint),
  };
  return { solution, budgetSecondsPerHour, names, shown };
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
function missSecondsOf({ survey }: Outlook): number {
  const { candidates } = survey;
  let us = 0;
  for (let at = 0; at < candidates.size; at++) us += candidates.coldPerHour[at]! * candidates.costUs[at]!;
  return us / 1e6;
}

function subjectRows({ known, survey }: Outlook, solution: Solution | null): PrefillSubject[] {
  const candidates = known.map(() => 0);
  for (const place of solution?.aim.chosen ?? []) candidates[survey.candidates.definition[place]!]!++;
  return known.map(({ subject, seen, hitUs }, at) => ({
    name: subject.name,
    endpointId: subject.mainEndpointId,
    ttlSeconds: subject.isCached ? subject.ttlSeconds : null,
    targetUs: Math.round(solution?.targetsUs[at] ?? seen.targetUs),
    assumedHitUs: hitUs,
    candidates: candidates[at]!,
  }));
}

function predictionOf({
  missesAvoidedPerHour,
  fillSecondsPerHour,
  ...latencies
}: Solution["prediction"]): PrefillPrediction {
  const whole = (us: number | null) => (us === null ? null : Math.round(us));
  return {
    p99BeforeUs: whole(latencies.p99BeforeUs),
    p99AfterUs: whole(latencies.p99AfterUs),
    p99AfterLowUs: whole(latencies.p99AfterLowUs),
    p99AfterHighUs: whole(latencies.p99AfterHighUs),
    missesAvoidedPerDay: missesAvoidedPerHour * 24,
    fillSecondsPerHour,
  };
}

function frontierPoint({ fillSecondsPerHour, p99Us }: Solution["frontier"][number]): Shown["frontier"][number] {
  return { fillSecondsPerHour, p99Us: Math.round(p99Us), p99LowUs: null, p99HighUs: null, missesAvoidedPerDay: null };
}

async function namesOf(db: Db, { scope, survey, users }: Outlook, places: Int32Array): Promise<Map<number, string>> {
  const numbers = [...new Set(places.subarray(0, MOST_PLANNED_USERS))].map((place) => survey.candidates.user[place]!);
  const keys = numbers.map((user) => users.keyAt(user));
  const labels = await labelsOf(db, scope.serviceId, keys);
  return new Map(
    numbers.flatMap((user, at) => {
      const label = labels.get(keys[at]!);
      return label === undefined ? [] : [[user, label] as const];
    }),
  );
}

interface Named {
  places: Int32Array;
  names: ReadonlyMap<number, string>;
}

async function candidatesIn(db: Db, outlook: Outlook, solution: Solution, { places, names }: Named) {
  const { candidates } = outlook.survey;
  const listed = [...places].filter((place) => names.has(candidates.user[place]!)).slice(0, MOST_LISTED);
  const last = await lastDecisionsOf(
    db,
    outlook.scope.id,
    listed.map((place) => ({
      definitionId: outlook.known[candidates.definition[place]!]!.subject.endpointId,
      userKey: outlook.users.keyAt(candidates.user[place]!),
    })),
    outlook.toMs,
  );
  return listed.map((place, at) => ({
    user: names.get(candidates.user[place]!)!,
    ...candidateRow(outlook, solution, place),
    last: last[at] ?? null,
  }));
}

import type { PrefillCandidate } from "../query/prefill-answers.ts";
import { labelsOf } from "../store/catalog.ts";
import type { Db } from "../store/db.ts";
import { lastDecisionsOf } from "../store/prefill-decisions.ts";
import { MOST_PLANNED_USERS } from "../wire/index.ts";
import { byWorth, candidateRow, MOST_LISTED } from "./candidate-rows.ts";
import type { Outlook } from "./outlook.ts";
import type { Solution } from "./solve.ts";

/** Users that are told of: those worth most, whose names are known. */
export interface Listed {
  /** Names of all that a plan may name, by the survey's number of the user. */
  names: ReadonlyMap<number, string>;
  candidates: PrefillCandidate[];
}

/** The candidates worth most, with their names and the last decision about each. */
export async function listed(
  db: Db,
  { outlook, solution }: { outlook: Outlook; solution: Pick<Solution, "aim" | "targetsUs"> },
): Promise<Listed> {
  const { candidates } = outlook.survey;
  const places = byWorth(solution);
  const names = await namesOf(db, outlook, places);
  const told = [...places].filter((place) => names.has(candidates.user[place]!)).slice(0, MOST_LISTED);
  const about = told.map((place) => ({
    definitionId: outlook.known[candidates.definition[place]!]!.subject.endpointId,
    userKey: outlook.users.keyAt(candidates.user[place]!),
  }));
  const last = await lastDecisionsOf(db, outlook.scope.id, about, outlook.toMs);
  const rows = told.map((place, at) => ({
    user: names.get(candidates.user[place]!)!,
    ...candidateRow(outlook, solution, place),
    last: last[at] ?? null,
  }));
  return { names, candidates: rows };
}

async function namesOf(db: Db, { scope, survey, users }: Outlook, places: Int32Array): Promise<Map<number, string>> {
  const most = places.subarray(0, MOST_PLANNED_USERS);
  const numbers = [...new Set(Array.from(most, (place) => survey.candidates.user[place]!))];
  const keys = numbers.map((user) => users.keyAt(user));
  const labels = await labelsOf(db, scope.serviceId, keys);
  const named = numbers.map((user, at) => [user, labels.get(keys[at]!)] as const);
  return new Map(named.filter((one): one is readonly [number, string] => one[1] !== undefined));
}

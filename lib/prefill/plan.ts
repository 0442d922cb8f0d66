import {
  MOST_PLANNED_USERS,
  type PlannedDefinition,
  type PlannedUser,
  type PrefillMode,
  type PrefillPlan,
} from "../wire/index.ts";
import { totalOf } from "../histogram/index.ts";
import { deltaAt, LEAST_DELTA } from "./delta.ts";
import { useAfter } from "./signals.ts";
import type { Occasions } from "./occasions.ts";
import type { Found } from "./solve.ts";
import type { Survey } from "./survey.ts";
import { deltaOf, shrunk } from "./value.ts";

/** What a plan says besides whom to fill. */
export interface PlanSettings {
  service: string;
  environment: string;
  madeAtMs: number;
  mode: PrefillMode;
  withheldShare: number;
  holdOutShare: number;
  salt: string;
  /** The budget of one instance. */
  budgetSecondsPerHour: number;
  concurrency: number;
  foregroundP95Us: number | null;
}

/** What a survey does not know of its users. */
export interface KnownOfUsers {
  nameOf: (user: number) => string | undefined;
  occasionsOf: (place: number) => Occasions;
}

/**
 * The plan that makes an app do what was solved for. Named are the users that are worth most, chosen or nearly; the rest
 * is decided by the definition's own numbers.
 *
 * @param price as the price's control has it
 * @param known.nameOf the name of a user by the caller's number; undefined when it is not known (any more)
 * @param known.occasionsOf when a candidate is worth a fill besides signals, by its place
 */
export function planOf(
  survey: Survey,
  solution: Found,
  settings: PlanSettings & { price: number },
  { nameOf, occasionsOf }: KnownOfUsers,
): PrefillPlan {
  const named = namedCandidates(survey, solution, nameOf);
  return {
    v: 1,
    ...settings,
    definitions: survey.definitions.map((judged, at): PlannedDefinition => {
      const step = solution.aim.steps[at]!;
      return {
        name: judged.seen.name,
        targetUs: solution.targetsUs[at]!,
        use: judged.use,
        useAfter: useAfter(judged.seen.use),
        inTime: judged.inTime,
        delta: rounded(deltaOfRest(survey, { definition: at, step, named: named[at]! })),
        costUs: Math.round(judged.costUs),
        users: named[at]!.map(({ user, place }) => plannedUser(survey, place, { user, step, occasionsOf })),
      };
    }),
  };
}

/** A user that a plan names, and their place among the candidates. */
interface Named {
  user: string;
  place: number;
}

/** By definition, the most valuable first. */
function namedCandidates(survey: Survey, { aim }: Found, nameOf: (user: number) => string | undefined): Named[][] {
  const { candidates } = survey;
  const { value } = aim.offers;
  const named: Named[][] = survey.definitions.map(() => []);
  const places = Int32Array.from(value.keys()).sort((a, b) => value[b]! - value[a]!);
  for (const place of places.subarray(0, MOST_PLANNED_USERS)) {
    const user = nameOf(candidates.user[place]!);
    if (user !== undefined) named[candidates.definition[place]!]!.push({ user, place });
  }
  return named;
}

interface Planning {
  user: string;
  step: number;
  occasionsOf: (place: number) => Occasions;
}

function plannedUser(survey: Survey, place: number, { user, step, occasionsOf }: Planning): PlannedUser {
  const { candidates } = survey;
  return {
    user,
    delta: rounded(deltaAt(survey, place, step) * candidates.kept[place]!),
    costUs: Math.round(candidates.costUs[place]!),
    use: rounded(candidates.use[place]!),
    ...occasionsOf(place),
  };
}

/**
 * Δ of whoever a plan does not name: what the misses of all others show. The definition's own would be that of the named, who are named because
 * they are slow; by it, everybody quick would be filled.
 */
function deltaOfRest(
  { candidates, definitions, thresholds }: Survey,
  { definition, step, named }: { definition: number; step: number; named: readonly Named[] },
): number {
  const { seen, missTail, hitTail } = definitions[definition]!;
  let count = totalOf(seen.miss);
  let over = count * missTail[step]!;
  for (const { place } of named) {
    const at = place * thresholds.us.length + step;
    count -= candidates.even[place]! + candidates.odd[place]!;
    over -= candidates.overEven[at]! + candidates.overOdd[at]!;
  }
  const tail = shrunk(Math.max(0, over), Math.max(0, count), missTail[step]!, UNKNOWN_PSEUDO_COUNTS);
  const delta = deltaOf(tail, hitTail[step]!);
  return delta < LEAST_DELTA ? 0 : delta;
}

/** With nobody else seen, the definition's own tail is all that is known. */
const UNKNOWN_PSEUDO_COUNTS = 1;

/** A plan is sent often: four digits tell enough. */
function rounded(share: number): number {
  return Math.round(share * 1e4) / 1e4;
}

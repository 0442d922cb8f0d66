import {
  MOST_PLANNED_USERS,
  type PlannedDefinition,
  type PlannedUser,
  type PrefillMode,
  type PrefillPlan,
} from "../wire/index.ts";
import { deltaAt } from "./delta.ts";
import { useAfter } from "./signals.ts";
import type { Found } from "./solve.ts";
import type { Survey } from "./survey.ts";
import { deltaOf } from "./value.ts";

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

/**
 * The plan that makes an app do what was solved for. Named are the users that are worth most, chosen or nearly; the rest
 * is decided by the definition's own numbers.
 *
 * @param price as the price's control has it
 * @param nameOf the name of a user by the caller's number; undefined when it is not known (any more)
 */
export function planOf(
  survey: Survey,
  solution: Found,
  settings: PlanSettings & { price: number },
  nameOf: (user: number) => string | undefined,
): PrefillPlan {
  const users = plannedUsers(survey, solution, nameOf);
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
        delta: deltaOf(judged.missTail[step]!, judged.hitTail[step]!),
        costUs: Math.round(judged.costUs),
        users: users[at]!,
      };
    }),
  };
}

function plannedUsers(survey: Survey, { aim }: Found, nameOf: (user: number) => string | undefined): PlannedUser[][] {
  const { candidates } = survey;
  const users: PlannedUser[][] = survey.definitions.map(() => []);
  const places = Int32Array.from(aim.offers.value.keys()).sort((a, b) => aim.offers.value[b]! - aim.offers.value[a]!);
  for (const at of places.subarray(0, MOST_PLANNED_USERS)) {
    const user = nameOf(candidates.user[at]!);
    if (user === undefined) continue;
    const definition = candidates.definition[at]!;
    users[definition]!.push({
      user,
      delta: rounded(deltaAt(survey, at, aim.steps[definition]!)),
      costUs: Math.round(candidates.costUs[at]!),
      use: rounded(candidates.use[at]!),
    });
  }
  return users;
}

/** A plan is sent often: four digits tell enough. */
function rounded(share: number): number {
  return Math.round(share * 1e4) / 1e4;
}

import type { PlannedDefinition, PlannedUser, PrefillPlan } from "../../../wire/index.ts";

/** A plan, with its definitions and users found by name. */
export interface IndexedPlan {
  readonly plan: PrefillPlan;
  readonly definitions: ReadonlyMap<string, IndexedDefinition>;
}

export interface IndexedDefinition {
  readonly planned: PlannedDefinition;
  readonly users: ReadonlyMap<string, PlannedUser>;
}

export function indexPlan(plan: PrefillPlan): IndexedPlan {
  return {
    plan,
    definitions: new Map(
      plan.definitions.map((planned) => [
        planned.name,
        { planned, users: new Map(planned.users.map((user) => [user.user, user])) },
      ]),
    ),
  };
}

import type { PlannedDefinition, PlannedUser, PrefillPlan } from "@/lib/wire/index";

/** A user whose visits nearly always miss the target when the value is not there. */
export function plannedUser(user: string, changes: Partial<PlannedUser> = {}): PlannedUser {
  return { user, delta: 0.9, costUs: 100_000, ...changes };
}

export function plannedDefinition(changes: Partial<PlannedDefinition> = {}): PlannedDefinition {
  return {
    name: "feed",
    targetUs: 500_000,
    use: 0.8,
    useAfter: {},
    inTime: 1,
    delta: 0,
    costUs: 100_000,
    users: [plannedUser("ada"), plannedUser("bob"), plannedUser("eve")],
    ...changes,
  };
}

/** A plan by which `ada`, `bob` and `eve` are always worth a fill, and nobody is withheld. */
export function planOf(changes: Partial<PrefillPlan> = {}): PrefillPlan {
  return {
    v: 1,
    service: "shop",
    environment: "test",
    madeAtMs: Date.now(),
    mode: "fill",
    withheldShare: 0,
    holdOutShare: 0,
    salt: "salt",
    budgetSecondsPerHour: 3_600,
    price: 0.1,
    concurrency: 2,
    foregroundP95Us: null,
    definitions: [plannedDefinition()],
    ...changes,
  };
}

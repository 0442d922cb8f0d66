import { describe, expect, it } from "vitest";
import { planOf, solve, Survey, thresholdsFor } from "@/lib/prefill";
import { definitionOf, seenOf, type Told } from "./support/seen.ts";

const quick = (): Told => ({ miss: [90e3, 110e3, 100e3, 95e3], hit: [5e3, 6e3, 5e3, 4e3] });
const slow = (): Told => ({ miss: [900e3, 1100e3, 1000e3, 950e3], hit: [5e3, 6e3] });
const farAway = (): Told => ({
  miss: [900e3, 1100e3, 1000e3, 950e3],
  hit: [900e3, 800e3, 900e3, 1000e3, 1100e3, 900e3],
});

const told = [...Array.from({ length: 300 }, quick), ...Array.from({ length: 6 }, slow), farAway()];

function surveyed(): Survey {
  const definition = definitionOf(told, { announced: 860 });
  const survey = new Survey(thresholdsFor(definition.miss, definition.hit, [definition.targetUs]), 24);
  survey.open(definition);
  for (const [user, each] of told.entries()) survey.add(seenOf(user, each));
  return survey;
}

const wish = {
  budgetSecondsPerHour: 100,
  withheldShare: 0.1,
  holdOutShare: 0.01,
  budgetIs: "limit",
  instances: 1,
} as const;

describe("what is solved for", () => {
  it.each(["slo", "p99"] as const)("names the slow, not the far away (goal %s)", (goal) => {
    const survey = surveyed();
    const solution = solve(survey, { ...wish, goal });
    const users = [...solution.aim.chosen].slice(0, 6).map((at) => survey.candidates.user[at]);
    expect(users.sort((a, b) => a! - b!)).toEqual([300, 301, 302, 303, 304, 305]);
    const settings = { ...PLAN, price: solution.aim.prices[0]! };
    const plan = planOf(survey, solution, settings, { nameOf: (user) => `u${user}`, occasionsOf: () => ({}) });
    expect(plan.definitions[0]!.users.slice(0, 6).every(({ delta }) => delta > 0.5)).toBe(true);
    expect(solution.frontier.length).toBeGreaterThan(1);
  });
});

describe("users of whom little was seen", () => {
  // As a definition with a tail of six in a hundred: most users' values take 20 ms, and none of theirs can be slow by it.
  const slowOnes = Array.from({ length: 40 }, (): Told => ({ miss: [900e3, 950e3], hit: [], costUs: 890e3 }));
  const cheapOnes = Array.from({ length: 600 }, (): Told => ({ miss: [35e3], hit: [], costUs: 20e3 }));

  it.each(["slo", "p99"] as const)(
    "are not chosen for a tail that computing their values cannot cause (goal %s)",
    (goal) => {
      const all = [...cheapOnes, ...slowOnes];
      const definition = definitionOf(all, { announced: 480 });
      const survey = new Survey(thresholdsFor(definition.miss, definition.hit, [definition.targetUs]), 24);
      survey.open(definition);
      for (const [user, each] of all.entries()) survey.add(seenOf(user, each));
      const { chosen } = solve(survey, { ...wish, goal }).aim;
      if (goal === "slo") expect(chosen.length).toBeGreaterThan(0);
      for (const at of chosen) expect(survey.candidates.user[at]).toBeGreaterThanOrEqual(600);
    },
  );
});

describe("whoever a plan does not name", () => {
  // A third of all misses are slow, all of them by users whom the plan names.
  const slowOnes = Array.from({ length: 60 }, (): Told => ({
    miss: Array.from({ length: 8 }, () => 950e3),
    costUs: 940e3,
  }));
  const quickOnes = Array.from({ length: 240 }, (): Told => ({ miss: [30e3, 35e3, 40e3, 35e3], costUs: 20e3 }));
  const all = [...slowOnes, ...quickOnes];
  const definition = definitionOf(all, { announced: 900 });
  const survey = new Survey(thresholdsFor(definition.miss, definition.hit, [definition.targetUs]), 24);
  survey.open(definition);
  for (const [user, each] of all.entries()) survey.add(seenOf(user, each));
  const solution = solve(survey, { ...wish, goal: "slo", budgetSecondsPerHour: 1_000 });
  const restOf = (nameOf: (user: number) => string | undefined) =>
    planOf(survey, solution, { ...PLAN, price: 0.1 }, { nameOf, occasionsOf: () => ({}) }).definitions[0]!;

  it("is decided by what all others showed", () => {
    const { delta, users } = restOf((user) => (user < 60 ? `u${user}` : undefined));
    expect([delta, users.length]).toEqual([0, 60]);
  });

  it("is decided by the definition's own tail when everybody is named", () => {
    expect(restOf((user) => `u${user}`).delta).toBeCloseTo(1 / 3, 2);
  });

  it("is decided by the slow when it is the slow who have no name", () => {
    expect(restOf((user) => (user >= 60 ? `u${user}` : undefined)).delta).toBeGreaterThan(0.9);
  });
});

const PLAN = {
  service: "shop",
  environment: "test",
  madeAtMs: 0,
  mode: "observe",
  withheldShare: 0.1,
  holdOutShare: 0.01,
  salt: "s",
  budgetSecondsPerHour: 100,
  concurrency: 2,
  foregroundP95Us: null,
} as const;

import { describe, expect, it } from "vitest";
import { nextCorrection, seededRandom, solve, Survey, thresholdsFor } from "@/lib/prefill";
import { p99Of, predict } from "@/lib/prefill/predict";
import { find } from "@/lib/prefill/solve";
import { definitionOf, seenOf, type Told } from "./support/seen.ts";

const RULES = { withheldShare: 0.1, holdOutShare: 0, budgetIs: "limit", instances: 1 } as const;
const hits = [9e3, 10e3, 11e3, 10e3];

function surveyed(told: readonly Told[], inTime = 1e6): Survey {
  const definition = definitionOf(told, { announced: inTime, cold: inTime, visited: inTime, inTime });
  const survey = new Survey(thresholdsFor(definition.miss, definition.hit, [definition.targetUs]), 24);
  survey.open(definition);
  for (const [user, each] of told.entries()) survey.add(seenOf(user, each));
  return survey;
}

/** Users with ten misses each, a share of them above the target. */
function users(count: number, shareOf: (user: number) => number, seed = 1): Told[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, user) => ({
    miss: Array.from({ length: 10 }, () => (random() < shareOf(user) ? 900e3 : 100e3) * (0.9 + 0.2 * random())),
    hit: hits,
  }));
}

describe("a prediction", () => {
  it("does not take luck for habit: who is chosen for bad luck will be as lucky as others", () => {
    const survey = surveyed(users(600, () => 0.2));
    const budget = 20; // for one user in eight
    const { aim, prediction } = solve(survey, { ...RULES, goal: "slo", budgetSecondsPerHour: budget });
    const visits = aim.shares.reduce((sum, share) => sum + share * 10, 0);
    const avoidable = (visits * 0.2 * 0.9) / 24;
    expect(prediction.missesAvoidedPerHour / avoidable).toBeGreaterThan(0.7);
    expect(prediction.missesAvoidedPerHour / avoidable).toBeLessThan(1.3);
  });

  it("is what comes of it when the same users are drawn again", () => {
    const shareOf = (user: number) => (user % 10 === 0 ? 0.9 : 0.01);
    const survey = surveyed(users(1_000, shareOf));
    const { aim, prediction } = solve(survey, { ...RULES, goal: "slo", budgetSecondsPerHour: 10_000 });
    const chosen = new Map([...aim.chosen].map((at, place) => [survey.candidates.user[at]!, aim.shares[place]!]));
    const random = seededRandom(9);
    const latencies = users(1_000, shareOf, 77).flatMap(({ miss }, user) => [
      ...hits,
      ...miss.map((us) => (random() < 0.9 * (chosen.get(user) ?? 0) ? 10e3 : us)),
    ]);
    const realised = latencies.sort((a, b) => a - b)[Math.ceil(0.99 * latencies.length) - 1]!;
    expect(prediction.p99AfterUs! / realised).toBeGreaterThan(0.93);
    expect(prediction.p99AfterUs! / realised).toBeLessThan(1.07);
    expect(prediction.p99AfterUs!).toBeLessThan(prediction.p99BeforeUs!);
  });

  it("lies in its interval, which is narrower with more users", () => {
    const spread = (count: number) => {
      const told = users(count, (user) => (user % 7) / 20);
      const { p99AfterUs, p99AfterLowUs, p99AfterHighUs } = solve(surveyed(told), {
        ...RULES,
        goal: "p99",
        budgetSecondsPerHour: count / 40,
      }).prediction;
      expect(p99AfterLowUs).toBeLessThanOrEqual(p99AfterUs!);
      expect(p99AfterHighUs).toBeGreaterThanOrEqual(p99AfterUs!);
      return p99AfterHighUs! - p99AfterLowUs!;
    };
    expect(spread(4_000)).toBeLessThan(spread(200));
  });

  it("of a world that is being filled says what it would be without", () => {
    const told = users(1_000, (user) => (user % 50 === 0 ? 0.9 : 0.002));
    const idle = surveyed(told);
    // The slow were filled half of the time: five misses less, five hits more.
    const filled = told.map((each, user) =>
      user % 50 === 0 ? { ...each, miss: each.miss.slice(0, 6), hit: [...hits, ...hits] } : each,
    );
    const definition = definitionOf(filled, { announced: 1e6, cold: 1e6, visited: 1e6, inTime: 1e6 });
    const busy = new Survey(idle.thresholds, 24);
    busy.open(definition);
    for (const [user, each] of filled.entries())
      busy.add({ ...seenOf(user, each), ...(user % 50 === 0 ? { cold: 10, filled: 4 } : {}) });
    const before = (survey: Survey) => p99Of(survey.thresholds.us, survey.before, survey.count)!;
    expect(before(busy) / before(idle)).toBeGreaterThan(0.97);
    const wish = { ...RULES, goal: "slo", budgetSecondsPerHour: 100 } as const;
    const avoided = (survey: Survey) => solve(survey, wish).prediction.missesAvoidedPerHour;
    expect(avoided(busy) / avoided(idle)).toBeGreaterThan(0.8);
    expect(avoided(busy) / avoided(idle)).toBeLessThan(1.25);
  });
});

describe("the frontier", () => {
  it.each(["slo", "p99"] as const)("says of each budget what is predicted for it (goal %s)", (goal) => {
    const random = seededRandom(4);
    const latency = (user: number) => 60e3 * 1.08 ** (user % 40) * (0.8 + 0.4 * random());
    const survey = surveyed(
      Array.from({ length: 400 }, (_, user) => ({ miss: Array.from({ length: 10 }, () => latency(user)), hit: hits })),
    );
    const wish = { ...RULES, goal };
    const { frontier } = solve(survey, { ...wish, budgetSecondsPerHour: 1 });
    expect(frontier.length).toBeGreaterThan(3);
    for (const [at, { fillSecondsPerHour, p99Us }] of frontier.entries()) {
      const before = frontier[at - 1] ?? { fillSecondsPerHour: 0, p99Us: Number.POSITIVE_INFINITY };
      expect(fillSecondsPerHour).toBeGreaterThanOrEqual(before.fillSecondsPerHour);
      expect(p99Us).toBeLessThanOrEqual(before.p99Us);
      if (at % 4 !== 0) continue;
      const { aim } = find(survey, { ...wish, budgetSecondsPerHour: fillSecondsPerHour });
      const { p99AfterUs } = predict(survey, aim, fillSecondsPerHour, wish);
      expect(p99AfterUs! / p99Us).toBeGreaterThan(0.93);
      expect(p99AfterUs! / p99Us).toBeLessThan(1.07);
    }
  });
});

describe("the price's correction", () => {
  const spent = (spentSeconds: number, expectedFills = 1e6) =>
    nextCorrection(1, { spentSeconds, expectedSeconds: 100, expectedFills });

  it("rises when more is spent than expected, falls when less is, and stays otherwise", () => {
    expect(spent(200)).toBeGreaterThan(1.5);
    expect(spent(0)).toBeLessThan(0.7);
    expect(spent(100)).toBe(1);
    expect(nextCorrection(2, { spentSeconds: 5, expectedSeconds: 0, expectedFills: 0 })).toBe(2);
  });

  it("hardly heeds what a few fills tell", () => {
    expect(Math.abs(Math.log(spent(200, 2)))).toBeLessThan(0.05);
  });
});

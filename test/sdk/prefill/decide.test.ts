import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hourOfWeek } from "@/lib/sdk/src/prefill/chance-of-use";
import { decide, type Occasion, PLAN_LASTS_MS, type Readiness } from "@/lib/sdk/src/prefill/decide";
import { indexPlan } from "@/lib/sdk/src/prefill/plan-index";
import type { PlannedDefinition, PrefillPlan } from "@/lib/wire";

const NOW = Date.parse("2026-11-22T10:00:00Z");

const definition: PlannedDefinition = {
  name: "feed",
  targetUs: 500_000,
  use: 0.5,
  useAfter: { "POST /sign-in": 0.8, never: 0 },
  inTime: 0.9,
  delta: 0.1,
  costUs: 1_000_000,
  users: [
    { user: "slow", delta: 0.9, costUs: 1_500_000, use: 0.7 },
    { user: "quick", delta: 0, costUs: 20_000 },
    { user: "punctual", delta: 0.9, costUs: 1_000_000, hours: [[hourOfWeek(NOW), 0.8]], again: 0.6 },
  ],
};

function plan(change: Partial<PrefillPlan> = {}): PrefillPlan {
  return {
    v: 1,
    service: "shop",
    environment: "test",
    madeAtMs: NOW - 60_000,
    mode: "fill",
    withheldShare: 0,
    holdOutShare: 0,
    salt: "s",
    budgetSecondsPerHour: 100,
    price: 0.3,
    concurrency: 2,
    foregroundP95Us: null,
    definitions: [definition],
    ...change,
  };
}

const ready: Readiness = { open: false, braked: false, affords: () => true };

function asked(change: Partial<Occasion> = {}, changedPlan: Partial<PrefillPlan> = {}, state: Partial<Readiness> = {}) {
  const occasion = { id: "d", definition: "feed", ttlSeconds: 1800, user: "slow", signal: "session", nowMs: NOW };
  return decide(indexPlan(plan(changedPlan)), { ...occasion, ...change }, { ...ready, ...state });
}

describe("a decision", () => {
  it("fills who is worth it, and says by which numbers", () => {
    expect(asked()).toEqual({
      arm: "fill",
      numbers: { use: 0.7, delta: 0.9, costUs: 1_500_000, price: 0.3 / 0.9 },
      notAfterMs: NOW + 1_800_000,
      sampled: false,
    });
  });

  it.each([
    ["without a plan", () => decide(null, {} as Occasion, ready), "no plan"],
    ["when it is stopped", () => asked({}, { mode: "stop" }), "stopped"],
    ["by an old plan", () => asked({}, { madeAtMs: NOW - PLAN_LASTS_MS - 1 }), "old plan"],
    ["for a definition that the plan does not know", () => asked({ definition: "x" }), "unknown definition"],
    ["while a decision waits for its visit", () => asked({}, {}, { open: true }), "open"],
    ["below the price", () => asked({}, { price: 5 }), "price"],
    ["for who is slow on hits too, even for nothing", () => asked({ user: "quick" }, { price: 0 }), "price"],
    ["for users that are not named, below the price", () => asked({ user: "?" }), "price"],
    ["with the brakes on", () => asked({}, {}, { braked: true }), "braked"],
    ["beyond the budget", () => asked({}, {}, { affords: () => false }), "budget"],
    ["at a refresh of who does not come back", () => asked({ signal: "refresh" }, { price: 0 }), "price"],
    ["at a clock slot of who has no habit", () => asked({ signal: "clock" }, { price: 0 }), "price"],
  ])("is refused %s", (_, ask, refusal) => {
    expect(ask()).toEqual({ arm: null, refusal });
  });

  it("judges users that are not named by the definition's numbers", () => {
    expect(asked({ user: "?" }, { price: 0.01 })).toMatchObject({ arm: "fill", numbers: { use: 0.5, delta: 0.1 } });
  });

  it("knows refreshes and clock slots of those that have them", () => {
    const at = (signal: string, nowMs = NOW) => asked({ user: "punctual", signal, nowMs }, { madeAtMs: nowMs });
    expect(at("refresh")).toMatchObject({ numbers: { use: 0.6 } });
    expect(at("clock")).toMatchObject({ numbers: { use: 0.8 } });
    expect(at("clock", NOW + 3_600_000)).toEqual({ arm: null, refusal: "price" });
  });

  it("moves a user's own chance by how good the signal is", () => {
    const use = (signal: string, user = "slow") => {
      const verdict = asked({ signal, user }, { price: 1e-9 });
      return verdict.arm === null ? null : verdict.numbers.use;
    };
    expect(use("POST /sign-in")).toBeCloseTo(((0.7 / 0.3) * 4) / (1 + (0.7 / 0.3) * 4), 9);
    expect(use("POST /sign-in", "?")).toBe(0.8);
    expect(use("never")).toBe(null);
    expect(use("toString")).toBe(0.7);
  });

  it("only logs while it observes, whatever brakes and budget say", () => {
    const state = { braked: true, affords: () => false };
    expect(asked({}, { mode: "observe", withheldShare: 0.5, holdOutShare: 1 }, state)).toMatchObject({
      arm: "observe",
    });
  });

  it("holds users out before it withholds, and neither without the other", () => {
    expect(asked({}, { holdOutShare: 1, withheldShare: 1 })).toMatchObject({ arm: "held_out" });
    expect(asked({}, { withheldShare: 1 })).toMatchObject({ arm: "withheld" });
  });

  it("withholds only what would have been filled: chance decides last", () => {
    expect(asked({}, { withheldShare: 1 }, { affords: () => false })).toEqual({ arm: null, refusal: "budget" });
    expect(asked({}, { withheldShare: 1 }, { braked: true })).toEqual({ arm: null, refusal: "braked" });
  });

  it("logs a few of those below the price, so that their chance is learned too", () => {
    const verdicts = Array.from({ length: 5_000 }, (_, at) => asked({ id: String(at), user: "?" }));
    const sampled = verdicts.filter((verdict) => verdict.arm === "observe" && verdict.sampled).length;
    expect(sampled / 5_000).toBeGreaterThan(0.012);
    expect(sampled / 5_000).toBeLessThan(0.03);
  });

  it("gets no dearer with a lower price, and no likelier with a higher one", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (one, two) => {
          const [low, high] = [Math.min(one, two), Math.max(one, two)];
          if (asked({ id: "x" }, { price: high }).arm === "fill") expect(asked({}, { price: low }).arm).toBe("fill");
        },
      ),
    );
  });

  it("is one for weeks from Monday, in UTC", () => {
    expect(hourOfWeek(Date.parse("2026-11-23T00:00:00Z"))).toBe(0);
    expect(hourOfWeek(Date.parse("2026-11-22T23:59:59Z"))).toBe(167);
    expect(hourOfWeek(Date.parse("1969-12-29T05:00:00Z"))).toBe(5);
  });
});

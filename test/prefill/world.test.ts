import { beforeAll, describe, expect, it } from "vitest";
import { figuresOf, type RunFigures } from "@/bench/prefill/figures";
import { run, Trained } from "@/bench/prefill/runs";

/** The world of the bench, smaller: what it says must hold here too, less exactly. */
const SMALL = { users: 900, trainDays: 5, testDays: 3 };
let trained: Trained;
let p99: RunFigures;
let slo: RunFigures;

beforeAll(async () => {
  trained = await Trained.of(3, SMALL);
  p99 = await figuresOf(trained, { goal: "p99", share: 1 });
  slo = await figuresOf(trained, { goal: "slo", share: 1 });
}, 120_000);

describe("a small world with prefill", () => {
  it("has a lower tail, and fewer requests above the target", () => {
    expect(p99.p99).toBeGreaterThan(0.05);
    expect(slo.misses).toBeGreaterThan(0.08);
    expect(slo.misses).toBeGreaterThan(p99.misses);
  });

  it("becomes what was predicted", () => {
    expect(Math.abs(p99.error)).toBeLessThan(0.2);
    expect(Math.abs(slo.error)).toBeLessThan(0.2);
  });

  it("never spends more than its budget in an hour, and most fills are used", () => {
    for (const { beyond, unused } of [p99, slo]) {
      expect(beyond).toBeLessThanOrEqual(0.02);
      expect(unused).toBeLessThan(0.45);
    }
  });

  it("hardly fills for those whom no cache makes fast", () => {
    expect(p99.toFar).toBeLessThan(0.05);
    expect(slo.toFar).toBeLessThan(0.05);
  });

  it("shows that it works when it does, and not when fills do nothing", async () => {
    expect(slo.verdict).toBe("works");
    const { effect } = await run(trained, { goal: "slo", share: 1, idle: true });
    expect(effect.verdict).not.toBe("works");
  });
});

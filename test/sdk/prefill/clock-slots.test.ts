import { describe, expect, it } from "vitest";
import { hourOfWeek } from "@/lib/sdk/src/prefill/chance-of-use";
import { ClockSlots } from "@/lib/sdk/src/prefill/clock-slots";
import { indexPlan } from "@/lib/sdk/src/prefill/plan-index";
import type { PlannedUser, PrefillPlan } from "@/lib/wire";

const HOUR = 3_600_000;
const NINE = Date.parse("2026-11-16T09:00:00Z");

function plan(users: readonly PlannedUser[]) {
  const definition = { name: "feed", targetUs: 1, use: 0.5, useAfter: {}, inTime: 1, delta: 0, costUs: 1, users };
  return indexPlan({ definitions: [definition] } as unknown as PrefillPlan);
}

const users = (count: number, costUs: number, hour = hourOfWeek(NINE)): PlannedUser[] =>
  Array.from({ length: count }, (_, n) => ({ user: `u${n}`, delta: 1, costUs, hours: [[hour, 0.5]] }));

/** Takes every second from one time to another; by user, when. */
function taken(slots: ClockSlots, index: ReturnType<typeof plan> | null, fromMs: number, toMs: number) {
  const times = new Map<string, number>();
  for (let atMs = fromMs; atMs < toMs; atMs += 1_000)
    for (const { user } of slots.take(index, atMs, 4)) times.set(user, atMs - fromMs);
  return times;
}

describe("clock slots", () => {
  it("are each taken once in their hour, the most valuable first, and not in another", () => {
    const slots = new ClockSlots();
    const index = plan([
      ...users(3, 1_000),
      { user: "later", delta: 1, costUs: 1, hours: [[hourOfWeek(NINE) + 1, 0.5]] },
    ]);
    expect([...taken(slots, index, NINE - HOUR / 2, NINE).keys()]).toEqual([]);
    expect([...taken(slots, index, NINE, NINE + HOUR).keys()]).toEqual(["u0", "u1", "u2"]);
    expect([...taken(slots, index, NINE + HOUR, NINE + 2 * HOUR).keys()]).toEqual(["later"]);
  });

  it("leave half of the work that fills can do to whoever shows up", () => {
    // Four at once, so that two seconds of work a second are theirs: 3 s fills, two in three seconds.
    const times = [...taken(new ClockSlots(), plan(users(300, 3_000_000)), NINE, NINE + HOUR).values()];
    expect(times.length).toBe(300);
    const inFirstMinute = times.filter((ms) => ms < 60_000).length;
    expect(inFirstMinute).toBeGreaterThanOrEqual(39);
    expect(inFirstMinute).toBeLessThanOrEqual(41);
  });

  it("are given up after ten minutes, and after a plan was missing or the clock has jumped make no storm", () => {
    const many = plan(users(5_000, 3_000_000));
    expect(taken(new ClockSlots(), many, NINE, NINE + HOUR).size).toBeLessThan(410);
    expect(taken(new ClockSlots(), null, NINE, NINE + HOUR).size).toBe(0);
    const slots = new ClockSlots();
    slots.take(many, NINE, 4);
    expect(slots.take(many, NINE + 168 * HOUR, 4).length).toBeLessThanOrEqual(1);
    expect(slots.take(plan(users(500, 0)), NINE + 336 * HOUR, 4).length).toBeLessThanOrEqual(50);
  });
});

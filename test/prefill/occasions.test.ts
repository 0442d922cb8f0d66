import { describe, expect, it } from "vitest";
import { find } from "@/lib/prefill/solve";
import { nothingLearned, type Learned } from "@/lib/prefill/learned";
import type { Material } from "@/lib/prefill/material";
import { OccasionPlanner, type Occasions } from "@/lib/prefill/occasions";
import { lookAt } from "@/lib/prefill/outlook";
import { sumOf } from "@/lib/prefill/build-profiles";
import { UserTable } from "@/lib/query/user-table";
import { type Profile, ProfilePacker } from "@/lib/store/profile-pack";
import { rangeOf } from "./support/seen";

const HOUR = 3_600_000;
const MONDAY = Date.parse("2026-11-16T00:00:00Z");
const TWO_WEEKS = 336;
const RULES = { withheldShare: 0.1, holdOutShare: 0, budgetIs: "limit", instances: 1 } as const;

interface Told {
  cold: number;
  hours: number[];
  writes?: number;
  missUs?: number;
  lastHour?: number;
}

const NOW_HOUR = MONDAY / HOUR;
const weekdaysAt = (hour: number, visits: number) => [0, 1, 2, 3, 4].flatMap((day) => [day * 24 + hour, visits]);

function profileOf(user: number, { cold, hours, writes = 0, missUs = 900_000, lastHour = NOW_HOUR }: Told): Profile {
  const misses = Array.from({ length: Math.max(2, cold) }, () => missUs);
  return {
    high: 0,
    low: user,
    cold,
    loads: cold,
    loadUs: cold * missUs,
    writes,
    lastHour,
    missEven: rangeOf(misses.slice(1)),
    missOdd: rangeOf(misses.slice(1)),
    hit: rangeOf([5_000, 6_000]),
    hours,
  };
}

/** Plans for users, the first of whom is asked about; a hundred others come up to twenty times each. */
async function occasionsOf(
  first: Told,
  { price = 0, learned = {} }: { price?: number; learned?: Partial<Learned> } = {},
) {
  const packer = new ProfilePacker();
  packer.add(profileOf(1, first));
  for (let user = 2; user < 100; user++)
    packer.add(profileOf(user, { cold: user % 20, hours: [(user * 37) % 168, user % 20], missUs: 80_000 }));
  const chunks = packer.finish();
  const subject = {
    endpointId: 1,
    isCached: true,
    loadId: 2,
    writeId: 3,
    ttlSeconds: 1_800,
    name: "feed",
    mainEndpointId: null,
  };
  const span = { fromMs: MONDAY - TWO_WEEKS * HOUR, settledUptoMs: MONDAY, madeAtMs: MONDAY, tookMs: 0 };
  const material: Material = {
    scope: { id: 1, serviceId: 1, service: "shop", environment: "test" },
    users: new UserTable(),
    subjects: [
      {
        subject,
        state: { endpointId: 1, ...sumOf(chunks), ...span },
        learned: { ...nothingLearned(), ...learned },
        chunks: chunks.map(({ payload }) => payload),
      },
    ],
  };
  const outlook = await lookAt(material, { assumed: { targetUs: 500_000, hitUs: null }, nowMs: MONDAY });
  const found = find(outlook.survey, { ...RULES, goal: "slo", budgetSecondsPerHour: 1_000 });
  return new OccasionPlanner(outlook, found, RULES).of(0, () => price);
}

const nine = ({ hours = [] }: Occasions): number => hours.find(([hour]) => hour === 9)?.[1] ?? 0;
/** No signal announces anything, so that moments are all there is. */
const UNANNOUNCED = { announced: 0, firstMs: MONDAY - TWO_WEEKS * HOUR };

describe("moments that are no signals", () => {
  it("names the hours of a proven habit, and nothing for who comes at any hour", async () => {
    const habit = await occasionsOf({ cold: 20, hours: weekdaysAt(9, 4) });
    expect(habit.hours!.every(([hour]) => hour % 24 === 9 && hour < 120)).toBe(true);
    expect(nine(habit)).toBeGreaterThan(0.3);
    const scattered = await occasionsOf({
      cold: 20,
      hours: Array.from({ length: 20 }, (_, n) => [(n * 29) % 168, 1]).flat(),
    });
    expect(scattered.hours).toBeUndefined();
  });

  it("asks for a refresh for who comes again and again, more likely than for who does not", async () => {
    const often = await occasionsOf({ cold: 120, hours: weekdaysAt(9, 30) });
    const seldom = await occasionsOf({ cold: 6, hours: [0, 1, 30, 1, 60, 1, 90, 1, 120, 1, 150, 1] });
    expect(often.again!).toBeGreaterThan(0.5);
    expect(seldom.again ?? 0).toBeLessThan(0.1);
  });

  it("expects less of whose value is written often, and of who has been silent", async () => {
    const told = { cold: 20, hours: weekdaysAt(9, 4) };
    const usual = nine(await occasionsOf(told));
    expect(nine(await occasionsOf({ ...told, writes: TWO_WEEKS * 4 }))).toBeLessThan(0.7 * usual);
    expect(nine(await occasionsOf({ ...told, lastHour: NOW_HOUR - 300 }))).toBeLessThan(0.5 * usual);
  });

  it("is put right by what came of such moments before", async () => {
    const told = { cold: 20, hours: weekdaysAt(9, 4) };
    const none = { refresh: { expected: 0, followed: 0 }, clock: { expected: 200, followed: 100 } };
    const half = nine(await occasionsOf(told, { learned: { occasions: none } }));
    expect(half / nine(await occasionsOf(told))).toBeCloseTo(120 / 220, 2);
  });

  it("is named only when worth clearly more than the price, by what signals leave over", async () => {
    const told = { cold: 20, hours: weekdaysAt(9, 4) };
    const found = await occasionsOf(told, { learned: UNANNOUNCED });
    const worth = (nine(found) * 0.9) / 0.9 / 2.5; // Δ about 1, in time nine times in ten, 0.9 s a fill
    expect((await occasionsOf(told, { learned: UNANNOUNCED, price: worth * 0.7 })).hours).toBeDefined();
    expect((await occasionsOf(told, { learned: UNANNOUNCED, price: worth * 1.4 })).hours).toBeUndefined();
    expect(await occasionsOf({ ...told, missUs: 20_000 }, { price: 0.01 })).toEqual({});
  });
});

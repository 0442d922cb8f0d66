import { describe, expect, it } from "vitest";
import { DAY_SECONDS, nextVisit, sessionsPerSecond } from "@/lib/demo/day";
import { draw, zipf } from "@/lib/demo/population";
import { nextWaitSeconds, randomFrom } from "@/lib/demo/random";

describe("the demo's people", () => {
  it("follow Zipf's law: the first of 1,000 is drawn as often as its part says", () => {
    const sums = zipf(1_000, 1);
    const random = randomFrom(7);
    let first = 0;
    for (let n = 0; n < 100_000; n++) if (draw(sums, random) === 0) first++;
    expect(first / 100_000).toBeCloseTo(sums[0]!, 2);
    expect(sums[999]).toBeCloseTo(1, 12);
  });

  it("draw never leaves the range, whatever the random number", () => {
    const sums = zipf(3, 1);
    expect([0, 0.5, 0.999_999_999, 1 - 2 ** -53].map((at) => draw(sums, () => at))).toEqual([0, 0, 2, 2]);
  });

  it("arrive at the rate that was asked for", () => {
    const random = randomFrom(3);
    let seconds = 0;
    for (let n = 0; n < 50_000; n++) seconds += nextWaitSeconds(random, 4);
    expect(50_000 / seconds).toBeCloseTo(4, 1);
  });

  it("have a quiet and a busy time in each compressed day", () => {
    const rates = Array.from({ length: 60 }, (_, n) => sessionsPerSecond((n * DAY_SECONDS) / 60));
    expect(Math.max(...rates) / Math.min(...rates)).toBeGreaterThan(2.5);
    expect(sessionsPerSecond(DAY_SECONDS / 4)).toBeCloseTo(sessionsPerSecond(DAY_SECONDS / 4 + DAY_SECONDS), 9);
  });

  it("are the same at every start", () => {
    const visits = () => {
      const random = randomFrom(11);
      return Array.from({ length: 20 }, () => nextVisit(random));
    };
    expect(visits()).toEqual(visits());
    expect(
      visits()
        .flatMap(({ steps }) => steps)
        .every(({ path }) => path.startsWith("/")),
    ).toBe(true);
  });

  it("come to their feed first, or from a thread that a link led to", () => {
    const random = randomFrom(12);
    const starts = Array.from({ length: 2_000 }, () => nextVisit(random).steps);
    const atOnce = starts.filter(([first]) => first!.path === "/feed");
    expect(atOnce.length / starts.length).toBeCloseTo(0.3, 1);
    for (const [first, second] of starts.filter((steps) => !atOnce.includes(steps))) {
      expect([first!.path.slice(0, 9), second!.path]).toEqual(["/threads/", "/feed"]);
      expect(second!.atMs - first!.atMs).toBeGreaterThanOrEqual(400);
    }
  });
});

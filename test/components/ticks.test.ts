import { describe, expect, test } from "vitest";
import { figureTicks, latencyLabel, latencyTicks, logLatencyTicks, timeTicks } from "@/components/charts/ticks";

const labels = (ticks: { label: string }[]) => ticks.map(({ label }) => label);
const at = (text: string) => Date.parse(text);

describe("ticks over time", () => {
  test("three hours have whole half hours", () => {
    const range = { fromMs: at("2026-11-22T09:10:00Z"), toMs: at("2026-11-22T12:10:00Z") };
    expect(labels(timeTicks(range, 7, "UTC"))).toEqual(["09:30", "10:00", "10:30", "11:00", "11:30", "12:00"]);
  });

  test("midnight is named by its day, in the zone's own time", () => {
    const range = { fromMs: at("2026-11-21T20:00:00Z"), toMs: at("2026-11-22T02:00:00Z") };
    expect(labels(timeTicks(range, 4, "Europe/Berlin"))).toEqual(["22:00", "22 Nov", "02:00"]);
  });

  test("days begin at the zone's midnight on both sides of a change of its offset", () => {
    const range = { fromMs: at("2026-10-23T00:00:00Z"), toMs: at("2026-10-28T00:00:00Z") };
    const ticks = timeTicks(range, 6, "Europe/Berlin");
    expect(ticks.map(({ value }) => new Date(value).toISOString().slice(8, 16))).toEqual([
      "23T22:00",
      "24T22:00",
      "25T23:00",
      "26T23:00",
      "27T23:00",
    ]);
    expect(labels(ticks)).toEqual(["24 Oct", "25 Oct", "26 Oct", "27 Oct", "28 Oct"]);
  });

  test("a minute has seconds", () => {
    const range = { fromMs: at("2026-11-22T09:00:00Z"), toMs: at("2026-11-22T09:01:00Z") };
    expect(labels(timeTicks(range, 3, "UTC"))).toEqual(["09:00:00", "09:00:30", "09:01:00"]);
  });

  test.each([900, 86_400, 90 * 86_400, 400 * 86_400])("never more than asked for in %d s", (seconds) => {
    const toMs = at("2026-11-22T09:13:20Z");
    const ticks = timeTicks({ fromMs: toMs - seconds * 1_000, toMs }, 6, "America/New_York");
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThanOrEqual(7);
  });
});

describe("ticks of latency", () => {
  test.each([
    [2_310_000, ["0", "1 s", "2 s", "3 s"]],
    [7_400, ["0", "2 ms", "4 ms", "6 ms", "8 ms"]],
    [640, ["0", "200 µs", "400 µs", "600 µs", "800 µs"]],
    [1_000_000, ["0", "500 ms", "1 s"]],
    [150_000_000, ["0", "1 min", "2 min", "3 min"]],
    [3_600_000_000, ["0", "15 min", "30 min", "45 min", "60 min"]],
    [1, ["0", "1 µs"]],
  ])("up to %d µs", (highest, expected) => expect(labels(latencyTicks(highest))).toEqual(expected));

  test("the top tick is never below the highest value", () => {
    for (let us = 1; us < 3_600_000_000; us = Math.ceil(us * 1.37))
      expect(latencyTicks(us).at(-1)!.value).toBeGreaterThanOrEqual(us * 0.998);
  });

  test("a log axis has whole decades around what is shown", () =>
    expect(labels(logLatencyTicks(1_900, 2_300_000))).toEqual(["1 ms", "10 ms", "100 ms", "1 s", "10 s"]));

  test("one decade at least", () => expect(labels(logLatencyTicks(5, 5))).toEqual(["1 µs", "10 µs"]));

  test("minutes are said as minutes", () => expect(latencyLabel(600_000_000)).toBe("10 min"));
});

test("rates are round", () => {
  expect(labels(figureTicks(2.13, (v) => `${v}/s`, 3))).toEqual(["0", "1/s", "2/s", "3/s"]);
  expect(labels(figureTicks(0, String, 3))[0]).toBe("0");
});

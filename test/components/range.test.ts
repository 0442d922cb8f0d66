import { describe, expect, test } from "vitest";
import { refreshMs } from "@/components/range/refresh";
import { timeOf } from "@/components/range/time-text";
import {
  isLive,
  narrowRange,
  questionSearch,
  rangeOf,
  stepRange,
  USUAL_PERCENTILES,
  viewSearch,
  widenRange,
  type View,
} from "@/components/range/view";
import { fromWallClock, toWallClock } from "@/components/range/wall-clock";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const HOUR = 3_600_000;
const view = (changes: Partial<View> = {}): View => ({
  service: "",
  environment: "",
  from: "now-1h",
  to: "now",
  compare: "before",
  percentiles: USUAL_PERCENTILES,
  ...changes,
});

describe("times in an address", () => {
  test.each([
    ["now", NOW],
    ["now-15m", NOW - 900_000],
    ["now-2w", NOW - 14 * 24 * HOUR],
    ["2026-11-22T10:00:00Z", NOW - 2 * HOUR],
    ["yesterday", NaN],
    ["now+1h", NaN],
    ["", NaN],
  ])("%s", (text, ms) => expect(timeOf(text, NOW)).toBe(ms));

  test("ends in the wrong order mean the last hour", () =>
    expect(rangeOf({ from: "now", to: "now-1h" }, NOW)).toEqual({ fromMs: NOW - HOUR, toMs: NOW }));

  test("only a range with two relative ends is live", () => {
    expect(isLive(view())).toBe(true);
    expect(isLive(view({ to: "2026-11-22T10:00:00Z" }))).toBe(false);
  });
});

describe("moving a range", () => {
  const range = { fromMs: NOW - 3 * HOUR, toMs: NOW - 2 * HOUR };
  test("back", () =>
    expect(stepRange(range, -1, NOW)).toEqual({ from: "2026-11-22T08:00:00Z", to: "2026-11-22T09:00:00Z" }));
  test("forward, never past now", () =>
    expect(stepRange({ fromMs: NOW - 1.5 * HOUR, toMs: NOW - 0.5 * HOUR }, 1, NOW)).toEqual({
      from: "2026-11-22T11:00:00Z",
      to: "2026-11-22T12:00:00Z",
    }));
  test("wider around its middle", () =>
    expect(widenRange(range, NOW)).toEqual({ from: "2026-11-22T08:30:00Z", to: "2026-11-22T10:30:00Z" }));
  test("wider at now goes back only", () =>
    expect(widenRange({ fromMs: NOW - HOUR, toMs: NOW }, NOW)).toEqual({
      from: "2026-11-22T10:00:00Z",
      to: "2026-11-22T12:00:00Z",
    }));
  test("dragged from right to left", () =>
    expect(narrowRange(NOW, NOW - HOUR)).toEqual({ from: "2026-11-22T11:00:00Z", to: "2026-11-22T12:00:00Z" }));
  test("a tiny drag is a minute", () =>
    expect(narrowRange(NOW, NOW + 2_000)).toEqual({ from: "2026-11-22T11:59:31Z", to: "2026-11-22T12:00:31Z" }));
});

describe("questions", () => {
  test("hold the view", () =>
    expect(questionSearch(view({ service: "shop", compare: "day" }))).toBe(
      "service=shop&from=now-1h&to=now&percentiles=50%2C95%2C99%2C99.9&compare=day",
    ));
  test("leave out what another question does not know", () =>
    expect(questionSearch(view({ service: "shop" }), { only: ["from", "to"] })).toBe("from=now-1h&to=now"));
  test("never ask what would be refused", () =>
    expect(questionSearch(view({ from: "now", to: "now-1h", percentiles: [0, 120, 1e-9], compare: "off" }))).toBe(
      "from=now-1h&to=now&percentiles=50%2C95%2C99%2C99.9",
    ));
  test("an address says only what is not usual", () => {
    expect(viewSearch(view())).toBe("");
    expect(viewSearch(view({ from: "now-7d", service: "a&b" }))).toBe("?service=a%26b&from=now-7d");
  });
});

test.each([
  ["now-15m", 5_000],
  ["now-3h", 15_000],
  ["now-30d", 60_000],
])("a range from %s is asked again every %d ms", (from, ms) => expect(refreshMs({ from, to: "now" })).toBe(ms));

test("a fixed range is not asked again", () =>
  expect(refreshMs({ from: "2026-11-22T10:00:00Z", to: "now" })).toBe(false));

describe("wall clocks", () => {
  test.each(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"])("%s goes there and back", (zone) => {
    for (const text of ["2026-11-22T09:41", "2026-07-01T00:00"])
      expect(toWallClock(fromWallClock(text, zone)!, zone)).toBe(text);
  });
  test("nothing typed is nothing", () => expect(fromWallClock("", "UTC")).toBeNull());
});

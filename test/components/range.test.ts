import { describe, expect, test } from "vitest";
import { refreshMs } from "@/components/range/refresh";
import { timeOf } from "@/components/range/time-text";
import { unreadOf } from "@/components/range/unread";
import {
  fromInAddress,
  isLive,
  narrowRange,
  questionSearch,
  rangeOf,
  stepRange,
  usualFrom,
  USUAL_PERCENTILES,
  viewOf,
  viewSearch,
  widenRange,
  type View,
} from "@/components/range/view";
import { fromWallClock, toWallClock } from "@/components/range/wall-clock";
import { isTime } from "@/lib/query/time";

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

  test.each([
    "now-15m",
    "now-999999999w",
    "now-999999999d",
    "2026-11-22",
    "2026-11-22T10:00Z",
    "2026-11-22T10:00:00.123456789+01:00",
    "2026-11-22T10:00:00",
    "2026-11-22 10:00:00Z",
    "2026-13-01",
    "2026-02-31T00:00:00Z",
    "20261122",
    "Now",
    " now",
  ])("%j is a time here exactly when the server takes it", (text) =>
    expect(!Number.isNaN(timeOf(text, NOW))).toBe(isTime(text)),
  );

  test("ends in the wrong order mean the last hour", () =>
    expect(rangeOf({ from: "now", to: "now-1h" }, NOW)).toEqual({ fromMs: NOW - HOUR, toMs: NOW }));

  test("an end further ahead than anything is kept means now", () =>
    expect(rangeOf({ from: "now-1h", to: "9999-12-31" }, NOW)).toEqual({ fromMs: NOW - HOUR, toMs: NOW }));

  test("only a range with two relative ends is live", () => {
    expect(isLive(view())).toBe(true);
    expect(isLive(view({ to: "2026-11-22T10:00:00Z" }))).toBe(false);
  });
});

describe("what an address says in vain", () => {
  const unread = (search: string) => unreadOf(new URLSearchParams(search));
  test.each([
    "",
    "from=now-7d",
    "from=2026-11-22T10:00:00Z&to=now",
    "compare=off&percentiles=50,99.99",
    "service=&q=x",
  ])("%s: nothing", (search) => expect(unread(search)).toEqual([]));
  test.each([
    ["from=yesterday", "from: “yesterday” is no time. The range begins an hour ago.", { from: "now-1h" }],
    ["to=", "to: “” is no time. The range ends now.", { to: "now" }],
    [
      "from=now&to=now-1h",
      "from is not before to (now, now-1h). The last hour is shown.",
      { from: "now-1h", to: "now" },
    ],
    [
      "to=2020-01-01",
      "from is not before to (now-1h, 2020-01-01). The last hour is shown.",
      { from: "now-1h", to: "now" },
    ],
    [
      "compare=year",
      "compare: “year” is none of off, before, day, week. It is compared with the period before.",
      { compare: "before" },
    ],
    ["percentiles=50,p99", "percentiles: “p99” is no number above 0 up to 100. It is left out.", { percentiles: [50] }],
    [
      "percentiles=",
      "percentiles: “” is no number above 0 up to 100. It is left out.",
      { percentiles: USUAL_PERCENTILES },
    ],
    [
      "percentiles=1,2,3,4,5,6,7,8,9,10,11",
      "percentiles: there are more than 10. The first 10 are shown.",
      { percentiles: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
    ],
  ])("%s", (search, text, instead) => expect(unread(search)).toEqual([{ text, instead }]));

  test("each of several is told, and a long one is cut", () =>
    expect(unread(`from=${"x".repeat(99)}&to=y`).map(({ text }) => text)).toEqual([
      `from: “${"x".repeat(39)}…” is no time. The range begins an hour ago.`,
      "to: “y” is no time. The range ends now.",
    ]));
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

describe("a range that the address does not name", () => {
  const asked = (from: string | null, to = "now") => viewOf({ ...view(), from, to }, "now-15m").from;
  test.each([
    [null, "now-15m"],
    [NOW - 60_000, "now-15m"],
    [NOW - 900_000, "now-15m"],
    [NOW - 901_000, "now-1h"],
    [NOW - 24 * HOUR, "now-1h"],
  ])("begins by the first sample (%d)", (first, from) => expect(usualFrom(first, NOW)).toBe(from));
  test("is the usual one, and only one that ends now is short", () =>
    expect([asked(null), asked("now-1h"), asked(null, "now-30m")]).toEqual(["now-15m", "now-1h", "now-1h"]));
  test("what is chosen is in the address, unless it is usual for good", () => {
    expect(fromInAddress("now-1h", "now-1h")).toBeNull();
    expect(fromInAddress("now-1h", "now-15m")).toBe("now-1h");
    expect(fromInAddress("now-15m", "now-15m")).toBe("now-15m");
  });
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

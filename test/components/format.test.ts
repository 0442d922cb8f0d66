import { describe, expect, test } from "vitest";
import { formatChange, formatPoints } from "@/components/format/change";
import { formatBytes, formatCount, formatRate, formatRequests } from "@/components/format/count";
import { formatAge, formatAgo, formatDuration, formatSpan, formatWidth } from "@/components/format/duration";
import { samplesWanted } from "@/components/format/percentile";
import { formatShare } from "@/components/format/share";
import { formatMomentFully, formatRange, zoneOffsetMs } from "@/components/format/time";

const plain = (text: string | undefined) => text?.replaceAll("\u00a0", " ");
const SECOND = 1_000_000;

describe("durations", () => {
  test.each([
    [0, "0 µs"],
    [1, "1 µs"],
    [840, "840 µs"],
    [999, "999 µs"],
    [1_000, "1.00 ms"],
    [12_400, "12.4 ms"],
    [610_000, "610 ms"],
    [999_400, "999 ms"],
    [999_600, "1.00 s"],
    [1_240_000, "1.24 s"],
    [59.94 * SECOND, "59.9 s"],
    [59.96 * SECOND, "1 min 00 s"],
    [125 * SECOND, "2 min 05 s"],
    [3_599.4 * SECOND, "59 min 59 s"],
    [3_600 * SECOND, "1 h 00 min"],
  ])("%d µs is %s", (us, text) => expect(plain(formatDuration(us))).toBe(text));

  test.each([
    [0, "0 s"],
    [500_000, "500 ms"],
    [125 * SECOND, "2 min 05 s"],
    [41.3 * 60 * SECOND, "41 min"],
    [59.7 * 60 * SECOND, "1 h 00 min"],
    [200 * 60 * SECOND, "3 h 20 min"],
    [51 * 3_600 * SECOND, "2 d 3 h"],
  ])("a span of %d µs is %s", (us, text) => expect(plain(formatSpan(us))).toBe(text));

  test.each([
    [10, "10 s"],
    [900, "15 min"],
    [10_800, "3 h"],
    [1_209_600, "14 d"],
    [90, "1 min 30 s"],
  ])("a width of %d s is %s", (seconds, text) => expect(plain(formatWidth(seconds))).toBe(text));

  test.each([
    [-5, "0 s"],
    [4_900, "4 s"],
    [200_000, "3 min"],
    [8_000_000, "2 h"],
    [5 * 86_400_000, "5 d"],
  ])("an age of %d ms is %s", (ms, text) => expect(plain(formatAge(ms))).toBe(text));

  test.each([
    [4_000, "4 s ago"],
    [0, "0 s ago"],
    [-9_000, "0 s ago"],
    [-9 * 60_000, "9 min ahead"],
  ])("what is %d ms old is told as %s", (ms, text) => expect(plain(formatAgo(ms))).toBe(text));
});

describe("counts", () => {
  test.each([
    [0, "0"],
    [1_204, "1,204"],
    [9_999, "9,999"],
    [10_000, "10.0 k"],
    [18_304, "18.3 k"],
    [252_339, "252 k"],
    [999_700, "1.0 M"],
    [2_140_000, "2.1 M"],
    [3e12, "3000 G"],
  ])("%d is %s", (count, text) => expect(plain(formatCount(count))).toBe(text));

  test.each([
    [0, "0"],
    [0.0012, "0.0012"],
    [1.2, "1.20"],
    [23.42, "23.4"],
    [1_204, "1,204"],
  ])("%d a second is %s", (rate, text) => expect(plain(formatRate(rate))).toBe(text));

  test.each([
    [812, "812 B"],
    [1_434, "1.4 KiB"],
    [1_048_570, "1.0 MiB"],
    [18 * 1024 ** 3, "18.0 GiB"],
  ])("%d bytes are %s", (bytes, text) => expect(plain(formatBytes(bytes))).toBe(text));

  test("one request is not several", () => {
    expect(formatRequests(1)).toBe("1 request");
    expect(formatRequests(18_304)).toBe("18,304 requests");
  });
});

describe("shares", () => {
  test.each([
    [0, "0 %"],
    [0.00001, "< 0.01 %"],
    [0.0021, "0.21 %"],
    [0.00997, "1.0 %"],
    [0.019, "1.9 %"],
    [0.38, "38 %"],
    [0.971, "97.1 %"],
    [0.99999, "> 99.9 %"],
    [1, "100 %"],
  ])("%d is %s", (part, text) => expect(plain(formatShare(part))).toBe(text));
});

describe("changes", () => {
  test.each([
    [100, 118, "▲ 18 %"],
    [100, 98, "▼ 2 %"],
    [100, 100.2, "= same"],
    [0, 0, "= same"],
    [0, 5, undefined],
    [null, 5, undefined],
    [5, null, undefined],
    [10, 123, "▲ 12 ×"],
    [1, 1_234, "▲ 1200 ×"],
  ])("from %s to %s is %s", (before, now, text) => expect(plain(formatChange(before, now)?.text)).toBe(text));

  test.each([
    [0.005, 0.009, "▲ 0.4 pt"],
    [0.005, 0.0047, "▼ 0.03 pt"],
    [0.005, 0.005, "= same"],
    [null, 0.1, undefined],
  ])("a share from %s to %s is %s", (before, now, text) => expect(plain(formatPoints(before, now)?.text)).toBe(text));
});

describe("times", () => {
  const noon = Date.UTC(2026, 10, 22, 12, 0, 0);
  test("a range of one day names the day once", () =>
    expect(formatRange(noon - 10_800_000, noon, "UTC")).toBe("22 Nov, 09:00 to 12:00"));
  test("a range that ends at midnight is of one day", () =>
    expect(formatRange(noon, noon + 43_200_000, "UTC")).toBe("22 Nov, 12:00 to 00:00"));
  test("a range over days names both", () =>
    expect(formatRange(noon - 86_400_000, noon, "UTC")).toBe("21 Nov, 12:00 to 22 Nov, 12:00"));
  test("a zone is said", () =>
    expect(formatMomentFully(noon, "Europe/Berlin")).toBe("22 Nov 2026, 13:00:00 Europe/Berlin"));
  test.each([
    ["UTC", noon, 0],
    ["Europe/Berlin", noon, 3_600_000],
    ["Europe/Berlin", Date.UTC(2026, 6, 1), 7_200_000],
    ["Asia/Kolkata", noon + 417, 19_800_000],
    ["America/New_York", noon, -18_000_000],
  ])("%s at %d is ahead by %d ms", (zone, at, offset) => expect(zoneOffsetMs(at, zone)).toBe(offset));
});

test.each([
  [50, 2],
  [95, 20],
  [99, 100],
  [99.9, 1_000],
  [99.99, 10_000],
  [100, 1],
])("p%d wants %d samples", (q, n) => expect(samplesWanted(q)).toBe(n));

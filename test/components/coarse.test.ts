import { expect, test } from "vitest";
import { coarseWords } from "@/components/answer/coarse-words";

const SOME = "Some of these latencies came in OpenTelemetry’s buckets: a percentile";

test.each([
  [{ errorPercent: 151.95, aboveUs: 5_000, belowUs: 10_000_000 }, " from 5.00 ms to 10.0 s may be off by up to 152 %."],
  [{ errorPercent: 151.95, aboveUs: 5_000, belowUs: null }, " from 5.00 ms may be off by up to 152 %."],
  [{ errorPercent: 4.2, aboveUs: 0, belowUs: 10_000_000 }, " up to 10.0 s may be off by up to 5 %."],
  [{ errorPercent: 4.2, aboveUs: 0, belowUs: null }, " may be off by up to 5 %."],
])("%o is told in one sentence", (coarse, words) => {
  expect(coarseWords(coarse).replaceAll("\u00a0", " ")).toBe(SOME + words);
});

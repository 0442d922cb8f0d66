import { expect, it } from "vitest";
import { coveredSeconds } from "@/lib/query/covered";

const range = { fromSeconds: 1_000, toSeconds: 2_000 };

it.each([
  ["a service older than the range", 0, 5_000, 1_000],
  ["a range that ends ahead of the clock", 0, 1_990, 990],
  ["a service that began within the range", 1_400, 5_000, 600],
  ["a service that began a minute ago", 1_930, 1_990, 60],
  ["a range from before anything was sent", 2_500, 5_000, 0],
  ["a range that is all ahead", 0, 900, 0],
  ["nothing that was ever sent", null, 1_990, 0],
])("%s", (_, first, now, seconds) => {
  expect(coveredSeconds(range, first, now)).toBe(seconds);
});

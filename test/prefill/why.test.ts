import { expect, test } from "vitest";
import { why, type WhyFacts } from "@/lib/prefill/why";

const FACTS: WhyFacts = {
  visits: 31,
  hours: 240,
  aroundHour: 9,
  targetUs: 501_759,
  coldOver: 0.92,
  warmOver: 0.01,
  costUs: 1_412_000,
};

test("says who comes when, what computing and filling mean for them, and what a fill costs", () => {
  expect(why(FACTS)).toBe(
    "visits 3.1 times a day around 09:00 UTC; 92 % of cold visits exceed 500 ms, 1 % of warm ones; a fill costs 1.4 s",
  );
});

test.each<[Partial<WhyFacts>, string]>([
  [{ visits: 240, hours: 24 }, "visits 240 times a day;"],
  [{ visits: 10, hours: 240 }, "visits once a day;"],
  [{ visits: 0.9, hours: 240 }, "visits less than once in ten days;"],
  [{ visits: 12, hours: 4 / 60 }, "visited 12 times in 4 min;"],
  [{ visits: 1, hours: 1 / 60 }, "visited once in 1 min;"],
  [{ visits: 3, hours: 23.6 }, "visited 3 times in 24 h;"],
])("%o: %s", (changes, begins) => {
  expect(why({ ...FACTS, aroundHour: null, ...changes })).toContain(begins);
});

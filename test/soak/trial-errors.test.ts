import { expect, test } from "vitest";
import { DRAWS, seeded, simulate } from "../loading/simulate.ts";

/** As in test/loading/trial.test.ts, of more trials, that last longer and are looked at more often. */
test.each(Object.entries(DRAWS))("without a difference, 5 % at most are ever told to have one: %s", (name, draw) => {
  const random = seeded(2_026);
  const runs = 1_000;
  const told = Array.from({ length: runs }, () => simulate(draw, random, { most: 5_000, every: 50 })).filter(
    ({ verdict }) => verdict !== null,
  );
  console.log(`${name}: ${told.length} of ${runs} trials without a difference were told to have one`);
  expect(told.length / runs).toBeLessThanOrEqual(0.05);
});

test("how many requests it takes to find what is twice as fast", () => {
  const random = seeded(2_027);
  const found = Array.from({ length: 500 }, () =>
    simulate(DRAWS["a long tail"]!, random, { most: 5_000, every: 25, factor: { join: 1, query: 2 } }),
  );
  const requests = found.map((each) => each.requests).toSorted((a, b) => a - b);
  console.log(`median ${requests[250]}, p95 ${requests[475]}, most ${requests[499]}`);
  expect(found.every(({ verdict }) => verdict === "join")).toBe(true);
  expect(requests[475]).toBeLessThanOrEqual(1_500);
});

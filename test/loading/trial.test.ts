import { describe, expect, test } from "vitest";
import { addSample, analyseTrial, harmIn, type Strategy, type TrialCells } from "@/lib/loading/index";
import { DRAWS, seeded, simulate } from "./simulate";

describe.each(Object.entries(DRAWS))("durations of %s", (_, draw) => {
  test("without a difference, 5 % at most are ever told to have one, though they are looked at after each batch", () => {
    const random = seeded(7);
    const told = Array.from({ length: 120 }, () => simulate(draw, random, { most: 1_500, every: 75 })).filter(
      ({ verdict }) => verdict !== null,
    );
    expect(told.length).toBeLessThanOrEqual(6);
  });
});

test.each([
  ["join", { join: 1, query: 2 }],
  ["query", { join: 2, query: 1 }],
] as const)("twice as fast: %s is found within 1,500 requests", (faster, factor) => {
  const random = seeded(11);
  const all = Array.from({ length: 30 }, () =>
    simulate(DRAWS["a long tail"]!, random, { most: 1_500, every: 50, factor }),
  );
  expect(all.map(({ verdict }) => verdict)).toEqual(all.map(() => faster));
});

function cellsOf(samples: [Strategy, number, number?][], failed: Partial<Record<Strategy, number>> = {}): TrialCells {
  const cells: TrialCells = [];
  const about = { databaseUs: 1_000, statements: 3, records: 5 };
  for (const [assigned, times, durationUs = 0] of samples)
    for (let at = 0; at < times; at++)
      addSample(cells, {
        ...about,
        assigned,
        ran: assigned,
        size: 0,
        durationUs: durationUs + (at % 100),
        failed: false,
      });
  for (const [assigned, times] of Object.entries(failed) as [Strategy, number][])
    for (let at = 0; at < times; at++)
      addSample(cells, { ...about, assigned, ran: "unclear", size: 0, durationUs: 1, failed: true });
  return cells;
}

describe("harm", () => {
  test("a p95 that is clearly past the factor", () => {
    const cells = cellsOf([
      ["join", 1_000, 30_000],
      ["query", 1_000, 10_000],
    ]);
    expect(harmIn(cells, 2)).toEqual({ strategy: "join", reason: "slow" });
    expect(harmIn(cells, 4)).toBeUndefined();
  });

  test("not while few requests were seen", () => {
    const cells = cellsOf([
      ["join", 30, 900_000],
      ["query", 30, 10_000],
    ]);
    expect(harmIn(cells, 2)).toBeUndefined();
  });

  test("more errors than by chance, and not some errors of both", () => {
    const same: [Strategy, number, number][] = [
      ["join", 100, 1_000],
      ["query", 100, 1_000],
    ];
    expect(harmIn(cellsOf(same, { query: 15 }), 2)).toEqual({ strategy: "query", reason: "errors" });
    expect(harmIn(cellsOf(same, { query: 15, join: 12 }), 2)).toBeUndefined();
    expect(harmIn(cellsOf(same, { query: 5 }), 2)).toBeUndefined();
  });
});

test("the winner can differ by size, and the whole is told apart from it", () => {
  const cells = cellsOf([
    ["join", 2_500, 1_000],
    ["query", 2_500, 5_000],
  ]);
  const about = { databaseUs: 0, statements: 1, records: 500, failed: false, size: 2 };
  for (let at = 0; at < 2_000; at++) {
    addSample(cells, { ...about, assigned: "join", ran: "query", durationUs: 90_000 + at });
    addSample(cells, { ...about, assigned: "query", ran: "query", durationUs: 30_000 + at });
  }
  const { verdict, bySize, fellBack, statements } = analyseTrial(cells);
  expect(bySize.map((each) => [each.size, each.verdict])).toEqual([
    ["0–9", "join"],
    ["100–999", "query"],
  ]);
  expect(verdict).toBe("mixed");
  expect(fellBack).toEqual({ join: 2_000, query: 0 });
  expect(statements.join).toBeCloseTo(9_500 / 4_500);
});

test("nothing is told of nothing", () => {
  const { verdict, percentiles, bySize, databaseUs } = analyseTrial([]);
  expect({ verdict, bySize, databaseUs }).toEqual({
    verdict: "no_difference_yet",
    bySize: [],
    databaseUs: { join: null, query: null },
  });
  expect(percentiles[1]).toMatchObject({ join: { valueUs: null, lowUs: 0, highUs: null }, differenceLowUs: null });
});

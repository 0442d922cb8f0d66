import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assign, chanceOf } from "@/lib/sdk/src/trials/assign";
import { countRecords } from "@/lib/sdk/src/trials/count-records";
import { readTrials } from "@/lib/sdk/src/trials/options";
import { ranBy } from "@/lib/sdk/src/trials/ran";
import { RunningTrial } from "@/lib/sdk/src/trials/running-trial";
import { isComparable, isSameAnswer } from "@/lib/sdk/src/trials/same-answer";
import type { Strategy } from "@/lib/loading/index";

describe("a request's strategy", () => {
  test("is the same each time, half of each, and of another trial independent", () => {
    const requests = Array.from({ length: 4_000 }, (_, at) => at);
    const joined = (trial: string) =>
      requests.map((request) => assign(chanceOf(request, trial), undefined, 0.5) === "join");
    const [one, again, other] = [joined("feed"), joined("feed"), joined("post")];
    expect(one).toEqual(again);
    const both = one.filter((first, at) => first && other[at]).length;
    for (const share of [one.filter(Boolean).length / 4_000, (2 * both) / 4_000]) expect(share).toBeCloseTo(0.5, 1);
  });

  test("once it is settled, few go on with the other", () => {
    expect(assign(0.01, "join", 0.02)).toBe("query");
    expect(assign(0.03, "join", 0.02)).toBe("join");
  });

  test("settles only where it was asked to explore", () => {
    const [plain, exploring] = [undefined, 0.02].map((explore) => {
      const { trials } = readTrials([{ op: "Post.findMany", ...(explore === undefined ? {} : { explore }) }]);
      const running = new RunningTrial(trials[0]!, () => undefined);
      const sample = { ran: "query", size: 0, databaseUs: 1, statements: 1, records: 1, failed: false } as const;
      for (let at = 0; at < 4_000; at++) {
        const assigned: Strategy = at % 2 === 0 ? "join" : "query";
        running.add({ ...sample, assigned, durationUs: assigned === "join" ? 1_000 : 1_500 }, 0);
      }
      running.look();
      return Array.from({ length: 1_000 }, (_, request) => running.assign(request)).filter((each) => each === "query")
        .length;
    });
    expect(plain).toBeGreaterThan(400);
    expect(exploring).toBeLessThan(50);
  });
});

describe("two answers", () => {
  const ordered = { orderBy: { id: "asc" } };
  test.each([
    ["rows in another order", [{ id: 1 }, { id: 2 }], [{ id: 2 }, { id: 1 }], {}, true],
    ["rows in another order than asked for", [{ id: 1 }, { id: 2 }], [{ id: 2 }, { id: 1 }], ordered, false],
    [
      "children in another order",
      { tags: [{ id: 1 }, { id: 2 }] },
      { tags: [{ id: 2 }, { id: 1 }] },
      { include: { tags: true } },
      true,
    ],
    [
      "children that were asked for in order",
      { tags: [{ id: 1 }, { id: 2 }] },
      { tags: [{ id: 2 }, { id: 1 }] },
      { include: { tags: ordered } },
      false,
    ],
    ["a list of values in another order", { names: ["a", "b"] }, { names: ["b", "a"] }, {}, false],
    ["another value", [{ id: 1, at: new Date(1) }], [{ id: 1, at: new Date(2) }], {}, false],
    [
      "the same moment, number and bytes",
      { at: new Date(1), n: 1n, b: new Uint8Array([1]) },
      { n: 1n, b: Buffer.from([1]), at: new Date(1) },
      {},
      true,
    ],
    ["a row too few", [{ id: 1 }, { id: 1 }], [{ id: 1 }], {}, false],
    ["nothing", null, null, {}, true],
  ])("%s", (_, one, other, args, same) => {
    expect(isSameAnswer(one, other, args)).toBe(same);
  });

  test("of any value to itself", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => isSameAnswer(value, value, {})),
      { numRuns: 300 },
    );
  });

  test("are compared only where both must be alike", () => {
    expect(isComparable({ take: 3 })).toBe(false);
    expect(isComparable({ take: 3, orderBy: { id: "asc" } })).toBe(true);
    expect(isComparable({ include: { comments: { take: 3 } } })).toBe(false);
    expect(isComparable({ include: { comments: true }, where: { id: 1 } })).toBe(true);
    expect(isComparable(undefined)).toBe(true);
  });
});

test("records of an answer, with those of relations, and not its values", () => {
  expect(countRecords(null)).toBe(0);
  expect(countRecords({ id: 1, at: new Date(), author: { id: 2 }, tags: [{ id: 3 }, { id: 4 }], names: ["a"] })).toBe(
    4,
  );
  expect(countRecords(Array.from({ length: 100_000 }, () => ({ id: 1 })))).toBe(1_000);
});

describe("the strategy that ran", () => {
  const statements = (...all: [fingerprint: string, count: number, rows: number][]) => {
    const byFingerprint = all.map(([fingerprint, count, rows]) => ({
      fingerprint,
      count,
      rows,
      durationUs: 0,
      failed: 0,
    }));
    return { count: all.length, durationUs: 0, busyUs: 0, rows: 0, failed: 0, unfinished: 0, byFingerprint };
  };
  test.each([
    ["join", statements(['select "post_author"."__prisma_data__" from post', 1, 3])],
    ["join", statements(["begin", 1, 0], [`select ${"a".repeat(493)}`, 1, 3], ["commit", 1, 0])],
    ["query", statements(["select a from post", 1, 3], ["select b from author", 1, 3])],
    ["query", statements(["select a from post", 1, 3])],
    ["unclear", statements(["select a from post", 1, 0])],
    ["unclear", statements()],
  ] as const)("is %s", (ran, asked) => {
    expect(ranBy(asked)).toBe(ran);
  });
});

test("what can not be tried is told, and the rest is tried", () => {
  const { trials, problems } = readTrials([
    { op: "Post.findMany", endpoint: "GET /feed", check: 7 },
    { op: "Post.findMany", endpoint: "GET /feed" },
    { op: "Post.create" },
    { op: "findMany" },
    ...Array.from({ length: 20 }, (_, at) => ({ op: "Post.findMany", name: `${at}` })),
  ]);
  expect(trials).toHaveLength(20);
  expect(trials[0]).toMatchObject({ name: "GET /feed Post.findMany", check: 0.005, stopAt: 2, explore: undefined });
  expect(problems).toEqual([
    'two trials are called "GET /feed Post.findMany"',
    expect.stringContaining('"Post.create" can not be tried'),
    expect.stringContaining('"findMany" can not be tried'),
    'no more than 20 trials run at once: "19" does not',
  ]);
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeV2, encodePayload, indexOf, lowestAt } from "@/lib/histogram/index";
import { endpoint, endpoints, histogram, overview, series, tailUsers, user, userAxis } from "@/lib/query/index";
import type { PercentilesUs, TailUsersAnswer } from "@/lib/query/answers";
import { rollUp } from "@/lib/rollup/roll-up";
import { dropExpired, ensurePartitions } from "@/lib/store/partitions";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { bucketTop, countsOf, exactPercentile, type Sample, seeded, within } from "./support/oracle.ts";
import { live, traffic } from "./support/traffic.ts";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2026-11-22T14:37:24.5Z");
const PERCENTILES = [1, 50, 95, 99, 99.95, 100];
const random = seeded(7);

let database: TestDatabase;
let samples: Sample[];

beforeAll(async () => {
  database = await testDatabase();
  // Most of it within the last two days, so that all tiers are in use at once.
  samples = [
    ...traffic({ seed: 1, fromMs: NOW - 5 * DAY_MS, toMs: NOW, bursts: 150 }),
    ...traffic({ seed: 2, fromMs: NOW - 1.5 * DAY_MS, toMs: NOW, bursts: 200 }),
    ...traffic({ seed: 3, fromMs: NOW - 0.1 * DAY_MS, toMs: NOW, bursts: 150 }),
  ];
  await live(database.db, samples, { seed: 4 });
  await ensurePartitions(database.db, NOW);
});
afterAll(() => database.drop());

/** Ranges of all lengths and ages, with odd ends. */
function ranges(count: number): { from: string; to: string }[] {
  return Array.from({ length: count }, () => {
    const length = 10 ** (1 + random() * 4.6) * 1_000;
    const to = NOW - Math.floor(random() ** 3 * 4 * DAY_MS);
    return { from: new Date(to - length).toISOString(), to: new Date(to).toISOString() };
  });
}

const of = (route: string, service = "shop") =>
  samples.filter((sample) => sample.route === route && sample.service === service);

async function idOf(route: string): Promise<number> {
  const found = await database.db.endpoint.findFirstOrThrow({ where: { route, service: { name: "shop" } } });
  return found.id;
}

function expectPercentiles(answer: PercentilesUs, truth: readonly Sample[]): void {
  for (const q of PERCENTILES) {
    const exact = exactPercentile(truth, q);
    const said = answer[`p${q}Us`] ?? null;
    expect(said, `p${q} of ${truth.length}`).toBe(bucketTop(exact));
    if (exact !== null) expect(Math.abs(said! - exact) / exact).toBeLessThanOrEqual(0.01);
  }
}

describe.each([
  ["as lived through", () => Promise.resolve()],
  ["after all has been rolled up", async () => void (await rollUp(database.db, NOW + 2 * DAY_MS))],
  ["after expiry", async () => void (await dropExpired(database.db, NOW))],
])("%s", (_, change) => {
  beforeAll(change);

  test("endpoints have every request of the range, in the right bucket", async () => {
    for (const range of ranges(25)) {
      const question = { ...range, service: "shop", environment: "production", percentiles: PERCENTILES };
      const answer = await endpoints(database.db, question, NOW);
      for (const route of ["/r0", "/r1", "/r2"]) {
        const truth = within(of(route), answer.range);
        const row = answer.endpoints.find((one) => one.route === route);
        expect(row?.count ?? 0).toBe(truth.length);
        if (row === undefined) continue;
        expectPercentiles(row.percentiles, truth);
        for (const outcome of ["ok", "client_error", "server_error", "aborted"] as const)
          expect(row.outcomes[outcome]).toBe(truth.filter((sample) => sample.outcome === outcome).length);
      }
    }
  });

  test("the whole service is the sum of its endpoints", async () => {
    for (const range of ranges(10)) {
      const answer = await overview(database.db, { ...range, service: "shop", percentiles: PERCENTILES }, NOW);
      const truth = within(
        samples.filter(({ service }) => service === "shop"),
        answer.range,
      );
      expect(answer.totals.count).toBe(truth.length);
      expectPercentiles(answer.totals.percentiles, truth);
      expect(answer.series.points.reduce((sum, { count }) => sum + count, 0)).toBe(truth.length);
      expect(answer.endpoints.reduce((sum, { count }) => sum + count, 0)).toBe(truth.length);
    }
  });

  test("a series has each request at its step, and gaps where there was none", async () => {
    const id = await idOf("/r0");
    for (const range of ranges(15)) {
      const answer = await series(database.db, { ...range, id, percentiles: PERCENTILES }, NOW);
      const truth = within(of("/r0"), answer.range);
      for (const point of answer.points) {
        const from = Date.parse(point.at);
        const here = truth.filter(({ atMs }) => atMs >= from && atMs < from + answer.stepSeconds * 1_000);
        expect(point.count).toBe(here.length);
        expectPercentiles(point, here);
      }
      expect(answer.points.reduce((sum, { count }) => sum + count, 0)).toBe(truth.length);
    }
  });

  test("a histogram is bit-equal to that of the raw samples", async () => {
    const id = await idOf("/r1");
    for (const range of ranges(10)) {
      const answer = await histogram(database.db, { ...range, id }, NOW);
      const truth = within(of("/r1"), answer.range);
      expect(answer.count).toBe(truth.length);
      expect(decodeV2(Buffer.from(answer.histogram, "base64"))).toEqual(encodePayload(countsOf(truth)));
    }
  });

  test("an endpoint's page agrees with its series, its map, and the median of who left", async () => {
    const id = await idOf("/r2");
    for (const range of ranges(8)) {
      const answer = await endpoint(database.db, { ...range, id, percentiles: PERCENTILES }, NOW);
      const truth = within(of("/r2"), answer.range);
      expect(answer.totals.count).toBe(truth.length);
      const aborted = truth.filter(({ outcome }) => outcome === "aborted");
      expect(answer.abortedP50Us).toBe(bucketTop(exactPercentile(aborted, 50)));
      expect(answer.heatMap.columns.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0))).toEqual(
        answer.series.points.map(({ count }) => count),
      );
      expect(answer.heatMap.rowsFromUs).toEqual([...answer.heatMap.rowsFromUs].sort((a, b) => a - b));
      const [least] = [...truth].sort((a, b) => a.latencyUs - b.latencyUs);
      for (const { q, latencyUs } of answer.axis)
        expect(latencyUs).toBe(q === 0 ? lowestAt(indexOf(least!.latencyUs)) : bucketTop(exactPercentile(truth, q)));
    }
  });

  test("users and everybody else add up to the endpoint, bucket by bucket", async () => {
    const id = await idOf("/r0");
    for (const range of ranges(12)) {
      const limit = 1 + Math.floor(random() * 12);
      const answer = await tailUsers(database.db, { ...range, id, tail: 95, limit }, NOW);
      const truth = within(of("/r0"), answer.range);
      const begins = tailBegins(truth);
      const tail = truth.filter(({ latencyUs }) => indexOf(latencyUs) >= begins);
      expect(answer.tailAboveUs).toBe(truth.length === 0 ? null : lowestAt(begins) - 1);
      expect(answer.users.reduce((sum, { count }) => sum + count, answer.other.count)).toBe(truth.length);
      expect(answer.users.reduce((sum, { tailCount }) => sum + tailCount, answer.other.tailCount)).toBe(tail.length);
      expect(answer.userCount).toBe(new Set(truth.flatMap((one) => one.user ?? [])).size);
      expect(answer.users.length + answer.other.users).toBe(answer.userCount);
      for (const row of answer.users) {
        const own = truth.filter((sample) => sample.user === row.user);
        expect(row.count).toBe(own.length);
        expect(row.tailCount).toBe(tail.filter((sample) => sample.user === row.user).length);
        expect(row.tailShare).toBeCloseTo(tail.length === 0 ? 0 : row.tailCount / tail.length, 12);
        expect([row.p50Us, row.p95Us, row.p99Us, row.maxUs]).toEqual(
          [50, 95, 99, 100].map((q) => bucketTop(exactPercentile(own, q))),
        );
      }
      await expectSameDistribution(id, answer, truth);
      const listed = new Set(answer.users.map((row) => row.user));
      const rest = truth.filter((sample) => sample.user === null || !listed.has(sample.user));
      expect(answer.other.p50Us).toBe(bucketTop(exactPercentile(rest, 50)));
      expect(answer.other.maxUs).toBe(bucketTop(exactPercentile(rest, 100)));
      expectFewest(answer.headline, tail);
    }
  });

  test("a user has the requests made, and everybody else the others of the same endpoints", async () => {
    for (const range of ranges(6)) {
      const name = `u${Math.floor(random() * 10)}`;
      const question = { ...range, user: name, service: "shop", percentiles: PERCENTILES, tail: 95 };
      const answer = await user(database.db, question, NOW);
      const shop = samples.filter(({ service }) => service === "shop");
      const own = within(shop, answer.range).filter((sample) => sample.user === name);
      expect(answer.totals.count).toBe(own.length);
      expectPercentiles(answer.totals.percentiles, own);
      expect(answer.endpoints.map(({ route }) => route).sort()).toEqual(
        [...new Set(own.map(({ route }) => route))].sort(),
      );
      for (const row of answer.endpoints) {
        const all = within(of(row.route), answer.range);
        expect(row.count).toBe(own.filter(({ route }) => route === row.route).length);
        expect(row.endpointP99Us).toBe(bucketTop(exactPercentile(all, 99)));
      }
      const used = new Set(answer.endpoints.map(({ route }) => route));
      const others = within(shop, answer.range).filter((sample) => sample.user !== name && used.has(sample.route));
      const sum = (points: { count: number }[]) => points.reduce((total, { count }) => total + count, 0);
      expect(sum(answer.series.points)).toBe(own.length);
      expect(sum(answer.everybodyElse.points)).toBe(others.length);
    }
  });
});

/** The line of the user with most tail ends at that user's slowest request, and has its percentiles on it. */
async function expectSameDistribution(endpointId: number, { range, users }: TailUsersAnswer, truth: readonly Sample[]) {
  const [first] = users;
  if (first === undefined) return;
  const line = await userAxis(database.db, { ...range, id: first.user, endpointId }, NOW);
  const own = truth.filter((sample) => sample.user === first.user);
  expect([line.range, line.count]).toEqual([range, own.length]);
  const above0 = line.axis.filter(({ q }) => q > 0); // p0 is the foot of its bucket
  for (const { q, latencyUs } of above0) expect(latencyUs).toBe(bucketTop(exactPercentile(own, q)));
  expect(line.axis.at(-1)).toMatchObject({ q: 100, oneOver: own.length });
}

/** The first bucket of the tail: above that of p95, or its own when that is the highest and the median lies lower. */
function tailBegins(truth: readonly Sample[]): number {
  if (truth.length === 0) return 0;
  const [p50, p95, most] = [50, 95, 100].map((q) => indexOf(exactPercentile(truth, q)!)) as [number, number, number];
  return p95 === most && p50 < p95 ? p95 : p95 + 1;
}

/** The headline names the fewest users who make up half of the tail. */
function expectFewest(headline: { users: number; share: number } | null, tail: readonly Sample[]): void {
  const byUser = new Map<string, number>();
  for (const { user: name } of tail) if (name !== null) byUser.set(name, (byUser.get(name) ?? 0) + 1);
  let inTail = 0;
  let users = 0;
  for (const count of [...byUser.values()].sort((a, b) => b - a)) {
    if (inTail * 2 >= tail.length) break;
    inTail += count;
    users++;
  }
  const enough = tail.length > 0 && inTail * 2 >= tail.length && users <= 20;
  expect(headline).toEqual(enough ? { users, share: inTail / tail.length } : null);
}

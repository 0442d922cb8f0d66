import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endpoint, endpoints, overview, series, tailUsers, user } from "@/lib/query/index";
import { Folder } from "@/lib/rollup/fold";
import { rollUp } from "@/lib/rollup/roll-up";
import { firstWindow } from "@/lib/store/first-window";
import { dropExpired, ensurePartitions } from "@/lib/store/partitions";
import { batchOf, endpointOf, payloadOf, userOf } from "../support/batches.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { store } from "../support/stored.ts";

const NOW = Date.parse("2026-11-22T14:37:24Z");
const MINUTE = 60_000;
const PERCENTILES = [50];
const ask = (from: string, more = {}) => ({ from, to: "now", percentiles: PERCENTILES, ...more });

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await ensurePartitions(database.db, NOW);
});
afterAll(() => database.drop());

/** Stores what some services sent, and when, minutes ago. */
async function sent(service: string, environment: string, minutesAgo: number, more = {}): Promise<void> {
  const startMs = Math.floor((NOW - minutesAgo * MINUTE) / 10_000) * 10_000;
  await store(database.db, batchOf({ service, environment, window: { startMs, seconds: 10 }, ...more }));
}

describe("how much of a range is covered", () => {
  beforeAll(async () => {
    await sent("young", "production", 5);
    await sent("young", "production", 2);
    await sent("old", "production", 3 * 24 * 60);
    await sent("old", "production", 1);
    await sent("old", "staging", 90);
    await new Folder(database.db).fold();
  });

  const expectCovered = async () => {
    // 14:32:20 to 14:37:24, whatever the range.
    for (const from of ["now-15m", "now-24h", "now-30d"]) {
      const { coveredSeconds } = await overview(database.db, ask(from, { service: "young" }), NOW);
      expect([from, coveredSeconds]).toEqual([from, 304]);
    }
    const day = await endpoints(database.db, ask("now-24h", { service: "old", environment: "production" }), NOW);
    expect(day.coveredSeconds).toBe((NOW - Date.parse(day.range.from)) / 1_000);
    const staging = await endpoints(database.db, ask("now-24h", { environment: "staging" }), NOW);
    expect(staging.coveredSeconds).toBe(90 * 60 + 4);
    const week = await overview(database.db, ask("now-7d", { service: "old" }), NOW);
    expect(week.coveredSeconds).toBeGreaterThan(3 * 86_400 - 61);
    expect(week.coveredSeconds).toBeLessThan(3 * 86_400 + 3_601);
  };

  test("is from the first request of the service, in whichever tier it is, until now", async () => {
    await expectCovered();
    await rollUp(database.db, NOW);
    await expectCovered();
    await dropExpired(database.db, NOW);
    await expectCovered();
  });

  test("is told by every answer of an endpoint as its service's", async () => {
    const { id } = await database.db.endpoint.findFirstOrThrow({ where: { service: { name: "young" }, total: false } });
    const question = { ...ask("now-24h"), id };
    const answers = [
      await endpoint(database.db, question, NOW),
      await series(database.db, question, NOW),
      await tailUsers(database.db, { ...question, limit: 5, tail: 95 }, NOW),
      await user(database.db, { ...question, service: "young", user: "42", tail: 95 }, NOW),
    ];
    expect(answers.map(({ coveredSeconds }) => coveredSeconds)).toEqual([304, 304, 304, 304]);
  });

  test("is told of the stretch before as well", async () => {
    const question = ask("now-3m", { service: "young", compare: "before" as const });
    const { before, coveredSeconds } = await overview(database.db, question, NOW);
    expect([coveredSeconds, before!.totals.count]).toEqual([
      Math.round((NOW - Date.parse("2026-11-22T14:34:20Z")) / 1_000),
      1,
    ]);
    expect(before!.coveredSeconds).toBe((Date.parse(before!.range.to) - Date.parse("2026-11-22T14:32:20Z")) / 1_000);
    const week = await overview(database.db, { ...question, compare: "week" }, NOW);
    expect(week.before!.coveredSeconds).toBe(0);
  });

  test("is nothing where nothing was ever sent, or not yet", async () => {
    expect((await endpoints(database.db, ask("now-1h", { service: "nobody" }), NOW)).coveredSeconds).toBe(0);
    expect(await firstWindow(database.db, { service: "nobody" })).toBeNull();
    const past = { ...ask("now-2d"), to: "now-1d", service: "young" };
    expect((await endpoints(database.db, past, NOW)).coveredSeconds).toBe(0);
  });
});

describe("the losses told of a user", () => {
  const lost = (count: number) => ({ losses: new Map([["user_cap", count]]) });
  beforeAll(async () => {
    const own = endpointOf({ outcomes: { ok: payloadOf(5) }, users: [userOf("ann", 5)] });
    await sent("shop", "production", 5, { endpoints: [own], ...lost(1) });
    await sent("shop", "staging", 5, lost(10));
    await sent("forum", "production", 5, lost(100));
    await sent("forum", "staging", 5, lost(1_000));
    await new Folder(database.db).fold();
  });

  test.each([
    ["ann", {}, 1],
    ["ann", { service: "shop" }, 1],
    ["ann", { environment: "production" }, 1],
    ["ann", { service: "shop", environment: "staging" }, 10],
    ["ann", { service: "forum" }, 1_100],
    ["ann", { service: "forum", environment: "production" }, 100],
    ["nobody", {}, 0],
    ["nobody", { environment: "production" }, 0],
  ])(
    "are those of the service and environment asked for, or of where the user was: %s %j",
    async (id, scope, count) => {
      const { losses } = await user(database.db, { ...ask("now-1h"), ...scope, user: id, tail: 95 }, NOW);
      expect(losses.reduce((sum, one) => sum + one.count, 0)).toBe(count);
    },
  );
});

test("a service of which everything was lost is not filtered out, but has nothing in the range", async () => {
  await sent("lossy", "production", 5, { endpoints: [], losses: new Map([["buffer_full", 7]]) });
  await sent("shop", "production", 5);
  await new Folder(database.db).fold();
  const asked = { ...ask("now-1h", { service: "lossy" }) };
  for (const answer of [await endpoints(database.db, asked, NOW), await overview(database.db, asked, NOW)])
    expect([answer.nothing, answer.losses]).toEqual([
      "none_in_range",
      [{ reason: "buffer_full", count: 7, unit: "requests" }],
    ]);
  expect((await endpoints(database.db, ask("now-1h", { service: "none" }), NOW)).nothing).toBe("filtered_out");
});

test("users who are told with fewer digits than the endpoint still add up to it", async () => {
  const outcomes = { ok: payloadOf(1_000, 1_010, 1_020, 90_000) };
  const users = [userOf("wide", 1_030, 1_030, 91_000), userOf("other", 91_500)];
  await sent("digits", "production", 5, { endpoints: [endpointOf({ outcomes, users })] });
  await new Folder(database.db).fold();
  const { id } = await database.db.endpoint.findFirstOrThrow({ where: { service: { name: "digits" }, total: false } });
  const answer = await tailUsers(database.db, { ...ask("now-1h"), id, limit: 1, tail: 50 }, NOW);
  expect(answer.users[0]).toMatchObject({ user: "wide", count: 3 });
  expect(answer.users[0]!.count + answer.other.count).toBe(4);
  expect(answer.users[0]!.tailShare).toBeLessThanOrEqual(1);
});

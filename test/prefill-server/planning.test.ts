import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { prefillCandidates } from "@/lib/prefill/candidates-answer";
import { readMaterial } from "@/lib/prefill/material";
import { lookAt } from "@/lib/prefill/outlook";
import { cachedSubjects } from "@/lib/prefill/subjects";
import { wholeAnswer } from "@/lib/prefill/whole-answer";
import { parseQuestion } from "@/lib/query/index";
import { newCandidates } from "@/lib/store/prefill-candidates";
import { planTextOf, type StoredPlan } from "@/lib/store/prefill-plans";
import { changeSettings } from "@/lib/store/prefill-settings";
import { findScope, openScope } from "@/lib/store/scopes";
import { Folder } from "@/lib/rollup/fold";
import { batchOf, payloadOf, userOf } from "../support/batches.ts";
import { store } from "../support/stored.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { live, quick, round, slow } from "./support.ts";

let database: TestDatabase;
const HOUR = 3_600_000;
const NOW = Date.parse("2026-11-22T12:30:00Z");
const habits = [
  ...Array.from({ length: 6 }, (_, n) => slow(`slow-${n}`, { misses: n < 3 ? 2 : 1 })),
  ...Array.from({ length: 30 }, (_, n) => quick(`quick-${n}`)),
  // By network or payload: nothing that a cache could help.
  ...Array.from({ length: 3 }, (_, n) => slow(`far-${n}`, { hitUs: 880_000 })),
];

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db
    .$executeRaw`TRUNCATE batch, batch_receipt, endpoint_window_10s, endpoint_window_1m, endpoint_window_1h,
    user_window_1m, user_window_1h, user_window_1d, user_label, prefill_profile, prefill_profile_state, prefill_plan, prefill_setting,
    prefill_decision, prefill_definition, prefill_forecast, prefill_candidate, prefill_incident, service CASCADE`;
});

const ask = (parameters: Record<string, string> = {}, nowMs = NOW) =>
  prefillCandidates(
    database.db,
    parseQuestion(
      "prefillCandidates",
      new URLSearchParams({ service: "shop", environment: "production", ...parameters }),
    ),
    nowMs,
  );
const scopeId = async () => (await findScope(database.db, "shop", "production"))!.id;
const plan = async () => JSON.parse((await planTextOf(database.db, await scopeId()))!.text) as StoredPlan;
const seenFor = (hours: number, cached = true) =>
  live(database.db, habits, { fromMs: NOW - hours * HOUR, toMs: NOW, cached });

test("who is worth filling is noted once, and who comes later is new", async () => {
  const { db } = database;
  await seenFor(3);
  await round(db, NOW);
  const id = await scopeId();
  await changeSettings(db, id, { budgetSecondsPerHour: 3_600 }, { nowMs: NOW + 1_000, by: "test" });
  await round(db, NOW + 20_000);
  const newSince = (fromMs: number) => newCandidates(db, id, { fromMs, toMs: NOW + HOUR });
  const first = (await ask()).candidateCount;
  expect(first).toBeGreaterThan(5);
  expect(await newSince(NOW - 1)).toBe(first);
  const later = Array.from({ length: 2 }, (_, n) => slow(`later-${n}`, { misses: 3 }));
  await live(db, later, { fromMs: NOW, toMs: NOW + HOUR });
  await round(db, NOW + HOUR);
  expect(await newSince(NOW + 20_000)).toBe(2);
});

describe("with a cached definition", () => {
  test("those are named whose misses are slow and whose hits are not, and why is said in a sentence", async () => {
    await seenFor(6);
    await round(database.db, NOW);
    const answer = await ask();
    expect(answer).toMatchObject({
      basis: "definitions",
      goal: "slo",
      targetUs: 500_000,
      madeAt: new Date(NOW).toISOString(),
    });
    const users = answer.candidates.map(({ user }) => user);
    expect(users.slice(0, 6).sort((a, b) => (a < b ? -1 : 1))).toEqual(
      Array.from({ length: 6 }, (_, n) => `slow-${n}`),
    );
    const [first] = answer.candidates;
    expect(first).toMatchObject({ definition: "feed", last: null });
    expect(first!.why).toMatch(/^visited \d+ times in 6 h; 100 % of cold visits exceed 5\d\d ms.*a fill costs \d+ ms$/);
    expect(first!.missP95Us).toBeGreaterThan(800_000);
    expect(first!.fillCostUs).toBeGreaterThan(700_000);
    expect(answer.missSecondsPerHour).toBeGreaterThan(5);
    expect(answer.budgetSecondsPerHour).toBeCloseTo(answer.missSecondsPerHour / 4, 6);
    const { p99BeforeUs, p99AfterUs } = answer.predicted;
    expect(p99AfterUs).toBeLessThanOrEqual(p99BeforeUs!);
    expect(answer.frontier.length).toBeGreaterThan(5);
    expect(answer.subjects).toMatchObject([{ name: "feed", assumedHitUs: null }]);
  });

  test("apps get the same as a plan: definitions, users by name, a finite price", async () => {
    await seenFor(6);
    await round(database.db, NOW);
    const { price, definitions } = await plan();
    expect(price).toBeGreaterThan(0);
    expect(price).toBeLessThanOrEqual(1e12);
    expect(definitions).toHaveLength(1);
    const [feed] = definitions;
    expect(feed).toMatchObject({ name: "feed", targetUs: expect.any(Number) });
    expect(feed!.users.slice(0, 6).map(({ user }) => user.split("-")[0])).toEqual(
      Array.from({ length: 6 }, () => "slow"),
    );
    expect(feed!.users[0]!.delta).toBeGreaterThan(0.5);
  });

  test("a definition that nobody has visited yet is in the plan, to be learned about", async () => {
    const { db } = database;
    const { scope } = await openScope(db, { service: "shop", environment: "production" }, [
      { method: "(cache)", route: "new" },
    ]);
    await round(db, NOW);
    expect((JSON.parse((await planTextOf(db, scope.id))!.text) as StoredPlan).definitions).toMatchObject([
      { name: "new", delta: 0, costUs: 1, users: [] },
    ]);
    expect(await ask()).toMatchObject({ basis: "definitions", candidates: [], candidateCount: 0, frontier: [] });
  });

  test("a plan is made anew every minute, and at once when people change what it is for", async () => {
    const { db } = database;
    await seenFor(2);
    await round(db, NOW);
    const made = async () => (await planTextOf(db, await scopeId()))!.madeAtMs - NOW;
    await round(db, NOW + 20_000);
    expect(await made()).toBe(0);
    await changeSettings(db, await scopeId(), { targetUs: 100_000 }, { nowMs: NOW + 21_000, by: "test" });
    await round(db, NOW + 40_000);
    expect(await made()).toBe(40_000);
    expect((await ask()).targetUs).toBe(100_000);
    await round(db, NOW + 100_000);
    expect(await made()).toBe(100_000);
  });

  test("decisions are judged by the target of the plan, and predictions are kept", async () => {
    await seenFor(3);
    await database.db
      .$executeRaw`INSERT INTO prefill_definition (endpoint_id, scope_id, ttl_seconds, signals, first_at, last_at)
      SELECT id, 1, 600, '{}', now(), now() FROM endpoint WHERE method = '(cache)'`;
    await round(database.db, NOW);
    const { targetUs } = await database.db.prefillDefinition.findFirstOrThrow();
    expect(Number(targetUs)).toBeGreaterThan(490_000);
    await round(database.db, NOW + 60_000);
    expect(await database.db.prefillForecast.findMany()).toMatchObject([{ mode: "observe", at: new Date(NOW) }]);
  });
});

test("the endpoint that uses a definition is found by what both have in common", async () => {
  const { db } = database;
  await live(db, habits, { fromMs: NOW - 2 * HOUR, toMs: NOW });
  const other = { method: "GET", route: "/other" };
  const series = { ...userOf("42", 900_000, 10_000), miss: payloadOf(900_000), hit: payloadOf(10_000) };
  const window = { startMs: NOW - HOUR, seconds: 10 };
  const endpoint = { ...other, outcomes: { ok: payloadOf(900_000, 10_000) }, users: [series] };
  await store(db, batchOf({ window, endpoints: [endpoint] }));
  await new Folder(db).fold();
  await round(db, NOW);
  const feed = await db.endpoint.findFirstOrThrow({ where: { method: "GET", route: "/feed" } });
  const { subjects, candidates } = await ask();
  expect(subjects).toMatchObject([{ name: "feed", endpointId: feed.id }]);
  expect(candidates[0]!.endpointId).toBe(feed.id);
});

describe("without any", () => {
  test("endpoints are looked at as if they were cached, with what a hit is assumed to take", async () => {
    await seenFor(6, false);
    await round(database.db, NOW);
    const answer = await ask();
    expect(answer.basis).toBe("requests");
    expect(answer.subjects).toMatchObject([{ name: "GET /feed", ttlSeconds: null }]);
    const p10 = answer.subjects[0]!.assumedHitUs!;
    expect(p10).toBeGreaterThan(8_000);
    expect(p10).toBeLessThan(12_000);
    expect(answer.candidates[0]!.user).toMatch(/^slow-|^far-/);
    expect(answer.candidates[0]!.definition).toBe("GET /feed");
    expect(answer.candidates[0]!.endpointId).toBe(answer.subjects[0]!.endpointId);
    expect((await plan()).definitions).toEqual([]);
  });

  test("who changes the assumption sees what it does", async () => {
    await seenFor(6, false);
    await round(database.db, NOW);
    const answer = await ask({ hitUs: "20000000" });
    expect(answer.subjects[0]!.assumedHitUs).toBe(20_000_000);
    expect(answer.candidates).toEqual([]);
  });
});

describe("what if", () => {
  beforeEach(async () => {
    await seenFor(6);
    await round(database.db, NOW);
  });

  test("the budget were another: more of it reaches further", async () => {
    const small = await ask({ budgetSecondsPerHour: "1" });
    const large = await ask({ budgetSecondsPerHour: "100000" });
    expect([small.budgetSecondsPerHour, large.budgetSecondsPerHour]).toEqual([1, 100_000]);
    expect(small.candidateCount).toBeLessThan(large.candidateCount);
    expect(small.predicted.fillSecondsPerHour).toBeLessThanOrEqual(1);
    expect((await plan()).budgetSecondsPerHour).toBeGreaterThan(1);
  });

  test("the target were below what everybody takes: the quick ones are worth it too", async () => {
    const answer = await ask({ targetUs: "20000", budgetSecondsPerHour: "100000" });
    expect(answer.candidates.some(({ user }) => user.startsWith("quick-"))).toBe(true);
    expect(answer.targetUs).toBe(20_000);
  });

  test("only some hours were looked at", async () => {
    await live(database.db, [slow("late")], { fromMs: NOW, toMs: NOW + HOUR, seed: 9 });
    const parameters = { from: new Date(NOW).toISOString(), to: new Date(NOW + HOUR).toISOString() };
    const answer = await ask(parameters, NOW + HOUR);
    expect(answer.candidates.map(({ user }) => user)).toEqual(["late"]);
    expect(answer.range).toEqual({ from: "2026-11-22T12:30:00.000Z", to: "2026-11-22T13:30:00.000Z" });
  });

  test("fewer were listed, or only those of a definition", async () => {
    expect((await ask({ limit: "2" })).candidates).toHaveLength(2);
    expect((await ask({ definition: "feed" })).candidates.length).toBeGreaterThan(2);
    expect((await ask({ definition: "other" })).candidates).toEqual([]);
  });
});

describe("a sample of the users", () => {
  const many = [
    ...Array.from({ length: 40 }, (_, n) => slow(`slow-${n}`)),
    ...Array.from({ length: 360 }, (_, n) => quick(`quick-${n}`)),
  ];

  test("tells about what everybody would, and names from everybody", async () => {
    const { db } = database;
    await live(db, many, { fromMs: NOW - 4 * HOUR, toMs: NOW });
    await round(db, NOW);
    const scope = (await findScope(db, "shop", "production"))!;
    const material = await readMaterial(db, scope, { subjects: await cachedSubjects(db, scope), nowMs: NOW });
    const wish = { assumed: { targetUs: 500_000, hitUs: null }, nowMs: NOW };
    const asked = {
      basis: "definitions",
      goal: "slo",
      targetUs: 500_000,
      nowMs: NOW,
      withheldShare: 0.1,
      holdOutShare: 0.01,
      instances: 1,
    } as const;
    const answerOf = async (most?: number) => {
      const outlook = await lookAt(material, { ...wish, ...(most === undefined ? {} : { most }) });
      return {
        size: outlook.survey.candidates.size,
        ...(await wholeAnswer(db, outlook, { ...asked, budgetSecondsPerHour: 40 })).shown,
      };
    };
    const [all, some] = [await answerOf(), await answerOf(100)];
    expect(all.size).toBe(400);
    expect(some.size).toBeLessThan(140);
    const near = (one: number, other: number) => Math.abs(Math.log(one / other));
    expect(near(some.missSecondsPerHour, all.missSecondsPerHour)).toBeLessThan(0.4);
    expect(near(some.candidateCount, all.candidateCount)).toBeLessThan(0.4);
    expect(near(some.predicted.p99AfterUs!, all.predicted.p99AfterUs!)).toBeLessThan(0.2);
    expect(near(some.frontier.at(-1)!.fillSecondsPerHour, all.frontier.at(-1)!.fillSecondsPerHour)).toBeLessThan(0.4);
    const named = (answer: typeof all) => new Set(answer.candidates.slice(0, 40).map(({ user }) => user.split("-")[0]));
    expect([named(some), named(all)]).toEqual([new Set(["slow"]), new Set(["slow"])]);
    expect(
      some.candidates
        .slice(0, 40)
        .map(({ user }) => user)
        .filter((user) => user.startsWith("slow-")),
    ).toHaveLength(40);
  });
});

test("nobody sent anything: not found; sent, but not planned yet: nothing to tell", async () => {
  await expect(ask()).rejects.toMatchObject({ code: "not_found" });
  await openScope(database.db, { service: "shop", environment: "production" }, []);
  expect(await ask()).toMatchObject({ madeAt: null, candidates: [], frontier: [] });
  await round(database.db, NOW);
  expect(await ask()).toMatchObject({ madeAt: null });
});

test("two workers at once plan once, or the same", async () => {
  await seenFor(4);
  await Promise.all([round(database.db, NOW), round(database.db, NOW + 1)]);
  expect((await ask()).candidates.length).toBeGreaterThan(5);
});

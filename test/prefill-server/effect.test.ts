import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { acceptReport } from "@/lib/ingest/take-report";
import { checkHarm } from "@/lib/prefill/harm";
import { prefillCandidates } from "@/lib/prefill/candidates-answer";
import { type Learned, learnedOf } from "@/lib/prefill/learned";
import { useAfter } from "@/lib/prefill/signals";
import { UserTable } from "@/lib/query/user-table";
import { prefillEffect } from "@/lib/prefill/effect-answer";
import { prefillHistory } from "@/lib/prefill/history-answer";
import { parseQuestion } from "@/lib/query/index";
import { ANSWERS } from "@/lib/query/answer-schemas";
import { ensurePartitions } from "@/lib/store/partitions";
import { planTextOf, type StoredPlan } from "@/lib/store/prefill-plans";
import { incidentsOf } from "@/lib/store/prefill-incidents";
import { changeSettings, settingsOf } from "@/lib/store/prefill-settings";
import { findScope } from "@/lib/store/scopes";
import type { DecisionEvent, PrefillEvent } from "@/lib/wire/index";
import { FakeClock } from "../support/clock.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { ingestContext, requestOf } from "../support/ingest.ts";
import { decision, fillOf, reportOf, visitOf } from "../support/reports.ts";
import { live, quick, round, slow } from "./support.ts";

let database: TestDatabase;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse("2026-11-22T12:30:00Z");

beforeAll(async () => {
  database = await testDatabase();
  await ensurePartitions(database.db, NOW);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db
    .$executeRaw`TRUNCATE batch, batch_receipt, endpoint_window_10s, endpoint_window_1m, endpoint_window_1h,
    user_window_1m, user_window_1h, user_window_1d, user_label, prefill_profile, prefill_profile_state, prefill_plan, prefill_setting,
    prefill_decision, prefill_definition, prefill_forecast, prefill_incident, service CASCADE`;
});

async function tell(events: readonly PrefillEvent[], nowMs = NOW): Promise<void> {
  const context = ingestContext(database.db, { clock: new FakeClock(nowMs) });
  const { rejected } = await acceptReport(requestOf(JSON.stringify(reportOf(events))), context);
  expect(rejected).toEqual([]);
}

interface Story {
  count: number;
  arm: DecisionEvent["arm"];
  /** Of the first visit; none without. */
  latencyUs?: number;
  cache?: "hit" | "miss" | "joined" | "stale";
  state?: "filled" | "late" | "failed";
  fromMs?: number;
  users?: string;
}

/** Decisions half an hour long, one a second, and what became of them. */
function story({ count, arm, latencyUs, cache = "hit", state, fromMs = NOW - 2 * HOUR, users = "u" }: Story) {
  return Array.from({ length: count }, (_, n): PrefillEvent[] => {
    const one = decision(fromMs + n * 1_000, {
      arm,
      user: `${users}${n % 40}`,
      notAfterMs: fromMs + n * 1_000 + 30 * MINUTE,
    });
    return [
      one,
      ...(state === undefined ? [] : [fillOf(one, { state })]),
      ...(latencyUs === undefined ? [] : [visitOf(one, { latencyUs, cache })]),
    ];
  }).flat();
}

const scopeId = async () => (await findScope(database.db, "shop", "production"))!.id;
const names = { service: "shop", environment: "production" };
const effect = async (nowMs = NOW, range = { from: "now-1d", to: "now" }) => {
  const question = parseQuestion("prefillEffect", new URLSearchParams({ ...names, ...range }));
  const answer = await prefillEffect(database.db, question, nowMs);
  expect(ANSWERS.PrefillEffect.parse(answer)).toEqual(answer);
  return answer;
};
const history = async (nowMs = NOW, range = { from: "now-6h", to: "now" }) => {
  const question = parseQuestion("prefillHistory", new URLSearchParams({ ...names, ...range }));
  const answer = await prefillHistory(database.db, question, nowMs);
  expect(ANSWERS.PrefillHistory.parse(answer)).toEqual(answer);
  return answer;
};
async function fill(nowMs: number): Promise<void> {
  await settingsOf(database.db, await scopeId(), nowMs);
  await changeSettings(database.db, await scopeId(), { mode: "fill" }, { nowMs, by: "test" });
}

const GOOD = [
  ...story({ count: 60, arm: "fill", latencyUs: 20_000, state: "filled" }),
  ...story({ count: 10, arm: "fill", latencyUs: 900_000, cache: "miss", state: "late" }),
  ...story({ count: 20, arm: "fill", state: "filled" }),
  ...story({ count: 30, arm: "withheld", latencyUs: 900_000, cache: "miss" }),
  ...story({ count: 6, arm: "withheld", latencyUs: 20_000, cache: "hit" }),
  ...story({ count: 5, arm: "held_out", latencyUs: 900_000, cache: "miss", users: "out" }),
  ...story({ count: 50, arm: "observe", latencyUs: 900_000, cache: "miss", users: "seen" }),
];

describe("the effect", () => {
  test("is filled against withheld first visits, by intention to treat, with its interval", async () => {
    await tell(GOOD);
    const answer = await effect();
    expect(answer).toMatchObject({
      targetUs: 500_000,
      decisions: { fill: 90, withheld: 36, held_out: 5, observe: 50 },
      fills: { filled: 80, late: 10 },
      used: 60,
      missed: 10,
      unused: 20,
      filled: { visits: 70, over: 10, users: 40 },
      withheld: { visits: 36, over: 30, users: 30 },
      verdict: "works",
    });
    const { estimate, low, high } = answer.difference!;
    expect(estimate).toBeCloseTo(30 / 36 - 10 / 70, 9);
    expect(low).toBeGreaterThan(0.4);
    expect(high).toBeLessThan(0.95);
    expect(answer.fillSeconds).toBeCloseTo(36, 6);
    expect(answer.secondsPerMissAvoided).toBeGreaterThan(0);
    expect(await effect(NOW + 1)).toMatchObject({ difference: answer.difference });
  });

  test("a decision whose visit may still come does not count yet; a visit after the window never does", async () => {
    const open = decision(NOW - MINUTE, { notAfterMs: NOW + MINUTE });
    const late = decision(NOW - HOUR, { notAfterMs: NOW - 30 * MINUTE });
    await tell([open, visitOf(open), late, visitOf(late, { atMs: NOW - 20 * MINUTE })]);
    expect(await effect()).toMatchObject({ decisions: { fill: 1 }, unused: 1, used: 0 });
    expect((await effect(NOW + 2 * MINUTE)).decisions.fill).toBe(2);
    expect(await effect(NOW, { from: "now-3h", to: "now-2h" })).toMatchObject({
      decisions: { fill: 0 },
      verdict: "too few",
    });
  });

  test("those who were never selected, and those held out, are compared", async () => {
    const habits = [slow("u1"), slow("out1"), quick("bystander"), quick("other")];
    await live(database.db, habits, { fromMs: NOW - 8 * HOUR, toMs: NOW - HOUR });
    await tell(GOOD);
    await fill(NOW - 4 * HOUR);
    const range = { from: "now-3h", to: "now" };
    const { neverSelected, heldOut } = await effect(NOW, range);
    expect(neverSelected!.now.users).toBe(2);
    expect(neverSelected!.now.p99Us).toBeLessThan(60_000);
    expect(neverSelected!.before!.users).toBe(2);
    expect([heldOut!.heldOut.users, heldOut!.others.users]).toEqual([1, 1]);
    expect(heldOut!.heldOut.p99Us).toBeGreaterThan(700_000);
  });

  test("what was thought of the chance of use is set against what came, sampled signals standing for the others", async () => {
    const likely = story({ count: 40, arm: "fill", latencyUs: 1 }).map((e) =>
      e.type === "decision" ? { ...e, use: 0.82 } : e,
    );
    const sampled = story({ count: 4, arm: "observe", users: "rare" }).map((e) =>
      e.type === "decision" ? { ...e, use: 0.11, price: 1e6 } : e,
    );
    await tell([...likely, ...sampled]);
    const bins = (await effect()).reliability;
    expect(bins.map(({ from, decisions, visited, logged }) => [from, decisions, visited, logged])).toEqual([
      [0.1, 200, 0, 4],
      [0.8, 40, 40, 40],
    ]);
    expect(bins[1]!.said).toBeCloseTo(0.82, 5);
  });

  test("three sampled signals tell no more than three: what follows a signal is not thought sure", async () => {
    const sampled = story({ count: 3, arm: "observe", latencyUs: 900_000, cache: "miss" }).map((e) =>
      e.type === "decision" ? { ...e, use: 0.5, price: 1e6 } : e,
    );
    await tell(sampled);
    const learned = await learnedOf(database.db, await scopeId(), { nowMs: NOW, users: new UserTable() });
    const [{ use, announced }] = [...learned.values()] as [Learned];
    expect(use.any).toEqual({ seen: 3, followed: 3 });
    expect(useAfter(use)["session"]).toBeCloseTo(0.826, 3);
    expect(announced).toBe(150);
  });

  test("moments that are no signals teach what came of them, and signals how soon visits follow", async () => {
    const clock = story({ count: 8, arm: "observe", latencyUs: 9_000, users: "early" }).map((e) =>
      e.type === "decision" ? { ...e, signal: "clock", use: 0.25, price: 0 } : e,
    );
    const refresh = story({ count: 4, arm: "fill", users: "again" }).map((e) =>
      e.type === "decision" ? { ...e, signal: "refresh", use: 0.5, price: 0 } : e,
    );
    const definitions = [{ name: "feed", ttlSeconds: 1_800, signals: [] }];
    const context = ingestContext(database.db, { clock: new FakeClock(NOW) });
    const events = [...story({ count: 5, arm: "fill", latencyUs: 1 }), ...clock, ...refresh];
    await acceptReport(requestOf(JSON.stringify(reportOf(events, { definitions }))), context);
    const learned = await learnedOf(database.db, await scopeId(), { nowMs: NOW, users: new UserTable() });
    const [{ occasions, use, delayHours }] = [...learned.values()] as [Learned];
    expect(occasions).toEqual({ clock: { expected: 2, followed: 8 }, refresh: { expected: 2, followed: 0 } });
    expect(use.any).toEqual({ seen: 5, followed: 5 });
    expect(delayHours * 3_600).toBeCloseTo(5, 3);
  });

  test("of nothing is nothing", async () => {
    await tell([]);
    expect(await effect()).toMatchObject({ difference: null, neverSelected: null, heldOut: null, reliability: [] });
  });
});

describe("harm", () => {
  const HARM = (fromMs: number) => [
    ...story({ count: 80, arm: "fill", latencyUs: 900_000, cache: "joined", state: "filled", fromMs }),
    ...story({ count: 60, arm: "withheld", latencyUs: 20_000, cache: "miss", fromMs }),
  ];

  test("switches filling off, once, with an incident that says why; only a person switches it on again", async () => {
    await tell(HARM(NOW - 2 * HOUR));
    await fill(NOW - 3 * HOUR);
    await Promise.all([checkHarm(database.db, NOW), checkHarm(database.db, NOW)]);
    await checkHarm(database.db, NOW + MINUTE);
    const { db } = database;
    const id = await scopeId();
    expect(await settingsOf(db, id, NOW)).toMatchObject({ mode: "observe", changedBy: null });
    const incidents = (await history()).incidents;
    expect(incidents).toMatchObject([{ kind: "harm", closedAt: null, openedAt: new Date(NOW).toISOString() }]);
    expect(incidents[0]!.why).toMatch(
      /^After fills, 100\.0 % of first visits missed the target, without them 0\.0 %: 9\d\.\d % to 100\.0 % more, so filling was switched off\.$/,
    );
    for (let minute = 2; minute < 10; minute++) await checkHarm(db, NOW + minute * MINUTE);
    expect(await incidentsOf(db, id)).toHaveLength(1);
    await fill(NOW + 10 * MINUTE);
    await checkHarm(db, NOW + 11 * MINUTE);
    expect((await settingsOf(db, id, NOW)).mode).toBe("fill"); // what was before is not held against the new try
  });

  test("has to show twice, some minutes apart, and only in what was filled since it was switched on", async () => {
    await tell(HARM(NOW - 2 * HOUR));
    await fill(NOW - HOUR);
    await checkHarm(database.db, NOW);
    expect((await settingsOf(database.db, await scopeId(), NOW)).mode).toBe("fill");
    await tell(HARM(NOW - 33 * MINUTE));
    await checkHarm(database.db, NOW); // their windows ended less than five minutes ago
    expect((await settingsOf(database.db, await scopeId(), NOW)).mode).toBe("fill");
    await checkHarm(database.db, NOW + 6 * MINUTE);
    expect((await settingsOf(database.db, await scopeId(), NOW)).mode).toBe("observe");
  });

  test("is not seen where filling works, or where it is not done", async () => {
    await tell(GOOD);
    await fill(NOW - 3 * HOUR);
    await checkHarm(database.db, NOW);
    expect((await settingsOf(database.db, await scopeId(), NOW)).mode).toBe("fill");
    await changeSettings(database.db, await scopeId(), { mode: "observe" }, { nowMs: NOW, by: "test" });
    await tell(HARM(NOW - 2 * HOUR));
    await checkHarm(database.db, NOW);
    expect(await incidentsOf(database.db, await scopeId())).toEqual([]);
  });
});

describe("the history", () => {
  test("has predicted beside realised p99, decisions and fills, step by step", async () => {
    await live(database.db, [slow("u1"), quick("u2")], { fromMs: NOW - 3 * HOUR, toMs: NOW });
    await round(database.db, NOW - HOUR);
    await fill(NOW - 50 * MINUTE);
    await round(database.db, NOW - 40 * MINUTE);
    await tell([...story({ count: 10, arm: "fill", latencyUs: 900_000, state: "filled", fromMs: NOW - 40 * MINUTE })]);
    const { steps, stepSeconds } = await history();
    const sum = (of: (step: (typeof steps)[number]) => number) => steps.reduce((total, step) => total + of(step), 0);
    expect(sum(({ count }) => count)).toBe(12);
    expect(sum(({ decisions }) => decisions.fill)).toBe(10);
    expect([sum(({ fills }) => fills.filled), sum(({ used }) => used), sum(({ fillSeconds }) => fillSeconds)]).toEqual([
      10, 10, 4,
    ]);
    const at = (ms: number) =>
      steps.find((step) => Date.parse(step.at) <= ms && ms < Date.parse(step.at) + stepSeconds * 1_000)!;
    const observed = at(NOW - HOUR);
    const filled = at(NOW - 40 * MINUTE);
    expect(observed).toMatchObject({ predictedUs: expect.any(Number), predictedLowUs: null, budgetSeconds: null });
    expect(filled).toMatchObject({ predictedUs: expect.any(Number), predictedLowUs: expect.any(Number) });
    expect(filled.budgetSeconds).toBeGreaterThan(0);
    expect(at(NOW - 3 * HOUR).p99Us).toBeGreaterThan(700_000);
    expect(at(NOW - 5 * HOUR)).toMatchObject({ count: 0, p99Us: null, predictedUs: null });
  });

  test("shows a decision when it was taken, not when the stretch began that its id tells of", async () => {
    await live(database.db, [slow("u1")], { fromMs: NOW - 3 * HOUR, toMs: NOW });
    const [stretchMs, atMs] = [NOW - 40 * MINUTE, NOW - 33 * MINUTE];
    await tell([{ ...decision(stretchMs, { arm: "fill", user: "u1", notAfterMs: atMs + 600_000 }), atMs }]);
    const { steps, stepSeconds } = await history();
    const found = steps.filter(({ decisions }) => decisions.fill > 0);
    expect(found.map(({ at }) => Date.parse(at))).toEqual([atMs - (atMs % (stepSeconds * 1_000))]);
  });

  test("of a service without definitions is that of the endpoints planned for", async () => {
    await live(database.db, [slow("u1"), quick("u2")], { fromMs: NOW - 3 * HOUR, toMs: NOW, cached: false });
    await round(database.db, NOW);
    expect((await history()).steps.reduce((sum, { count }) => sum + count, 0)).toBe(12);
  });
});

test("what decisions teach is in the next plan, and the last decision about a user is shown", async () => {
  await live(database.db, [...Array.from({ length: 5 }, (_, n) => slow(`u${n}`)), quick("x")], {
    fromMs: NOW - 4 * HOUR,
    toMs: NOW,
  });
  await tell([
    ...story({ count: 100, arm: "fill", latencyUs: 20_000, state: "filled" }),
    ...story({ count: 100, arm: "fill", state: "filled", fromMs: NOW - HOUR }),
  ]);
  await round(database.db, NOW);
  const answer = await prefillCandidates(
    database.db,
    parseQuestion("prefillCandidates", new URLSearchParams(names)),
    NOW,
  );
  expect(ANSWERS.PrefillCandidates.parse(answer)).toEqual(answer);
  expect(answer.candidates.find(({ user }) => user === "u3")!.last).toMatchObject({
    arm: "fill",
    fill: "filled",
    visit: null,
  });
  const { text } = (await planTextOf(database.db, await scopeId()))!;
  const [feed] = (JSON.parse(text) as StoredPlan).definitions;
  expect(feed!.use).toBeCloseTo(0.5, 1);
  expect(feed!.useAfter["session"]).toBeCloseTo(0.5, 1);
  expect(feed!.inTime).toBeGreaterThan(0.9);
});

import { beforeEach, describe, expect, test } from "vitest";
import { backTest } from "@/lib/alerts/back-test";
import { createRule } from "@/lib/alerts/rules";
import { ALERT_ANSWERS } from "@/lib/query/alert-answer-schemas";
import { saveCandidates } from "@/lib/store/prefill-candidates";
import { saveDecisions } from "@/lib/store/prefill-decisions";
import { closeIncidents, openIncident } from "@/lib/store/prefill-incidents";
import { ensurePartitions } from "@/lib/store/partitions";
import { uuid7 } from "@/lib/store/uuid7";
import { alertRoom, NOON, rounds, send, sendAll, SLOW_FEED, told } from "./support.ts";

const room = alertRoom();

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const scope = { service: "shop", environment: "production" };
const minutesAfter = (at: string | null) => (at === null ? null : (Date.parse(at) - NOON) / MINUTE);

test("a back-test tells what rounds told: the same incidents at the same times", async () => {
  const { db } = room;
  const rule = { ...SLOW_FEED, receivers: [], windowSeconds: 60, forSeconds: 60, keepFiringSeconds: 120 };
  await createRule(db, rule, { nowMs: NOON, by: null });
  const slow = [
    [4, 7],
    [13, 13.5],
    [18, 21],
    [22, 23],
  ];
  for (let minute = 0; minute < 28; minute += 0.5) {
    const us = slow.some(([from, to]) => minute >= from! && minute < to!) ? 900_000 : 1_000;
    await sendAll(db, NOON + minute * MINUTE, NOON + (minute + 0.5) * MINUTE, { us });
  }
  await rounds(db, NOON + 10_000, NOON + 28 * MINUTE);
  const tested = await backTest(db, rule, { days: 1, nowMs: NOON + 28 * MINUTE });
  expect(ALERT_ANSWERS.AlertBackTest.parse(tested)).toEqual(tested);
  const live = (await told(db)).map(({ type, at }) => [type, at - 10]);
  expect(tested.told.map(({ type, at }) => [type, (Date.parse(at) - NOON) / 1_000])).toEqual(live);
  expect(live.length).toBeGreaterThanOrEqual(3);
  expect(tested).toMatchObject({ stepSeconds: 10, series: 1, isLimited: false });
  expect(tested.fired.length).toBe(live.filter(([type]) => type === "incident.opened").length);
  expect(tested.verdicts.breach).toBeGreaterThan(20);
});

test("it tells what was judged, step by step, with the threshold that it was judged by", async () => {
  const { db } = room;
  await sendAll(db, NOON, NOON + 5 * MINUTE, { us: 1_000 });
  await sendAll(db, NOON + 5 * MINUTE, NOON + 6 * MINUTE, { us: 900_000 });
  const tested = await backTest(db, { ...SLOW_FEED, windowSeconds: 60 }, { days: 1, nowMs: NOON + 6 * MINUTE });
  expect(tested).toMatchObject({ unit: "us", notes: [] });
  const [feed] = tested.values;
  expect(feed).toMatchObject({ endpoint: "GET /feed", user: null });
  expect(feed!.steps.length).toBeLessThanOrEqual(400);
  const [breach, ...rest] = feed!.steps.filter(({ verdict }) => verdict === "breach");
  expect([breach!.threshold, rest.length]).toEqual([500_000, 0]);
  expect(breach!.value! / 900_000).toBeCloseTo(1, 1);
  expect(feed!.steps.some(({ verdict, value }) => verdict === "ok" && value! < 1_100)).toBe(true);
});

test.each([
  { kind: "error_rate", thresholdShare: 0.05, endpoints: "GET *" },
  { kind: "burn_rate", objective: 0.99 },
  { kind: "traffic", direction: "drop", changeShare: 0.5, windowSeconds: 600 },
  { kind: "silence", windowSeconds: 120, endpoints: "GET *" },
])("it can be made of a $kind rule", async (own) => {
  const { db } = room;
  await sendAll(db, NOON - 20 * MINUTE, NOON, { count: 100, errors: 20 });
  const tested = await backTest(db, { name: "x", ...scope, ...own }, { days: 2, nowMs: NOON + 10 * MINUTE });
  expect(ALERT_ANSWERS.AlertBackTest.parse(tested)).toEqual(tested);
  const { ok, breach, no_data, too_few } = tested.verdicts;
  expect(ok + breach + no_data + too_few).toBeGreaterThanOrEqual(2 * 24 * 60 - 5);
  if (own.kind !== "traffic") expect(breach).toBeGreaterThan(0);
});

describe("of a rule about users", () => {
  const rule = { ...scope, name: "slow users", kind: "user", thresholdUs: 500_000, windowSeconds: 300, minCount: 20 };
  const quick = { route: "/b", count: 30, us: 1_000 };

  test("who was slow, when, as rounds told it", async () => {
    const { db } = room;
    const id = await createRule(db, { ...rule, keepFiringSeconds: 60 }, { nowMs: NOON, by: null });
    await sendAll(db, NOON, NOON + 5 * MINUTE, { ...quick, user: "u_1" }, { ...quick, user: "u_2" });
    await sendAll(db, NOON + 5 * MINUTE, NOON + 8 * MINUTE, { us: 900_000, count: 30, user: "u_1" });
    await sendAll(db, NOON + 8 * MINUTE, NOON + 20 * MINUTE, { ...quick, user: "u_1" });
    await rounds(db, NOON + 12_000, NOON + 20 * MINUTE);
    const member = await db.alertMember.findFirstOrThrow({ where: { ruleId: id } });
    const tested = await backTest(db, { ...rule, keepFiringSeconds: 60 }, { days: 1, nowMs: NOON + 20 * MINUTE });
    expect(ALERT_ANSWERS.AlertBackTest.parse(tested)).toEqual(tested);
    expect(tested.fired).toMatchObject([{ series: "user u_1", user: "u_1", endpoint: null }]);
    const { from, to } = tested.fired[0]!;
    // A round sees a moment some seconds later than it is.
    expect(member.firedAt.getTime() - Date.parse(from)).toBeLessThan(20_000);
    expect(member.resolvedAt!.getTime() - Date.parse(to!)).toBeLessThan(20_000);
    expect(tested).toMatchObject({ unit: "us", stepSeconds: 60, series: 1, isLimited: false });
    expect(tested.notes.join(" ")).toMatch(/for 6 hours.* 2 users, of whom 1 was slow/);
  });

  test("one user may be named, and is judged at every minute that is kept", async () => {
    const { db } = room;
    await sendAll(db, NOON - 10 * MINUTE, NOON, { ...quick, user: "u_1" }, { us: 900_000, count: 30, user: "u_2" });
    const tested = await backTest(db, { ...rule, user: "u_1" }, { days: 1, nowMs: NOON + 10_000 });
    expect(tested.fired).toEqual([]);
    const { ok, no_data: none, breach } = tested.verdicts;
    expect([breach, ok + none >= 6 * 60 - 5, ok >= 9]).toEqual([0, true, true]);
    const unknown = await backTest(db, { ...rule, user: "nobody" }, { days: 1, nowMs: NOON + 10_000 });
    expect(unknown.verdicts).toMatchObject({ ok: 0, breach: 0 });
    expect(unknown.notes).toContain("There was no request of this user.");
  });

  test("what tailfill missed itself is not judged", async () => {
    const { db } = room;
    await send(db, NOON - 10 * MINUTE, { ...quick, user: "u_1" });
    await db.alertBlind.create({ data: { fromAt: new Date(NOON - 5 * HOUR), toAt: new Date(NOON), why: "a test" } });
    const { verdicts } = await backTest(db, { ...rule, user: "u_1" }, { days: 1, nowMs: NOON + 10_000 });
    expect(verdicts.could_not_ask).toBeGreaterThan(5 * 60 - 10);
  });

  test("of sixty who were slow, the fifty who were for longest", async () => {
    const { db } = room;
    for (let n = 0; n < 60; n++)
      await send(db, NOON - (n + 1) * MINUTE, { route: `/${n}`, us: 900_000, count: 30, user: `u_${n}` });
    await send(db, NOON - 10_000, { us: 900_000, count: 30, user: "u_0" });
    const tested = await backTest(db, { ...rule, windowSeconds: 600 }, { days: 1, nowMs: NOON + 10_000 });
    expect(tested).toMatchObject({ series: 50, isLimited: true });
    expect(tested.notes.join(" ")).toContain("60 users, of whom 60 were slow at some time, and tells of the 50");
    // The last ten had their slow minute less than ten minutes ago.
    expect(tested.values.every(({ user }) => Number(user!.slice(2)) >= 9)).toBe(true);
  });
});

describe("of a rule about prefill", () => {
  const rule = { ...scope, name: "prefill", kind: "prefill", keepFiringSeconds: 0 };
  const minute = (n: number) => NOON + n * MINUTE;
  const test60 = (own: object) => backTest(room.db, { ...rule, ...own }, { days: 1, nowMs: minute(60) });
  let scopeId: number;
  const forecast = (n: number, mode: string, budgetSecondsPerHour: number) =>
    room.db.prefillForecast.create({ data: { scopeId, at: new Date(minute(n)), mode, budgetSecondsPerHour } });

  beforeEach(async () => {
    await send(room.db, NOON, {});
    scopeId = (await room.db.endpoint.findFirstOrThrow({ where: { total: true } })).id;
  });

  test("harm: from when it was switched off until a person switched it on", async () => {
    const { db } = room;
    await openIncident(db, scopeId, { kind: "harm", detail: {}, nowMs: minute(10) });
    await closeIncidents(db, scopeId, minute(20.5));
    await openIncident(db, scopeId, { kind: "harm", detail: {}, nowMs: minute(40) });
    const { fired, notes } = await test60({ about: "harm" });
    expect(fired.map(({ from, to }) => [minutesAfter(from), minutesAfter(to)])).toEqual([
      [10, 21],
      [40, null],
    ]);
    expect(notes).toEqual([]);
  });

  test("budget: what was spent in the hour before, of what it might take then", async () => {
    const { db } = room;
    await forecast(-120, "fill", 100);
    await forecast(30, "fill", 1_000);
    await forecast(40, "observe", 1);
    const spent = (n: number, seconds: number) => ({
      id: uuid7(minute(n)),
      fill: { state: "filled", tookUs: seconds * 1e6, bytes: 1 } as const,
    });
    await ensurePartitions(db, minute(-80));
    await saveDecisions(db, scopeId, [spent(-50.5, 60), spent(-10.5, 20), spent(5.5, 20), spent(20.5, 1)]);
    const tested = await test60({ about: "budget" });
    // 100 of 100 from 12:06 on; at 12:10 the 60 of 11:09 are an hour ago.
    expect(tested.fired.map(({ from, to }) => [minutesAfter(from), minutesAfter(to)])).toEqual([[6, 10]]);
    expect(tested).toMatchObject({ unit: "share" });
    expect(tested.notes.join(" ")).toContain("is known to five minutes");
    const before = Date.parse(tested.range.to) - Date.parse(tested.range.from);
    expect(tested.verdicts.no_data).toBeGreaterThan(before / MINUTE - 200); // no plan yet, or nothing filled
  });

  test("candidates: who was new then", async () => {
    const { db } = room;
    await forecast(-240, "observe", 100);
    await saveCandidates(db, scopeId, { userKeys: [1n, 2n], nowMs: minute(-180) });
    await saveCandidates(db, scopeId, { userKeys: [3n], nowMs: minute(-30) });
    await saveCandidates(db, scopeId, { userKeys: [1n, 4n], nowMs: minute(10) });
    const { fired, unit } = await test60({ about: "candidates", threshold: 2 });
    expect(fired.map(({ from, to }) => [minutesAfter(from), minutesAfter(to)])).toEqual([
      [-180, -120],
      [10, 30],
    ]);
    expect(unit).toBe("users");
  });
});

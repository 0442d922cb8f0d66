import { describe, expect, test } from "vitest";
import { createRule, oneRule, removeRule, changeRule } from "@/lib/alerts/rules";
import { createSilence } from "@/lib/alerts/silences";
import { saveCandidates } from "@/lib/store/prefill-candidates";
import { openIncident } from "@/lib/store/prefill-incidents";
import { alertRoom, makeRule, NOON, round, rounds, send, sendAll, told } from "./support.ts";

const room = alertRoom();

const MINUTE = 60_000;
const scope = { service: "shop", environment: "production" };
const make = (rule: object) => createRule(room.db, { ...scope, ...rule }, { nowMs: NOON, by: null });
const SLOW = { kind: "percentile", percentile: 99, thresholdUs: 500_000, windowSeconds: 60, minCount: 10 };

test("200 endpoints that breach at once: one incident, one notification, the worst of them and who is in their tail", async () => {
  const { db } = room;
  await make({ ...SLOW, name: "all", endpoints: "GET /part-*" });
  const all = Array.from({ length: 200 }, (_, n) => ({
    route: `/part-${n}`,
    us: 600_000 + n * 1_000,
    count: 20,
    user: `u_${n}`,
  }));
  await sendAll(db, NOON - MINUTE, NOON + MINUTE, ...all, { route: "/other", us: 900_000 });
  // Whose requests all take equally long has no tail: two are slower still.
  await send(db, NOON - 10_000, { route: "/part-199", us: 2_000_000, count: 2, user: "u_199" });
  await rounds(db, NOON + 12_000, NOON + MINUTE);
  expect(await told(db)).toHaveLength(1);
  expect(await db.alertMember.count()).toBe(200);
  const { payload } = (await db.alertEvent.findFirstOrThrow()) as unknown as {
    payload: { data: { counts: object; endpoints: { route: string }[]; users: object[] } };
  };
  expect(payload.data).toMatchObject({
    counts: { firing: 200, muted: 0, resolved: 0 },
    endpoint: { method: "GET", route: "/part-199" },
    users: [{ user: "u_199", tailShare: 1 }],
  });
  expect(payload.data.endpoints.map(({ route }) => route)).toHaveLength(5);
  expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThan(20_000);
});

test("a rule for the whole service tells its worst endpoints", async () => {
  const { db } = room;
  await make({ ...SLOW, name: "the service" });
  await sendAll(
    db,
    NOON - MINUTE,
    NOON + MINUTE,
    { route: "/a", us: 1_000 },
    { route: "/b", us: 900_000, user: "u_1" },
  );
  await rounds(db, NOON + 12_000, NOON + 32_000);
  const { payload } = await db.alertEvent.findFirstOrThrow();
  expect(payload).toMatchObject({ data: { endpoint: null, observed: { valueUs: 901_119 } } });
  const { endpoints } = (payload as unknown as { data: { endpoints: { route: string; p99Us: number }[] } }).data;
  expect(endpoints.map(({ route, p99Us }) => [route, p99Us])).toContainEqual(["/b", 901_119]);
});

test("rules of one group share an incident", async () => {
  const { db } = room;
  for (const route of ["/a", "/b"])
    await makeRule(db, {
      name: route,
      group: "checkout",
      endpoint: { method: "GET", route },
      receivers: [`r${route}`],
    });
  await sendAll(db, NOON - MINUTE, NOON + MINUTE, { route: "/a", us: 900_000 }, { route: "/b", us: 900_000 });
  await rounds(db, NOON + 12_000, NOON + 32_000);
  expect(await told(db)).toMatchObject([{ receivers: ["r/a", "r/b"] }]);
});

describe("users", () => {
  const rule = { kind: "user", name: "slow users", thresholdUs: 500_000, windowSeconds: 300, minCount: 20 };
  const slowUser = { count: 30, us: 900_000, user: "u_slow" };

  test("whoever is slow has a series of their own, until well again", async () => {
    const { db } = room;
    const id = await make(rule);
    await sendAll(db, NOON - 5 * MINUTE, NOON + 2 * MINUTE, slowUser, {
      route: "/b",
      count: 30,
      us: 1_000,
      user: "u_quick",
    });
    await rounds(db, NOON + 12_000, NOON + MINUTE);
    const { series } = await oneRule(db, id);
    expect(series).toMatchObject([{ user: "u_slow", state: "firing", observed: { percentile: 95, valueUs: 901_119 } }]);
    expect(await told(db)).toHaveLength(1);
    const { payload } = await db.alertEvent.findFirstOrThrow();
    expect(payload).toMatchObject({ data: { user: "u_slow" } });
    await sendAll(db, NOON + 2 * MINUTE, NOON + 16 * MINUTE, { ...slowUser, us: 1_000 });
    await rounds(db, NOON + 70_000, NOON + 16 * MINUTE, 30_000);
    expect((await told(db)).map(({ type }) => type)).toEqual(["incident.opened", "incident.resolved"]);
  });

  test("of sixty who are slow, fifty have a series, and go on having it while others are slower", async () => {
    const { db } = room;
    await make({ ...rule, name: "many" });
    const slow = (n: number, us: number) => ({ route: `/${n}`, count: 20 + n, us, user: `u_${n}` });
    await sendAll(db, NOON - MINUTE, NOON - 30_000, ...Array.from({ length: 60 }, (_, n) => slow(n, 900_000)));
    await rounds(db, NOON + 12_000, NOON + 12_000);
    expect(await db.alertSeries.count()).toBe(50);
    await send(
      db,
      NOON,
      ...Array.from({ length: 10 }, (_, n) => slow(n, 1_900_000)).map((one) => ({ ...one, count: 500 })),
    );
    await rounds(db, NOON + 72_000, NOON + 112_000);
    expect(await db.alertSeries.count()).toBe(50);
    expect(await db.alertMember.count()).toBe(50);
  });

  test("one user may be named, of one endpoint", async () => {
    const { db } = room;
    const id = await make({ ...rule, user: "u_slow", endpoint: { method: "GET", route: "/b" } });
    await sendAll(db, NOON - 5 * MINUTE, NOON + MINUTE, slowUser, {
      route: "/b",
      count: 30,
      us: 2_000,
      user: "u_slow",
    });
    await rounds(db, NOON + 12_000, NOON + 12_000);
    expect(await oneRule(db, id)).toMatchObject({
      state: "ok",
      series: [{ user: "u_slow", observed: { valueUs: 2_007, count: 900 } }],
    });
  });
});

test("prefill that did harm is told", async () => {
  const { db } = room;
  const id = await make({ kind: "prefill", name: "harm", about: "harm" });
  await send(db, NOON - MINUTE, {});
  await rounds(db, NOON + 12_000, NOON + 12_000);
  expect(await oneRule(db, id)).toMatchObject({ state: "ok" });
  const { id: scopeId } = await db.endpoint.findFirstOrThrow({ where: { total: true } });
  await openIncident(db, scopeId, { kind: "harm", detail: {}, nowMs: NOON });
  await rounds(db, NOON + 22_000, NOON + 42_000);
  expect(await told(db)).toHaveLength(1);
});

test("users who are worth filling since this hour are told, and no others, while nobody fills", async () => {
  const { db } = room;
  const id = await make({ kind: "prefill", name: "new", about: "candidates", threshold: 2, keepFiringSeconds: 0 });
  await send(db, NOON - MINUTE, {});
  const { id: scopeId } = await db.endpoint.findFirstOrThrow({ where: { total: true } });
  await rounds(db, NOON + 12_000, NOON + 12_000);
  expect(await oneRule(db, id)).toMatchObject({ series: [{ verdict: "no_data", why: "no plan was made yet" }] });
  await db.prefillForecast.create({ data: { scopeId, at: new Date(NOON), mode: "observe", budgetSecondsPerHour: 60 } });
  await saveCandidates(db, scopeId, { userKeys: [1n, 2n, 3n], nowMs: NOON - 90 * MINUTE });
  await saveCandidates(db, scopeId, { userKeys: [1n, 4n], nowMs: NOON + 20_000 });
  await rounds(db, NOON + 42_000, NOON + 42_000);
  expect(await oneRule(db, id)).toMatchObject({ state: "ok", series: [{ observed: { valueUsers: 1 } }] });
  await saveCandidates(db, scopeId, { userKeys: [5n], nowMs: NOON + 45_000 });
  await rounds(db, NOON + 62_000, NOON + 72_000);
  expect(await oneRule(db, id)).toMatchObject({ state: "firing", series: [{ observed: { valueUsers: 2 } }] });
  await db.prefillSetting.updateMany({ data: { mode: "fill" } });
  await rounds(db, NOON + 82_000, NOON + 82_000);
  expect(await oneRule(db, id)).toMatchObject({ state: "ok" });
});

describe("muted", () => {
  test("what is silenced fires untold, and is told when the silence is over and it fires still", async () => {
    const { db } = room;
    await makeRule(db);
    const silence = {
      matcher: { rule: "the feed *" },
      reason: "a release",
      to: new Date(NOON + 2 * MINUTE).toISOString(),
    };
    await createSilence(db, silence, { nowMs: NOON - MINUTE, by: "me" });
    await sendAll(db, NOON - 5 * MINUTE, NOON + 5 * MINUTE, { us: 900_000 });
    await rounds(db, NOON + 12_000, NOON + 110_000);
    expect(await told(db)).toEqual([]);
    expect(await db.alertMember.findFirst()).toMatchObject({ mutedBy: "silence: a release" });
    await rounds(db, NOON + 120_000, NOON + 140_000);
    expect(await told(db)).toMatchObject([{ type: "incident.opened", at: 120 }]);
    expect((await db.alertTimeline.findMany({ orderBy: { id: "asc" } })).map(({ kind }) => kind)).toEqual([
      "fired",
      "muted",
      "unmuted",
      "told",
    ]);
  });
});

describe("rules that change", () => {
  test("an endpoint that a pattern no longer matches resolves as missing, once it was missed twice", async () => {
    const { db } = room;
    const id = await make({ ...SLOW, name: "all", endpoints: "GET /f*" });
    await sendAll(db, NOON - MINUTE, NOON + 2 * MINUTE, { us: 900_000 });
    await rounds(db, NOON + 12_000, NOON + 32_000);
    await changeRule(db, id, { endpoints: "GET /nothing" }, { nowMs: NOON, by: null });
    await rounds(db, NOON + 42_000, NOON + 52_000);
    expect((await told(db)).map(({ type }) => type)).toEqual(["incident.opened", "incident.resolved"]);
    expect(await db.alertMember.findFirst()).toMatchObject({ reason: "missing" });
    expect(await db.alertSeries.count()).toBe(0);
  });

  test("one that is switched off resolves what it fired, and begins anew", async () => {
    const { db } = room;
    const id = await makeRule(db, { receivers: [] });
    await sendAll(db, NOON - 5 * MINUTE, NOON + 5 * MINUTE, { us: 900_000 });
    await rounds(db, NOON + 12_000, NOON + 32_000);
    await changeRule(db, id, { enabled: false }, { nowMs: NOON, by: null });
    await rounds(db, NOON + 42_000, NOON + 52_000);
    expect(await db.alertMember.findFirst()).toMatchObject({ reason: "rule_changed" });
    await changeRule(db, id, { enabled: true }, { nowMs: NOON, by: null });
    await rounds(db, NOON + 62_000, NOON + 82_000);
    expect((await told(db)).map(({ type }) => type)).toEqual([
      "incident.opened",
      "incident.resolved",
      "incident.opened",
    ]);
  });

  test("one that is removed while it is judged leaves nothing behind", async () => {
    const { db } = room;
    const id = await makeRule(db);
    await sendAll(db, NOON - 5 * MINUTE, NOON + MINUTE, { us: 900_000 });
    await Promise.all([round(db, NOON + 12_000), removeRule(db, id)]);
    await rounds(db, NOON + 22_000, NOON + 32_000);
    expect([await db.alertSeries.count(), await db.alertIncident.count({ where: { resolvedAt: null } })]).toEqual([
      0, 0,
    ]);
  });
});

import { expect, test } from "vitest";
import { createRule, oneRule } from "@/lib/alerts/rules";
import { storeBatch } from "@/lib/store/batches";
import { alertRoom, makeRule, NOON, round, rounds, send, sendAll, told } from "./support.ts";

const room = alertRoom();

const MINUTE = 60_000;
const scope = { service: "shop", environment: "production" };
const silence = {
  kind: "silence",
  windowSeconds: 120,
  endpoint: undefined,
  percentile: undefined,
  thresholdUs: undefined,
  minCount: undefined,
};
const types = async () => (await told(room.db)).map(({ type }) => type);

test("a service that falls silent is told, and one that has never sent anything is not", async () => {
  const { db } = room;
  await makeRule(db, { ...silence, name: "shop is silent" });
  await makeRule(db, { ...silence, name: "nobody is silent", service: "nobody" });
  await sendAll(db, NOON - 5 * MINUTE, NOON, {});
  await rounds(db, NOON + 12_000, NOON + 3 * MINUTE);
  expect(await told(db)).toMatchObject([{ type: "incident.opened", at: expect.any(Number) }]);
  expect((await told(db))[0]!.at).toBeLessThanOrEqual(165);
});

test("our own half hour away, after which apps send what they kept: nothing false, and what fired goes on", async () => {
  const { db } = room;
  await makeRule(db, { ...silence, name: "silent" });
  const drop = {
    kind: "traffic",
    name: "less traffic",
    direction: "drop",
    changeShare: 0.5,
    windowSeconds: 600,
    minCount: 10,
  };
  await createRule(db, { ...drop, ...scope }, { nowMs: NOON, by: null });
  await makeRule(db, { name: "no data", noData: "breach", endpoint: { method: "GET", route: "/quiet" } });
  await makeRule(db, { name: "fires before and after", endpoint: { method: "GET", route: "/slow" } });
  const loads = [{ count: 20 }, { route: "/slow", us: 900_000 }, { route: "/quiet", count: 200 }];
  const week = 7 * 24 * 60 * MINUTE;
  await sendAll(db, NOON - week - 30 * MINUTE, NOON - week + 60 * MINUTE, ...loads);
  await sendAll(db, NOON - 15 * MINUTE, NOON, ...loads);
  await rounds(db, NOON + 12_000, NOON + 32_000);
  expect(await types()).toEqual(["incident.opened"]);
  // Everything is down from 12:00:32 to 12:30:32. What was measured meanwhile is lost but for the last two minutes.
  const back = NOON + 30 * MINUTE;
  await sendAll(db, back - 2 * MINUTE, back + 20 * MINUTE, ...loads);
  await rounds(db, back + 32_000, back + 20 * MINUTE, 30_000);
  expect(await types()).toEqual(["incident.opened"]);
  expect(await db.alertBlind.findMany()).toMatchObject([
    { fromAt: new Date(NOON + 32_000), toAt: new Date(back + 32_000) },
  ]);
});

test("while nothing takes batches in, nobody is silent; afterwards silence counts again", async () => {
  const { db } = room;
  const id = await makeRule(db, { ...silence, name: "silent" });
  await sendAll(db, NOON - 5 * MINUTE, NOON, {});
  await rounds(db, NOON + 12_000, NOON + 12_000);
  // The worker goes on, the web process is down: no beat.
  for (let at = NOON + 22_000; at < NOON + 10 * MINUTE; at += 10_000) await round(db, at);
  expect(await types()).toEqual([]);
  expect(await oneRule(db, id)).toMatchObject({
    health: "error",
    series: [{ verdict: "could_not_ask", why: "tailfill itself was away" }],
  });
  await rounds(db, NOON + 10 * MINUTE, NOON + 16 * MINUTE, 20_000);
  expect(await types()).toEqual(["incident.opened"]);
});

test.each([
  [50, 3],
  [70, 5],
])("a restart while pending, down for %d minutes: fires %d minutes later", async (downMinutes, minutes) => {
  const { db } = room;
  await makeRule(db, { forSeconds: 300, windowSeconds: 60 });
  const down = NOON + 2 * MINUTE;
  const up = down + downMinutes * MINUTE;
  await sendAll(db, NOON - MINUTE, down, { us: 900_000 });
  await rounds(db, NOON + 10_000, down + 10_000);
  await sendAll(db, up - MINUTE, up + 7 * MINUTE, { us: 900_000 });
  await rounds(db, up + 10_000, up + 6 * MINUTE);
  const [opened] = await told(db);
  const fired = await db.alertMember.findFirstOrThrow();
  expect(opened!.type).toBe("incident.opened");
  expect((fired.firedAt.getTime() - up - 10_000) / MINUTE).toBeCloseTo(minutes, 1);
});

test("while batches wait to be folded, nothing is judged by what is missing", async () => {
  const { db } = room;
  await makeRule(db, { ...silence, name: "silent" });
  await sendAll(db, NOON - 5 * MINUTE, NOON, {});
  await rounds(db, NOON + 12_000, NOON + 12_000);
  const waiting = {
    id: crypto.randomUUID(),
    ...scope,
    windowStartMs: NOON,
    digest: Buffer.from("x"),
    payload: Buffer.from("x"),
  };
  await storeBatch(db, waiting);
  await db.$executeRaw`UPDATE batch SET received_at = ${new Date(NOON + 11_000)}`;
  await rounds(db, NOON + 22_000, NOON + 5 * MINUTE);
  expect(await types()).toEqual([]);
  expect((await db.alertClock.findFirstOrThrow()).evaluatedAt).toEqual(new Date(NOON));
  await db.$executeRaw`DELETE FROM batch`;
  await rounds(db, NOON + 5 * MINUTE + 10_000, NOON + 6 * MINUTE);
  expect(await types()).toEqual(["incident.opened"]);
});

test("a full outage under 99.9 % is told within two minutes and over within six of recovery; two errors in five are nothing", async () => {
  const { db } = room;
  const slo = {
    kind: "burn_rate",
    objective: 0.999,
    name: "slo",
    ...scope,
    endpoint: { method: "GET", route: "/feed" },
  };
  const quiet = { ...slo, name: "quiet", endpoint: { method: "GET", route: "/quiet" } };
  for (const rule of [slo, quiet]) await createRule(db, rule, { nowMs: NOON, by: null });
  await sendAll(db, NOON - 65 * MINUTE, NOON, { count: 100 });
  await send(db, NOON - MINUTE, { route: "/quiet", count: 5, errors: 2 });
  const recovery = NOON + 4 * MINUTE;
  await sendAll(db, NOON, recovery, { count: 100, errors: 100 });
  await sendAll(db, recovery, recovery + 7 * MINUTE, { count: 100 });
  await rounds(db, NOON + 3_000, recovery + 7 * MINUTE);
  // Of a service that is an hour old, three days of budget are an hour's: that is a ticket, and goes on.
  const pages = await db.alertIncident.findMany({ where: { severity: "page" } });
  expect(pages).toMatchObject([{ ruleName: "slo" }]);
  const events = await told(db, pages[0]!.id);
  expect(events.map(({ type }) => type)).toEqual(["incident.opened", "incident.resolved"]);
  expect(events[0]!.at).toBeLessThanOrEqual(120);
  expect(events[1]!.at - 240).toBeLessThanOrEqual(360);
});

import { expect, test } from "vitest";
import { oneRule, removeRule } from "@/lib/alerts/rules";
import { openDb } from "@/lib/store/db";
import { alertRoom, makeRule, NOON, PUBLIC_URL, round, rounds, send, sendAll, told } from "./support.ts";

const room = alertRoom();

const SECOND = 1_000;

test("a breach is told within 45 s of the end of its first window, and its end at once", async () => {
  const { db } = room;
  const id = await makeRule(db);
  await sendAll(db, NOON - 300_000, NOON, { us: 10_000 });
  await send(db, NOON, { us: 900_000, count: 100, user: "u_1" });
  // Rounds come at any moment of their ten seconds: 9 s after is the worst.
  await rounds(db, NOON + 19 * SECOND, NOON + 49 * SECOND);
  const events = await told(db);
  expect(events).toEqual([{ type: "incident.opened", at: expect.any(Number), receivers: ["r1"] }]);
  expect(events[0]!.at - 10).toBeLessThanOrEqual(35);
  expect(await oneRule(db, id)).toMatchObject({
    state: "firing",
    series: [
      { state: "firing", verdict: "breach", observed: { valueUs: 901_119, thresholdUs: 500_000, percentile: 99 } },
    ],
  });
  const { payload } = await db.alertEvent.findFirstOrThrow();
  expect(payload).toMatchObject({
    type: "incident.opened",
    data: {
      incident: { rule: "the feed is slow", state: "firing" },
      observed: { percentile: 99, valueUs: 901_119, thresholdUs: 500_000, count: 2_900, windowSeconds: 300 },
      endpoint: { method: "GET", route: "/feed" },
      endpoints: [{ method: "GET", route: "/feed" }],
      users: [{ user: "u_1", tailShare: 1 }],
      url: expect.stringMatching(new RegExp(`^${PUBLIC_URL}/alerts/incidents/[0-9a-f-]{36}$`)),
    },
  });
  await sendAll(db, NOON + 10_000, NOON + 700_000, { us: 10_000 });
  await rounds(db, NOON + 59 * SECOND, NOON + 699 * SECOND);
  expect((await told(db)).map(({ type }) => type)).toEqual(["incident.opened", "incident.resolved"]);
  expect(await oneRule(db, id)).toMatchObject({ state: "ok" });
});

test("two workers at once, and many: everything once", async () => {
  const { db, url } = room;
  const others = [openDb(url, 3), openDb(url, 3), openDb(url, 3)];
  try {
    await makeRule(db);
    await sendAll(db, NOON - 300_000, NOON, { us: 900_000 });
    for (let at = NOON + 12_000; at <= NOON + 62_000; at += 10_000)
      await Promise.all([db, ...others].map((one, place) => round(one, at + place * 7)));
    expect(await told(db)).toHaveLength(1);
    expect(await db.alertIncident.count()).toBe(1);
    expect(await db.alertMember.count()).toBe(1);
    expect((await db.alertTimeline.findMany()).map(({ kind }) => kind)).toEqual(["fired", "told"]);
  } finally {
    await Promise.all(others.map((one) => one.$disconnect()));
  }
});

// What is written first must go with what is written last, and the other way round.
test.each(["alert_event", "alert_clock"])(
  "a transaction that fails at %s leaves neither state nor event",
  async (table) => {
    const { db } = room;
    await makeRule(db);
    await sendAll(db, NOON - 300_000, NOON, { us: 900_000 });
    await round(db, NOON + 12_000);
    await db.$executeRawUnsafe(`ALTER TABLE ${table} ADD CONSTRAINT refuse CHECK (false) NOT VALID`);
    await expect(round(db, NOON + 22_000)).rejects.toThrow();
    await db.$executeRawUnsafe(`ALTER TABLE ${table} DROP CONSTRAINT refuse`);
    expect((await db.alertIncident.findFirstOrThrow()).toldAt).toBeNull();
    expect(await told(db)).toEqual([]);
    await round(db, NOON + 32_000);
    expect((await told(db)).map(({ type }) => type)).toEqual(["incident.opened"]);
  },
);

test("a rule that is removed while it fires is told to be over", async () => {
  const { db } = room;
  const id = await makeRule(db);
  await sendAll(db, NOON - 300_000, NOON, { us: 900_000 });
  await rounds(db, NOON + 12_000, NOON + 32_000);
  await removeRule(db, id);
  await rounds(db, NOON + 42_000, NOON + 42_000);
  expect(await told(db)).toMatchObject([{ type: "incident.opened" }, { type: "incident.resolved", receivers: ["r1"] }]);
  expect(await db.alertMember.findFirst()).toMatchObject({ reason: "rule_removed" });
  expect(await db.alertSeries.count()).toBe(0);
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { alertBoard } from "@/lib/alerts/board";
import { acknowledge, incidentList, oneIncident } from "@/lib/alerts/incidents";
import { alertMarks, alertsNow } from "@/lib/alerts/marks";
import { createSilence } from "@/lib/alerts/silences";
import { parseQuestion } from "@/lib/query";
import { testDatabase, type TestDatabase } from "../../support/database.ts";
import { forget, makeRule, NOON, rounds, sendAll } from "./support.ts";

// What the dashboard shows of alerts: one endpoint is slow, another is well, a third breaches and has to for ten minutes.
let room: TestDatabase;

beforeAll(async () => {
  room = await testDatabase();
});
afterAll(() => room.drop());

const MINUTE = 60_000;
const about = (route: string) => ({ name: `${route} is slow`, endpoint: { method: "GET", route }, receivers: [] });

beforeEach(async () => {
  await forget(room.db);
  await sendAll(
    room.db,
    NOON - 5 * MINUTE,
    NOON + 3 * MINUTE,
    { route: "/slow", us: 900_000 },
    { route: "/well", us: 10_000 },
    { route: "/soon", us: 700_000, user: "u_1" },
  );
  await makeRule(room.db, { ...about("/slow"), severity: "ticket" });
  await makeRule(room.db, about("/well"));
  await makeRule(room.db, { ...about("/soon"), forSeconds: 600 });
  await rounds(room.db, NOON, NOON + MINUTE);
});

const board = () => alertBoard(room.db, NOON + MINUTE);
const marks = (question: Record<string, string>, toMs = NOON + MINUTE) => {
  const range = { from: new Date(NOON - 10 * MINUTE).toISOString(), to: new Date(toMs).toISOString() };
  return alertMarks(
    room.db,
    parseQuestion("alertMarks", new URLSearchParams({ ...range, ...question })),
    NOON + MINUTE,
  );
};

describe("the board", () => {
  test("has what fires, what is pending and when it fires, and every rule with the worst it says", async () => {
    const { incidents, pending, rules } = await board();
    expect(incidents.map(({ rule, lead }) => [rule, lead?.endpoint?.route, lead?.observed?.["valueUs"]])).toEqual([
      ["/slow is slow", "/slow", expect.closeTo(900_000, -4)],
    ]);
    expect(pending.map(({ rule, firesAt }) => [rule, firesAt])).toEqual([
      ["/soon is slow", new Date(NOON - 10_000 + 10 * MINUTE).toISOString()],
    ]);
    expect(rules.map(({ rule, state, worst, firing }) => [rule.name, state, worst?.verdict, firing])).toEqual([
      ["/slow is slow", "firing", "breach", 1],
      ["/soon is slow", "pending", "breach", 0],
      ["/well is slow", "ok", "ok", 0],
    ]);
  });

  test("has pages before tickets, and what somebody looks after behind", async () => {
    await makeRule(room.db, { ...about("/soon"), name: "a page" });
    await makeRule(room.db, { ...about("/soon"), name: "a page that is looked after" });
    await rounds(room.db, NOON + MINUTE, NOON + 2 * MINUTE);
    const { incidents } = await incidentList(room.db, { limit: 9 });
    const looked = incidents.find(({ rule }) => rule === "a page that is looked after")!;
    await acknowledge(room.db, looked.id, { by: "a@example.com", nowMs: NOON + 2 * MINUTE });
    expect((await board()).incidents.map(({ rule, state }) => [rule, state])).toEqual([
      ["a page", "firing"],
      ["a page that is looked after", "acknowledged"],
      ["/slow is slow", "firing"],
    ]);
  });
});

describe("marks", () => {
  const idOf = async (route: string) => String((await room.db.endpoint.findFirstOrThrow({ where: { route } })).id);

  test("are of the endpoint that is asked for, and of no other", async () => {
    const slow = await marks({ endpoint: await idOf("/slow") });
    expect(slow.marks).toMatchObject([
      { rule: "/slow is slow", severity: "ticket", endpoint: { route: "/slow" }, to: null },
    ]);
    expect((await marks({ endpoint: await idOf("/well") })).marks).toEqual([]);
    expect((await marks({})).marks).toEqual([]);
  });

  test("are only those of the range", async () => {
    expect((await marks({ endpoint: await idOf("/slow") }, NOON - MINUTE)).marks).toEqual([]);
  });

  test("of what fired twice in one incident are two, and the incident tells what is only recovering", async () => {
    await makeRule(room.db, {
      name: "each is slow",
      endpoint: undefined,
      endpoints: "GET *",
      receivers: [],
      windowSeconds: 60,
      keepFiringSeconds: 0,
    });
    await rounds(room.db, NOON + MINUTE, NOON + 2 * MINUTE);
    await sendAll(room.db, NOON + 3 * MINUTE, NOON + 6 * MINUTE, { route: "/slow", us: 900_000 }, { route: "/soon" });
    await sendAll(
      room.db,
      NOON + 6 * MINUTE,
      NOON + 18 * MINUTE,
      { route: "/slow", us: 900_000 },
      { route: "/soon", us: 800_000 },
    );
    await rounds(room.db, NOON + 2 * MINUTE, NOON + 18 * MINUTE);
    const { incidents } = await incidentList(room.db, { limit: 9 });
    const { id } = incidents.find(({ rule }) => rule === "each is slow")!;
    const until = NOON + 18 * MINUTE;
    const soon = await marks({ incident: id, endpoint: await idOf("/soon") }, until);
    expect(soon.marks.map(({ to }) => to === null)).toEqual([false, true]);
    await sendAll(room.db, until, until + 3 * MINUTE, { route: "/slow", us: 900_000 }, { route: "/soon" });
    await rounds(room.db, until, until + 3 * MINUTE);
    const { members, counts } = await oneIncident(room.db, id);
    expect(members.map(({ endpoint, state }) => [endpoint?.route, state])).toEqual([
      ["/slow", "firing"],
      ["/soon", "recovering"],
    ]);
    expect(counts).toEqual({ firing: 2, recovering: 1, muted: 0, resolved: 0 });
    const told = await room.db.alertEvent.findMany({ where: { incidentId: id }, orderBy: { id: "asc" } });
    expect(told.map(({ type }) => type)).toEqual(["incident.opened", "incident.updated"]);
  });

  test("about a whole service are of the overview, about users of their page", async () => {
    const whole = { endpoint: undefined, receivers: [], percentile: 99 };
    await makeRule(room.db, { ...whole, name: "the shop is slow" });
    await makeRule(room.db, {
      ...whole,
      name: "somebody waits",
      kind: "user",
      percentile: 95,
      windowSeconds: 300,
      minCount: 10,
    });
    await rounds(room.db, NOON + MINUTE, NOON + 3 * MINUTE);
    const until = NOON + 3 * MINUTE;
    expect((await marks({}, until)).marks.map(({ rule }) => rule)).toEqual(["the shop is slow"]);
    expect((await marks({ service: "other" }, until)).marks).toEqual([]);
    expect((await marks({ user: "u_1" }, until)).marks).toMatchObject([{ rule: "somebody waits", user: "u_1" }]);
    expect((await marks({ user: "u_2" }, until)).marks).toEqual([]);
  });
});

describe("what every page says of now", () => {
  test("is what fires at endpoints, but not what is muted", async () => {
    const { id } = await room.db.endpoint.findFirstOrThrow({ where: { route: "/slow" } });
    expect(await alertsNow(room.db)).toMatchObject({ incidents: 1, endpoints: [{ id, rule: "/slow is slow" }] });
    const times = { from: new Date(NOON).toISOString(), to: new Date(NOON + 60 * MINUTE).toISOString() };
    await createSilence(
      room.db,
      { matcher: { endpoint: "GET /slow" }, reason: "known", ...times },
      { by: null, nowMs: NOON },
    );
    await rounds(room.db, NOON + 70_000, NOON + 80_000);
    expect(await alertsNow(room.db)).toEqual({ incidents: 0, endpoints: [] });
  });
});

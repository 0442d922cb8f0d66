import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { backTest } from "@/lib/alerts/back-test";
import { oneIncident } from "@/lib/alerts/incidents";
import { oneRule } from "@/lib/alerts/rules";
import { acceptInsight } from "@/lib/ingest/insight/take-insight";
import { ALERT_ANSWERS } from "@/lib/query/alert-answer-schemas";
import type { KillReport } from "@/lib/wire/index";
import { FakeClock } from "../../support/clock.ts";
import { ingestContext, requestOf } from "../../support/ingest.ts";
import { insightOf, killAt } from "../../support/insight.ts";
import { idAt } from "../../support/reports.ts";
import { makeReceiver, Receiving, worker } from "../delivery/database/support.ts";
import { alertRoom, makeRule, NOON, PUBLIC_URL, round, rounds, send, told } from "./support.ts";

const room = alertRoom();
const receiving = new Receiving();
beforeAll(() => receiving.listen());
beforeEach(() => receiving.reset());
afterAll(() => receiving.close());

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const LONG = `select ${"a_column, ".repeat(60)}? from comment`;

/** A rule of this kind about the whole service, with changes. */
const make = (changes: object = {}) => {
  const whole = { endpoint: undefined, percentile: undefined, thresholdUs: undefined, minCount: undefined };
  const own = { name: "a query was stopped", kind: "stopped_queries", keepFiringSeconds: 0, receivers: [] };
  return makeRule(room.db, { ...whole, ...own, ...changes });
};

/** Tells the server what a guard did, as a guard does. */
async function report(nowMs: number, ...kills: KillReport[]): Promise<void> {
  const context = ingestContext(room.db, { clock: new FakeClock(nowMs) });
  const { accepted } = await acceptInsight(requestOf(JSON.stringify(insightOf({ kills }))), context);
  expect(accepted).toBe(kills.length);
}

test("a kill that is told leads to one incident, and to one message that says which query it was and where from", async () => {
  const { db } = room;
  const { id } = await makeReceiver(db, receiving.url());
  const slack = await makeReceiver(db, receiving.url("/slack"), "slack");
  const rule = await make({ receivers: [id, slack.id] });
  await send(db, NOON - MINUTE, { route: "/report" });
  const first = killAt(NOON, { endpoint: null, statement: null, ageMs: null });
  const last = killAt(NOON + 5 * SECOND, { statement: LONG });
  await report(NOON, first);
  await report(NOON + 6 * SECOND, last);
  await report(NOON + 7 * SECOND, { ...last, outcome: "ended", afterMs: 12 }); // told again, it is no other
  const clock = new FakeClock(NOON + 60 * SECOND);
  await rounds(db, NOON + 20 * SECOND, NOON + 60 * SECOND);
  await worker(db, clock).round();

  expect(await oneRule(db, rule)).toMatchObject({
    state: "firing",
    series: [{ series: "service", observed: { valueQueries: 2, thresholdQueries: 1, count: 0, windowSeconds: 300 } }],
  });
  expect(receiving.arrived.map(({ path }) => path).sort()).toEqual(["/hook", "/slack"]);
  const [webhook, toSlack] = ["/hook", "/slack"].map(
    (wanted) => receiving.arrived.find(({ path }) => path === wanted)!.body,
  );
  const { type, data } = JSON.parse(webhook!) as {
    type: string;
    data: { stopped: { queries: object[]; url: string } };
  };
  expect([type, data.stopped.queries.length]).toEqual(["incident.opened", 2]);
  expect(data.stopped.queries).toEqual([
    {
      at: "2026-11-22T12:00:05.000Z",
      action: "cancel",
      endpoint: "GET /report",
      statementId: expect.stringMatching(/^[0-9a-f]{16}$/),
      statement: LONG.slice(0, 200),
      ageMs: 21_274,
    },
    {
      at: "2026-11-22T12:00:00.000Z",
      action: "cancel",
      endpoint: null,
      statementId: null,
      statement: null,
      ageMs: null,
    },
  ]);
  const url = new URL(data.stopped.url);
  expect(url.origin + url.pathname).toBe(`${PUBLIC_URL}/queries/stopped`);
  const { service, environment, from, to } = Object.fromEntries(url.searchParams);
  expect([service, environment]).toEqual(["shop", "production"]);
  expect(Date.parse(from!)).toBeLessThan(NOON);
  expect(Date.parse(to!)).toBeGreaterThan(NOON + 5 * SECOND);
  expect(toSlack).toContain("GET /report: select a_column, a_column");
  expect(toSlack).toContain("2 queries, threshold 1 query");

  const incident = (await db.alertIncident.findFirstOrThrow()).id;
  const shown = await oneIncident(db, incident);
  expect(ALERT_ANSWERS.AlertIncident.parse(shown)).toEqual(shown);
  await rounds(db, NOON + 70 * SECOND, NOON + 7 * MINUTE, 30 * SECOND);
  expect((await told(db)).map(({ type: what }) => what)).toEqual(["incident.opened", "incident.resolved"]);
  expect(await oneRule(db, rule)).toMatchObject({ state: "ok" });
});

describe("what counts", () => {
  const state = async (id: string) => {
    const { series } = await oneRule(room.db, id);
    return series.map(({ endpoint, verdict, observed }) => [
      endpoint?.route ?? "",
      verdict,
      observed?.["valueQueries"] ?? null,
    ]);
  };

  test("before any guard told of anything there are no data; one that left a statement alone has told", async () => {
    const { db } = room;
    const id = await make();
    await send(db, NOON - MINUTE, {});
    await round(db, NOON + 20 * SECOND);
    expect(await state(id)).toEqual([["", "no_data", null]]);
    expect((await oneRule(db, id)).series[0]!.why).toBe("no query guard has told of anything yet");
    await report(NOON + 20 * SECOND, killAt(NOON + 15 * SECOND, { action: "spare" }));
    await round(db, NOON + 40 * SECOND);
    expect(await state(id)).toEqual([["", "ok", 0]]);
  });

  test("each endpoint of a pattern by itself; what names none is the service's alone", async () => {
    const { db } = room;
    const [service, one, pattern] = [
      await make(),
      await make({ name: "one", endpoint: { method: "GET", route: "/b" } }),
      await make({ name: "each", endpoints: "GET /*" }),
    ];
    await send(db, NOON - MINUTE, { route: "/a" }, { route: "/b" });
    const kill = (seconds: number, endpoint: string | null) => killAt(NOON + seconds * SECOND, { endpoint });
    await report(NOON + 9 * SECOND, kill(1, "GET /a"), kill(2, "GET /a"), kill(3, "GET /gone"), kill(4, null));
    await round(db, NOON + 20 * SECOND);
    expect(await state(service)).toEqual([["", "breach", 4]]);
    expect(await state(one)).toEqual([["/b", "ok", 0]]);
    expect(new Set(await state(pattern))).toEqual(
      new Set([
        ["/a", "breach", 2],
        ["/b", "ok", 0],
      ]),
    );
  });

  test("not what was over before, not dry runs but where asked, one of each statement, and each rule's own window", async () => {
    const { db } = room;
    const [usual, dry, long] = [
      await make({ windowSeconds: 60 }),
      await make({ name: "dry", windowSeconds: 60, includeDryRuns: true }),
      await make({ name: "long", windowSeconds: 3_600 }),
    ];
    await send(db, NOON - MINUTE, {});
    const kill = (seconds: number, over: Partial<KillReport> = {}) => killAt(NOON + seconds * SECOND, over);
    await report(
      NOON + MINUTE,
      kill(-1_800, { statement: "select 1" }),
      kill(1),
      kill(12, { action: "terminate" }),
      kill(13, { pid: 1, outcome: "gone", afterMs: 0 }),
      kill(14, { action: "would_cancel", pid: 2, outcome: "ended", afterMs: 900 }),
      kill(15, { action: "blocker", pid: 3 }),
    );
    await round(db, NOON + 60 * SECOND);
    expect(await Promise.all([usual, dry, long].map(state))).toEqual([
      [["", "breach", 1]],
      [["", "breach", 2]],
      [["", "breach", 2]],
    ]);
  });

  test("a signal that was told before it was sent, and then came too late, is taken back", async () => {
    const { db } = room;
    const id = await make();
    await send(db, NOON - MINUTE, {});
    const kill = killAt(NOON + 5 * SECOND);
    await report(NOON + 6 * SECOND, kill);
    await round(db, NOON + 20 * SECOND);
    expect(await state(id)).toEqual([["", "breach", 1]]);
    await report(NOON + 22 * SECOND, { ...kill, outcome: "gone", afterMs: 3 });
    await round(db, NOON + 30 * SECOND);
    expect(await state(id)).toEqual([["", "ok", 0]]);
  });

  test("another service's and environment's are not its own", async () => {
    const { db } = room;
    const [own, other] = [await make({ environment: "staging" }), await make({ name: "other", service: "jobs" })];
    await report(NOON + 6 * SECOND, killAt(NOON + 5 * SECOND));
    await round(db, NOON + 20 * SECOND);
    expect([await state(own), await state(other)]).toEqual([[], []]); // nothing was ever sent under their names
  });
});

test("when they cannot be read, each such rule could not be asked, and no other", async () => {
  const { db } = room;
  const [id, second] = [await make(), await make({ name: "another" })];
  const traffic = await makeRule(db, { receivers: [] });
  await send(db, NOON - MINUTE, {});
  await report(NOON + 6 * SECOND, killAt(NOON + 5 * SECOND));
  await round(db, NOON + 20 * SECOND);
  await db.$executeRaw`ALTER TABLE insight_kill RENAME TO insight_kill_away`;
  try {
    for (const seconds of [30, 40, 50]) await round(db, NOON + seconds * SECOND);
  } finally {
    await db.$executeRaw`ALTER TABLE insight_kill_away RENAME TO insight_kill`;
  }
  for (const one of [id, second])
    expect(await oneRule(db, one)).toMatchObject({
      state: "firing",
      health: "error",
      series: [{ verdict: "could_not_ask" }],
    });
  expect(await oneRule(db, traffic)).toMatchObject({ health: "ok", series: [{ verdict: "ok" }] });
  await round(db, NOON + 60 * SECOND);
  expect(await oneRule(db, id)).toMatchObject({ health: "ok", series: [{ verdict: "breach" }] });
});

describe("a back-test", () => {
  const rule = { name: "x", kind: "stopped_queries", service: "shop", environment: "production", windowSeconds: 60 };
  const minutesAfter = (at: string | null) => (at === null ? null : (Date.parse(at) - NOON) / MINUTE);

  test("tells what rounds told, from what is kept", async () => {
    const { db } = room;
    await make({ windowSeconds: 60, keepFiringSeconds: 60 });
    await send(db, NOON - 10 * MINUTE, {});
    await report(NOON, killAt(NOON - MINUTE, { action: "spare" }));
    for (const seconds of [65, 70, 301, 500]) {
      const at = NOON + seconds * SECOND;
      const kill = killAt(at, { id: idAt(at) });
      await report(at, kill);
    }
    await rounds(db, NOON + 10 * SECOND, NOON + 15 * MINUTE);
    const tested = await backTest(db, { ...rule, keepFiringSeconds: 60 }, { days: 1, nowMs: NOON + 15 * MINUTE });
    expect(ALERT_ANSWERS.AlertBackTest.parse(tested)).toEqual(tested);
    const live = (await told(db)).map(({ type, at }) => [type, at - 10]);
    expect(live.map(([type]) => type)).toEqual(["incident.opened", "incident.resolved", "incident.opened"]);
    expect(tested.told.map(({ type, at }) => [type, (Date.parse(at) - NOON) / SECOND])).toEqual(live);
    expect(tested).toMatchObject({ unit: "queries", series: 1, isLimited: false, stepSeconds: 10 });
    expect(Math.max(...tested.values[0]!.steps.map(({ value }) => value ?? 0))).toBe(2);
    expect(tested.notes.join(" ")).toContain("as they have told it by now");
  });

  test("of days ago, by endpoint; before the first guard there are no data", async () => {
    const { db } = room;
    await send(db, NOON - 10 * MINUTE, { route: "/report" }, { route: "/b" });
    await report(NOON, killAt(NOON - 30 * 60 * MINUTE), killAt(NOON - 60 * MINUTE, { endpoint: "GET /b" }));
    const draft = { ...rule, keepFiringSeconds: 0, endpoints: "GET *" };
    const { fired, series, stepSeconds, verdicts } = await backTest(db, draft, { days: 3, nowMs: NOON + 10_000 });
    expect([series, stepSeconds]).toEqual([2, 60]);
    expect(fired.map(({ endpoint, from, to }) => [endpoint, minutesAfter(from), minutesAfter(to)])).toEqual([
      ["GET /report", -1_799, -1_798],
      ["GET /b", -59, -58],
    ]);
    expect(verdicts.breach).toBe(2);
    expect(verdicts.no_data).toBe(2 * (3 * 24 * 60 - 30 * 60 + 1));
  });
});

import { alertRound } from "@/lib/alerts/round";
import { parseRule } from "@/lib/alerts/rule";
import { writeOf } from "@/lib/alerts/rules";
import { Folder } from "@/lib/rollup/fold";
import { beat } from "@/lib/store/alert-clock";
import { insertRule } from "@/lib/store/alert-rules";
import type { Db } from "@/lib/store/db";
import { ensurePartitions } from "@/lib/store/partitions";
import type { EndpointSeries } from "@/lib/wire/index";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { batchOf, endpointOf, payloadOf, userOf } from "../../support/batches.ts";
import { testDatabase, type TestDatabase } from "../../support/database.ts";
import { store } from "../../support/stored.ts";

/** A whole ten seconds, and a whole minute. */
export const NOON = Date.parse("2026-11-22T12:00:00Z");
export const PUBLIC_URL = "https://tailfill.example";

/** Requests of one window: so many of each latency, and of each outcome. */
export interface Load {
  route?: string;
  count?: number;
  us?: number;
  errors?: number;
  aborted?: number;
  user?: string;
}

export function seriesOf({
  route = "/feed",
  count = 100,
  us = 10_000,
  errors = 0,
  aborted = 0,
  user,
}: Load): EndpointSeries {
  const many = (n: number) => payloadOf(...Array.from({ length: n }, () => us));
  const outcomes = {
    ...(count - errors - aborted > 0 ? { ok: many(count - errors - aborted) } : {}),
    ...(errors > 0 ? { server_error: many(errors) } : {}),
    ...(aborted > 0 ? { aborted: many(aborted) } : {}),
  };
  const users = user === undefined ? [] : [userOf(user, ...Array.from({ length: count }, () => us))];
  return endpointOf({ method: "GET", route, outcomes, users });
}

/** Stores and folds one window of ten seconds. */
export async function send(db: Db, startMs: number, ...loads: Load[]): Promise<void> {
  await store(db, batchOf({ window: { startMs, seconds: 10 }, endpoints: loads.map(seriesOf) }));
  await new Folder(db).fold();
}

/** Stores the same windows over a stretch, and folds them at once. */
export async function sendAll(db: Db, fromMs: number, toMs: number, ...loads: Load[]): Promise<void> {
  await ensurePartitions(db, fromMs);
  for (let at = fromMs; at < toMs; at += 10_000)
    await store(db, batchOf({ window: { startMs: at, seconds: 10 }, endpoints: loads.map(seriesOf) }));
  await new Folder(db).fold();
}

export const SLOW_FEED = {
  name: "the feed is slow",
  kind: "percentile",
  service: "shop",
  environment: "production",
  endpoint: { method: "GET", route: "/feed" },
  percentile: 99,
  thresholdUs: 500_000,
  windowSeconds: 300,
  forSeconds: 0,
  minCount: 100,
  receivers: ["r1"],
};

/** A rule as it is stored. Whether its receivers exist is asked when the API takes it: to what is judged it is all the same. */
export function makeRule(db: Db, changes: object = {}, nowMs = NOON): Promise<string> {
  const rule = parseRule(JSON.parse(JSON.stringify({ ...SLOW_FEED, ...changes })));
  return insertRule(db, writeOf(rule, "api"), { nowMs, by: null });
}

export const round = (db: Db, nowMs: number): Promise<void> =>
  alertRound(db, { nowMs, stop: () => false, publicUrl: PUBLIC_URL });

/** Rounds every ten seconds (or so many), from the first to the last moment, while the web process is up. */
export async function rounds(db: Db, fromMs: number, toMs: number, everyMs = 10_000): Promise<void> {
  for (let at = fromMs; at <= toMs; at += everyMs) {
    await beat(db, "web", at);
    await round(db, at);
  }
}

export async function told(db: Db, incidentId?: string): Promise<{ type: string; at: number; receivers: string[] }[]> {
  const where = incidentId === undefined ? {} : { incidentId };
  const events = await db.alertEvent.findMany({ where, orderBy: [{ at: "asc" }, { id: "asc" }] });
  return events.map(({ type, at, receivers }) => ({ type, at: (at.getTime() - NOON) / 1_000, receivers }));
}

export async function forget(db: Db): Promise<void> {
  await db.$executeRaw`TRUNCATE alert_rule, alert_series, alert_incident, alert_member, alert_timeline, alert_event, alert_silence,
    alert_maintenance, alert_blind, process_beat, batch, batch_receipt, endpoint_window_10s, endpoint_window_1m, endpoint_window_1h,
    user_window_1m, user_window_1h, user_window_1d, prefill_incident, prefill_setting, prefill_plan, prefill_forecast, prefill_candidate,
    prefill_decision, insight_kill, insight_statement, service CASCADE`;
  await db.$executeRaw`UPDATE alert_clock SET evaluated_at = NULL, ran_at = NULL`;
}

/** A database for the tests of a file, empty before each, with partitions for the day. */
export function alertRoom(): TestDatabase {
  const room = {} as TestDatabase;
  beforeAll(async () => void Object.assign(room, await testDatabase()));
  afterAll(() => room.drop());
  beforeEach(async () => {
    await forget(room.db);
    await ensurePartitions(room.db, NOON);
  });
  return room;
}

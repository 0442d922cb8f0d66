import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createMaintenance } from "@/lib/alerts/maintenance";
import { muteBoard } from "@/lib/alerts/mute-board";
import { createSilence } from "@/lib/alerts/silences";
import { ensurePartitions } from "@/lib/store/partitions";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { forget, makeRule, NOON, rounds, sendAll } from "./support.ts";

let room: TestDatabase;
beforeAll(async () => {
  room = await testDatabase();
});
afterAll(() => room.drop());
beforeEach(async () => {
  await forget(room.db);
  await ensurePartitions(room.db, NOON);
});

const iso = (ms: number) => new Date(ms).toISOString();
const HOUR = 3_600_000;
const change = { nowMs: NOON, by: null };

test("says how many series each mutes now, and how many of them fire; of what is not on it says nothing", async () => {
  const { db } = room;
  await makeRule(db, { endpoint: undefined, endpoints: "GET /*" });
  await sendAll(db, NOON - 300_000, NOON, { route: "/feed", us: 900_000 }, { route: "/quick" }, { route: "/other" });
  await rounds(db, NOON + 12_000, NOON + 22_000);
  const silence = (endpoint: string, fromMs = NOON) =>
    createSilence(db, { matcher: { endpoint }, reason: endpoint, from: iso(fromMs), to: iso(fromMs + HOUR) }, change);
  await silence("GET /*ee*");
  await silence("GET /[none]");
  await silence("*", NOON + HOUR);
  const times = { from: iso(NOON), to: iso(NOON + HOUR), repeats: "once" as const, until: null };
  await createMaintenance(db, { name: "all", matcher: { rule: "the feed*" }, ...times }, change);
  const board = await muteBoard(db, NOON + 30_000);
  expect(Object.fromEntries(board.silences.map(({ reason, muted }) => [reason, muted]))).toEqual({
    "GET /*ee*": { series: 1, firing: 1 },
    "GET /[none]": { series: 0, firing: 0 },
    "*": null,
  });
  expect(board.maintenance.map(({ muted }) => muted)).toEqual([{ series: 3, firing: 1 }]);
  expect((await muteBoard(db, NOON + 2 * HOUR)).maintenance.map(({ muted }) => muted)).toEqual([null]);
});

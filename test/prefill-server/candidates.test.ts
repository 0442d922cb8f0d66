import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newCandidates, saveCandidates } from "@/lib/store/prefill-candidates";
import { testDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.$executeRaw`TRUNCATE prefill_candidate`;
});

const NOW = Date.parse("2026-11-22T12:30:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const plan = (atMs: number, ...userKeys: bigint[]) => saveCandidates(database.db, 1, { userKeys, nowMs: atMs });
const newIn = (fromMs: number, toMs: number, scopeId = 1) => newCandidates(database.db, scopeId, { fromMs, toMs });

test("a user is new at the first plan that has them, and at no other", async () => {
  await plan(NOW, 1n, -2n);
  for (let minute = 1; minute <= 90; minute++) await plan(NOW + minute * MINUTE, 1n, 3n);
  expect(await newIn(NOW - 1, NOW)).toBe(2);
  expect(await newIn(NOW, NOW + MINUTE)).toBe(1);
  expect(await newIn(NOW + MINUTE, NOW + 2 * HOUR)).toBe(0);
  expect(await newIn(NOW - 1, NOW + HOUR, 2)).toBe(0);
});

test.each([
  ["23 hours away", 23, 0],
  ["25 hours away", 25, 1],
])("who was %s is new again: %i", async (_, hours, expected) => {
  await plan(NOW, 1n);
  await plan(NOW + HOUR, 1n);
  await plan(NOW + HOUR + hours * HOUR, 1n);
  expect(await newIn(NOW, NOW + 48 * HOUR)).toBe(expected);
  expect(await newIn(NOW - 1, NOW)).toBe(1); // a back-test sees what was new then
});

test("most plans write nothing", async () => {
  await plan(NOW, 1n, 2n);
  const written = async () =>
    (
      await database.db.$queryRaw<
        { x: string }[]
      >`SELECT string_agg(xmin::text || ctid::text, ' ') AS x FROM prefill_candidate`
    )[0]!.x;
  const before = await written();
  await plan(NOW + 10 * MINUTE, 1n, 2n);
  expect(await written()).toBe(before);
  await plan(NOW + 20 * MINUTE, 1n, 2n);
  expect(await written()).not.toBe(before);
});

test("two plans at once note a user once", async () => {
  const keys = Array.from({ length: 500 }, (_, n) => BigInt(n * 7_919));
  await Promise.all([plan(NOW, ...keys), plan(NOW, ...keys.toReversed()), plan(NOW, ...keys)]);
  expect(await newIn(NOW - 1, NOW)).toBe(500);
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { cancelRaceOn } from "@/test/support/cancel-race";
import { testDatabase, type TestDatabase } from "@/test/support/database";

const ROUNDS = 300; // `npm run soak` has ten thousand

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

test("cancelling that comes too late hits nobody", async () => {
  const result = await cancelRaceOn(database.url, ROUNDS, true);
  expect(result).toMatchObject({ innocentDeaths: 0, lost: 0 });
  // It was a race: it was won at times, and lost at others.
  expect(result.cancelled).toBeGreaterThan(ROUNDS / 20);
  expect(result.ended).toBeGreaterThan(ROUNDS / 20);
});

test("when the connection does not wait, the same race kills innocent statements", async () => {
  const result = await cancelRaceOn(database.url, ROUNDS, false);
  expect(result.innocentDeaths).toBeGreaterThan(ROUNDS / 20);
});

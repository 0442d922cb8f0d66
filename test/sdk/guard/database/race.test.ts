import { afterAll, beforeAll, expect, test } from "vitest";
import { raceOn } from "@/test/support/guard-race";
import { shop, type Shop } from "./shop";

const ROUNDS = 400; // `npm run soak` has ten thousand

let db: Shop;
beforeAll(async () => {
  db = await shop();
});
afterAll(() => db.remove());

test("a signal that comes too late hits nobody", async () => {
  const result = await raceOn(db.url, ROUNDS, true);
  expect(result.innocentDeaths).toBe(0);
  // It was a race: it was won at times, and lost at others.
  expect(result.killed).toBeGreaterThan(ROUNDS / 20);
  expect(result.gone).toBeGreaterThan(ROUNDS / 20);
});

test("without the check of who it is, the same race kills innocent statements", async () => {
  const result = await raceOn(db.url, ROUNDS, false);
  expect(result.innocentDeaths).toBeGreaterThan(ROUNDS / 20);
});

import { expect, test } from "vitest";
import { shop } from "../sdk/guard/database/shop";
import { raceOn } from "../support/guard-race";

const ROUNDS = 10_000;

test("10,000 races between a signal and the end of its statement: no innocent statement dies, and many would", async () => {
  const db = await shop();
  try {
    const checked = await raceOn(db.url, ROUNDS, true);
    const unchecked = await raceOn(db.url, ROUNDS / 10, false);
    console.info(JSON.stringify({ checked, unchecked }));
    expect(checked.innocentDeaths).toBe(0);
    expect(unchecked.innocentDeaths).toBeGreaterThan(0);
  } finally {
    await db.remove();
  }
});

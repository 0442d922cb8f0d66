import { expect, test } from "vitest";
import { cancelRaceOn } from "../support/cancel-race";
import { emptyDatabase } from "../support/database";

const ROUNDS = 10_000;

test("10,000 requests are cut at about the end of their statement: no innocent one dies, and many would", async () => {
  const { url, drop } = await emptyDatabase();
  try {
    const held = await cancelRaceOn(url, ROUNDS, true);
    const unheld = await cancelRaceOn(url, ROUNDS / 10, false);
    console.info(JSON.stringify({ held, unheld }));
    expect(held).toMatchObject({ innocentDeaths: 0, lost: 0 });
    expect(unheld.innocentDeaths).toBeGreaterThan(0);
  } finally {
    await drop();
  }
});

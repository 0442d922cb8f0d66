import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeHistogram, totalOf, addPayload, newCounts } from "@/lib/histogram/index";
import { endpoint, endpoints } from "@/lib/query/index";
import { histogramLog } from "@/lib/query/histogram-log";
import { rollUp } from "@/lib/rollup/roll-up";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { seed } from "../support/seed.ts";

const NOW = Math.floor(Date.now() / 3_600_000) * 3_600_000;
let room: TestDatabase;

beforeAll(async () => {
  room = await testDatabase();
  await seed(room.db, { nowMs: NOW, denseMinutes: 65 });
  await rollUp(room.db, NOW + 120_000); // what is settled is kept in the tight form
});
afterAll(() => room.drop());

test("a log of windows that were rolled up has every request, in histograms that can be read", async () => {
  const range = { from: "now-2h", to: "now" };
  const asked = { service: "shop", environment: "production", ...range, percentiles: [50] };
  const { endpoints: all } = await endpoints(room.db, asked, NOW);
  const { id } = all.find(({ route }) => route === "/threads/:id")!;
  const { text } = await histogramLog(room.db, { id, ...range, step: 60 }, NOW);
  let count = 0;
  for (const line of [...text]
    .join("")
    .split("\n")
    .filter((one) => one.startsWith("Tag="))) {
    const counts = newCounts();
    addPayload(counts, decodeHistogram(Buffer.from(line.split(",").at(-1)!, "base64")).payload);
    count += totalOf(counts);
  }
  const { totals } = await endpoint(room.db, { id, ...range, percentiles: [50] }, NOW);
  expect(count).toBe(totals.count);
  expect(count).toBeGreaterThan(10_000);
});

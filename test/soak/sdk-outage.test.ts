import { afterEach, expect, it } from "vitest";

import { outage } from "@/test/sdk/support/keeper";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

it("an SDK whose server is dead for a day at 1,000 requests a second stays small and reports every loss", async () => {
  const before = process.memoryUsage().rss;
  const { recorded, mostBytes, arrived, reported } = await outage(8_640, cleanup);
  expect(recorded).toBe(86_400_000);
  expect(mostBytes).toBeLessThanOrEqual(8 * 1024 * 1024);
  expect(arrived + reported).toBe(recorded);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
});

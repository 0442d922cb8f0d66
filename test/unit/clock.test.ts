import { expect, test } from "vitest";
import { sinceMs } from "@/lib/clock";
import { DiskWatch } from "@/lib/store/disk";
import { FakeClock } from "../support/clock.ts";

test("what lies ahead was before the clock was set back, and so is long ago", () => {
  expect([sinceMs(100, 350), sinceMs(100, 100), sinceMs(100, 99), sinceMs(-Infinity, 0)]).toEqual([
    250,
    0,
    Infinity,
    Infinity,
  ]);
});

test("a disk that fills up after the clock was set back is seen to be full", async () => {
  const clock = new FakeClock();
  let free = 1e12;
  const disk = new DiskWatch("/data", clock, async () => free);
  expect(await disk.isFull()).toBe(false);
  free = 0;
  expect(await disk.isFull()).toBe(false); // believed for a moment
  clock.advance(-3_600_000);
  expect(await disk.isFull()).toBe(true);
});

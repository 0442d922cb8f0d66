import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { windowAt, WindowClock } from "@/lib/sdk/src/window-clock";
import { FakeClock } from "./support/fake-clock";

const TEN = Date.parse("2026-11-22T10:00:00Z");

describe("windowAt", () => {
  it("aligns to the wall clock, whatever the process's start", () => {
    expect(windowAt(TEN + 3_200, 10)).toEqual({ startMs: TEN, remainingMs: 6_800 });
    expect(windowAt(TEN, 10)).toEqual({ startMs: TEN, remainingMs: 10_000 });
  });

  it("takes the next window rather than a sliver of this one, as a timer that fires early would leave", () => {
    expect(windowAt(TEN - 1, 10)).toEqual({ startMs: TEN, remainingMs: 10_001 });
    expect(windowAt(TEN - 199, 10)).toEqual({ startMs: TEN, remainingMs: 10_199 });
    expect(windowAt(TEN - 200, 10)).toEqual({ startMs: TEN - 10_000, remainingMs: 200 });
  });

  it("never gives a window that is over or overlong", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 300 }), (wallMs, seconds) => {
        const { startMs, remainingMs } = windowAt(wallMs, seconds);
        expect(startMs % (seconds * 1000)).toBe(0);
        expect(remainingMs).toBeGreaterThan(0);
        expect(remainingMs).toBeLessThanOrEqual(seconds * 1000 * 1.02);
        expect(startMs + seconds * 1000 - wallMs).toBe(remainingMs);
      }),
    );
  });
});

describe("WindowClock", () => {
  const run = (wallMs: number) => {
    const clock = new FakeClock(wallMs);
    const closed: { startMs: number; atMs: number }[] = [];
    const windows = new WindowClock(clock, 10, (startMs) => closed.push({ startMs, atMs: clock.monotonicMs() }));
    return { clock, closed, windows };
  };

  it("closes one window after the other, each under its own start", async () => {
    const { clock, closed } = run(TEN + 4_000);
    await clock.advance(26_000);
    expect(closed.map((window) => window.startMs)).toEqual([TEN, TEN + 10_000, TEN + 20_000]);
  });

  it.each([
    ["back 2 h", -7_200_000],
    ["forward 2 h", 7_200_000],
    ["back 3 s", -3_000],
    ["forward 61.5 s", 61_500],
  ])("stays aligned and never overlong when the wall clock jumps %s", async (_, jumpMs) => {
    const { clock, closed } = run(TEN + 1_000);
    await clock.advance(14_000);
    clock.jump(jumpMs);
    await clock.advance(60_000);
    let openedMs = 1_000;
    for (const { startMs, atMs } of closed) {
      expect(startMs % 10_000).toBe(0);
      expect(atMs - openedMs).toBeGreaterThan(0);
      expect(atMs - openedMs).toBeLessThanOrEqual(10_200);
      openedMs = atMs;
    }
    const last = closed.at(-1)!;
    expect(Math.abs(last.startMs + 10_000 - clock.wallMs())).toBeLessThan(10_200);
  });

  it("cuts a window at once, and goes on under the same start", async () => {
    const { clock, closed, windows } = run(TEN);
    await clock.advance(4_000);
    windows.cut();
    await clock.advance(6_000);
    expect(closed).toEqual([
      { startMs: TEN, atMs: 5_000 },
      { startMs: TEN, atMs: 11_000 },
    ]);
  });

  it("stops with the last window and leaves no timer", async () => {
    const { clock, closed, windows } = run(TEN);
    await clock.advance(4_000);
    windows.stop();
    windows.stop();
    await clock.advance(60_000);
    expect(closed).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });
});

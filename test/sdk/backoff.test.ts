import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { backlogGapMs, backoffMs, retryAfterMs, retryDelayMs } from "@/lib/sdk/src/backoff";

const NOW = Date.parse("2026-11-22T10:00:00Z");

describe("Retry-After", () => {
  it.each([
    ["7", 7_000],
    [" 7 ", 7_000],
    ["1.5", 1_500],
    ["300", 300_000],
    ["301", 300_000],
    ["315360000", 300_000],
    ["Sun, 22 Nov 2026 10:00:30 GMT", 30_000],
    ["Mon, 22 Nov 2036 10:00:30 GMT", 300_000],
    ["Sun, 22 Nov 2026 09:00:00 GMT", null],
    ["0", null],
    ["-5", null],
    ["soon", null],
    ["", null],
    ["1e9", null],
    ["NaN", null],
    ["Infinity", null],
    [undefined, null],
  ])("%j asks for %j ms", (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });

  it("is at most 300 s and above 0 for any text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ms = retryAfterMs(text, NOW);
        if (ms !== null) expect(ms > 0 && ms <= 300_000).toBe(true);
      }),
    );
  });
});

describe("back-off", () => {
  it("is spread over everything from 0 to a doubling bound of at most a minute", () => {
    expect([1, 2, 3, 6, 7, 1000].map((failures) => backoffMs(failures, 1))).toEqual([
      2_000, 4_000, 8_000, 60_000, 60_000, 60_000,
    ]);
    expect(backoffMs(5, 0)).toBe(0);
    expect(backoffMs(5, 0.5)).toBe(16_000);
  });

  it("is never earlier than the server asked for", () => {
    fc.assert(
      fc.property(
        fc.nat(100),
        fc.integer({ min: 1, max: 300_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (n, told, r) => {
          const ms = retryDelayMs(n, told, { random: () => r });
          expect(ms).toBeGreaterThanOrEqual(told);
          expect(ms).toBeLessThanOrEqual(told * 2);
        },
      ),
    );
  });

  it("works a backlog off at three batches a window on average", () => {
    expect(backlogGapMs(10, 0.5)).toBeCloseTo(10_000 / 3);
    expect(backlogGapMs(10, 0)).toBeCloseTo(10_000 / 6);
  });
});

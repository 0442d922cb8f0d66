import fc from "fast-check";
import { expect, test } from "vitest";
import { about } from "@/lib/sdk/src/counts/about";
import type { CountKind } from "@/lib/sdk/src/counts/count";

test.each<[number, CountKind, string]>([
  [0, "exact", "0"],
  [999, "exact", "999"],
  [1_234_567, "exact", "1,234,567"],
  [0, "estimate", "about 0"],
  [7, "estimate", "about 7"],
  [523, "estimate", "about 520"],
  [9_961, "estimate", "about 10 k"],
  [12_345, "estimate", "about 12 k"],
  [1_234_567, "estimate", "about 1.2 M"],
  [999_499, "estimate", "about 1 M"],
  [45_678_901_234, "estimate", "about 46 B"],
  [0, "atLeast", "unknown"],
  [9, "atLeast", "9+"],
  [101, "atLeast", "100+"],
  [10_001, "atLeast", "10,000+"],
])("%d, %s: %s", (value, kind, text) => {
  expect(about({ value, kind })).toBe(text);
});

const STEPS: Record<string, number> = { k: 1e3, M: 1e6, B: 1e9, T: 1e12 };

test("an estimate is shown within 5 % of what it is", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9e14 }), (value) => {
      const [, digits, step = ""] = /^about ([\d.]+) ?([kMBT]?)$/.exec(about({ value, kind: "estimate" })) ?? [];
      expect(Math.abs(Number(digits) * (STEPS[step] ?? 1) - value)).toBeLessThanOrEqual(value * 0.05 + 1e-6);
    }),
  );
});

test("what is at least so many is never shown as more", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e12 }), (value) => {
      const shown = Number(about({ value, kind: "atLeast" }).replaceAll(/[,+]/g, ""));
      expect(shown).toBeLessThanOrEqual(value);
      expect(shown).toBeGreaterThan(value * 0.9);
    }),
  );
});

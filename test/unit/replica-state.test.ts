import { expect, test } from "vitest";
import { replicaText } from "@/components/settings/replica-card";
import { useOf } from "@/lib/store/replica-state";

const NOW = 1_000_000;
const known = { measuredMs: NOW - 1_000, lagMs: 0, failedMs: null };

test.each([
  [known, "used"],
  [{ ...known, lagMs: 15_000 }, "used"],
  [{ ...known, lagMs: 15_001 }, "behind"],
  [{ ...known, lagMs: Infinity }, "behind"],
  [{ ...known, measuredMs: null }, "not_known"],
  [{ ...known, measuredMs: NOW - 10_001 }, "not_known"],
  [{ ...known, measuredMs: NOW + 60_000 }, "not_known"], // the clock was set back
  [{ ...known, failedMs: NOW - 500 }, "failed"],
  [{ ...known, failedMs: NOW - 4_000 }, "failed"], // measured well since, but only just
  [{ ...known, failedMs: NOW - 6_000 }, "used"],
  [{ measuredMs: NOW - 8_000, lagMs: 0, failedMs: NOW - 7_000 }, "failed"],
])("%o is %s", (state, use) => {
  expect(useOf(state, NOW)).toBe(use);
});

test("the page says how it is", () => {
  expect(replicaText({ use: "used", behindSeconds: 0 })).toContain("in step");
  expect(replicaText({ use: "used", behindSeconds: 3 })).toContain("3\u00a0s behind");
  expect(replicaText({ use: "behind", behindSeconds: 90 })).toContain("ask the database itself");
  expect(replicaText({ use: "behind", behindSeconds: null })).toContain("no replica of this database");
  expect(replicaText({ use: "failed", behindSeconds: 0 })).toContain("does not answer");
});

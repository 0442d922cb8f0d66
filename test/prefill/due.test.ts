import { expect, it } from "vitest";
import { isDue } from "@/lib/prefill/build-profiles";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const NOW = 1_000 * MINUTE;
const made = (ago: number, tookMs = 20) => ({ madeAtMs: NOW - ago, fromMs: 0, tookMs });
const begun = (ago: number) => ({ madeAtMs: null, fromMs: NOW - ago, tookMs: 0 });

it.each([
  ["never made", begun(SECOND), {}, true],
  ["never made, and folding is behind", begun(9 * MINUTE), { isBehind: true }, false],
  ["never made, and folding has been behind for long", begun(10 * MINUTE), { isBehind: true }, true],
  ["made a moment ago", made(49 * SECOND), {}, false],
  ["made a while ago", made(50 * SECOND), {}, true],
  ["made a while ago, and folding is behind", made(9 * MINUTE), { isBehind: true }, false],
  ["made long ago, and folding is behind", made(10 * MINUTE), { isBehind: true }, true],
  ["dear: a fiftieth of the time has not passed", made(99 * SECOND, 2 * SECOND), {}, false],
  ["dear: a fiftieth of the time has passed", made(100 * SECOND, 2 * SECOND), {}, true],
  ["cheap, but one of many", made(249 * SECOND), { allTookMs: 5 * SECOND }, false],
  ["cheap, and one of many", made(250 * SECOND), { allTookMs: 5 * SECOND }, true],
  ["so dear that it would never be made", made(30 * MINUTE, MINUTE), { allTookMs: 60 * MINUTE }, true],
  ["made by a clock that went ahead", made(-SECOND), {}, true],
])("a layer %s", (_, state, wish, expected) => {
  expect(isDue(state, { nowMs: NOW, ...wish })).toBe(expected);
});

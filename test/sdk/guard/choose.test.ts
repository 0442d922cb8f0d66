import { expect, test } from "vitest";
import { choose } from "@/lib/sdk/src/guard/choose";
import { next, type Chosen, type Next } from "@/lib/sdk/src/guard/follow";
import type { PolicyOptions } from "@/lib/sdk/src/guard/policy";
import { keyOf, type Session } from "@/lib/sdk/src/guard/session";
import { context, session } from "./sessions";

const NOW_MS = 1_000_000;
const many = (length: number): Session[] =>
  Array.from({ length }, (_, index) => session({ pid: 500 + index, ageMs: 30_000 + index }));

function chosen(
  sessions: Session[],
  options: PolicyOptions = {},
  past: { chosenAtMs?: number[]; underWay?: Session[] } = {},
) {
  const underWay = new Set((past.underWay ?? []).map(keyOf));
  const choice = choose(sessions, context(options), { chosenAtMs: past.chosenAtMs ?? [], underWay }, NOW_MS);
  const spared = choice.spared.map((each): [number, string] => [each.session.pid, each.reason]);
  return { victims: choice.victims.map(({ pid }) => pid), spared, blockers: choice.blockers };
}

test("the longest first", () => {
  expect(chosen(many(3)).victims).toEqual([502, 501, 500]);
});

test("no more in any minute than the policy allows", () => {
  const options = { maxPerMinute: 3 };
  expect(chosen(many(4), options)).toMatchObject({ victims: [503, 502, 501], spared: [[500, "budget"]] });
  const chosenAtMs = [NOW_MS - 60_000, NOW_MS - 59_999, NOW_MS - 1];
  expect(chosen(many(2), options, { chosenAtMs })).toMatchObject({ victims: [501], spared: [[500, "budget"]] });
});

test("none when too many qualify at once, and again when they do not", () => {
  const options = { mostAtOnce: 3, maxPerMinute: 100 };
  expect(chosen(many(3), options).victims).toHaveLength(3);
  const sick = chosen(many(4), options);
  expect(sick.victims).toEqual([]);
  expect(sick.spared.map(([, reason]) => reason)).toEqual(Array(4).fill("too_many"));
});

test("those left alone for other reasons do not count as too many", () => {
  const writes = many(20).map((each) => ({ ...each, hasWritten: true }));
  expect(chosen([...writes, session({ pid: 9 })], { mostAtOnce: 3 }).victims).toEqual([9]);
});

test("what was chosen before is not chosen again; another statement of the same connection is", () => {
  const before = session({ pid: 7 });
  const after = { ...before, queryStart: "2026-11-22 10:00:00.123457+00" };
  expect(chosen([before], {}, { underWay: [before] })).toMatchObject({ victims: [], spared: [] });
  expect(chosen([after], {}, { underWay: [before] }).victims).toEqual([7]);
});

test("a dry run chooses what a live run does", () => {
  const sessions = [
    ...many(5),
    session({ text: "DROP TABLE t" }),
    session({ ageMs: 1 }),
    session({ hasWritten: true }),
  ];
  expect(chosen(sessions, { apply: false, maxPerMinute: 3 })).toEqual(
    chosen(sessions, { apply: true, maxPerMinute: 3 }),
  );
});

test("those that wait are left alone, and whom they wait for is named with them", () => {
  const [one, other] = [
    session({ waitsForLock: true, blockedBy: [7, 7] }),
    session({ waitsForLock: true, blockedBy: [7, 0] }),
  ];
  const { victims, blockers } = chosen([one, other]);
  expect(victims).toEqual([]);
  expect(blockers).toEqual(
    new Map([
      [7, [one, other]],
      [0, [other]],
    ]),
  );
});

test("nothing is done to a database where nothing runs", () => {
  expect(chosen([])).toEqual({ victims: [], spared: [], blockers: new Map() });
});

const AT_MS = 50_000;
test.each<[Next, string, Partial<Chosen>, boolean, number, boolean]>([
  ["ended", "is over", { signal: "cancel" }, false, 0, true],
  ["ended", "of a dry run is over", { signal: null }, false, 0, false],
  ["wait", "still has its grace", { signal: "cancel" }, true, 9_999, true],
  ["terminate", "has used up its grace", { signal: "cancel" }, true, 10_000, true],
  ["give_up", "may not be terminated", { signal: "cancel" }, true, 10_000, false],
  ["wait", "was just terminated", { signal: "terminate" }, true, 9_999, true],
  ["give_up", "heeds nothing", { signal: "terminate" }, true, 10_000, true],
  ["wait", "was given up", { signal: "terminate", isOver: true }, true, 99_999, true],
  ["wait", "is of a dry run", { signal: null, isOver: true }, true, 99_999, true],
])("%s: a statement that %s", (expected, _, changes, isRunning, passedMs, terminate) => {
  const statement: Chosen = { session: session(), signal: "cancel", atMs: AT_MS, isOver: false, ...changes };
  expect(next(statement, isRunning, { graceMs: 10_000, terminate }, AT_MS + passedMs)).toBe(expected);
});

import { expect, test } from "vitest";
import { groupKills } from "@/lib/insight/group-kills";
import { joinStops } from "@/lib/insight/join-stops";
import { storedKill, storedStop } from "../support/insight-rows.ts";

const SECOND = 1_000;
const AT = Date.parse("2026-11-22T10:00:00Z");
const kill = (over: Parameters<typeof storedKill>[0] = {}) => storedKill({ atMs: AT, pid: 7, ...over });
const stop = (over: Parameters<typeof storedStop>[0] = {}) => storedStop({ atMs: AT + 100, pid: 7, ...over });

const found = (kills: ReturnType<typeof kill>[], stops: ReturnType<typeof stop>[]) => {
  const joined = joinStops(kills, stops);
  return { users: joined.kills.map((one) => one.stop?.user ?? null), rest: joined.rest.length };
};

test.each([
  ["the same connection at the same time", kill(), stop(), true],
  ["an app whose clock is behind", kill(), stop({ atMs: AT - 4 * SECOND }), true],
  ["a connection that was closed some rounds later", kill(), stop({ atMs: AT + 50 * SECOND }), true],
  ["the same number of a later connection", kill(), stop({ atMs: AT + 120 * SECOND }), false],
  ["another connection", kill(), stop({ pid: 8 }), false],
  ["no connection known, but the statement", kill(), stop({ pid: null }), true],
  ["no connection known, and another statement", kill(), stop({ pid: null, statementId: "00000000000000bb" }), false],
  ["no connection known, and another endpoint", kill(), stop({ pid: null, endpoint: "GET /feed" }), false],
  ["no connection known, and much later", kill(), stop({ pid: null, atMs: AT + 20 * SECOND }), false],
  ["a statement over its budget", kill(), stop({ by: "timeout" }), false],
  ["a statement that a dry run looked at", kill({ action: "would_cancel" }), stop(), false],
  ["a statement that was over before the signal", kill({ outcome: "gone" }), stop(), false],
])("%s", (_, one, other, isIt) => {
  expect(found([one], [other])).toEqual(isIt ? { users: ["ada"], rest: 0 } : { users: [null], rest: 1 });
});

test("a cancel and the closing of its connection are of one request", () => {
  const terminated = kill({ action: "terminate", atMs: AT + 10 * SECOND });
  expect(found([terminated, kill()], [stop({ atMs: AT + 10 * SECOND + 50 })])).toEqual({
    users: ["ada", "ada"],
    rest: 0,
  });
});

test("two statements alike without a connection's number are two requests", () => {
  const stops = [stop({ pid: null }), stop({ pid: null, user: "bob", atMs: AT + SECOND })];
  expect(found([kill(), kill({ pid: 8, atMs: AT + 500 })], stops)).toEqual({ users: ["ada", "bob"], rest: 0 });
});

test("what no guard has stopped is counted by what did, beside the guard's", () => {
  const stops = [stop({ by: "timeout", durationUs: 30_000_000 }), stop({ by: "abort" }), stop({ by: "other" })];
  const [group, ...none] = groupKills([kill({ ageMs: 21_000 })], stops);
  expect(none).toEqual([]);
  expect(group).toMatchObject({ stopped: 1, timedOut: 1, aborted: 1, byOthers: 1, longestMs: 30_000 });
});

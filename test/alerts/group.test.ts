import { describe, expect, test } from "vitest";
import { decideGroup, type GroupMember, type OpenIncident, stillTold } from "@/lib/alerts/group";
import { HOUR, MINUTE, Player, saying, SECOND, T0, TERMS } from "./support.ts";

const incident = (changes: Partial<OpenIncident> = {}): OpenIncident => ({
  openedAtMs: T0,
  toldAtMs: null,
  told: [],
  acknowledgedAtMs: null,
  waitSeconds: 10,
  intervalSeconds: 300,
  repeatSeconds: 14_400,
  ...changes,
});
const told = incident({ toldAtMs: T0, told: ["a"] });
const a: GroupMember = { key: "a", firing: true, muted: false };
const b: GroupMember = { ...a, key: "b" };
const over = (member: GroupMember): GroupMember => ({ ...member, firing: false });
const muted = (member: GroupMember): GroupMember => ({ ...member, muted: true });

describe("what is told of an incident", () => {
  test.each([
    ["nothing before the wait is over", incident(), [a], 7 * SECOND, null, false],
    ["its opening when it is", incident(), [a], 10 * SECOND, "opened", false],
    ["its opening in a round that comes a little early", incident(), [a], 8 * SECOND, "opened", false],
    ["nothing of what is over before", incident(), [over(a)], 10 * SECOND, null, true],
    ["nothing again when nothing has changed", told, [a], 10 * MINUTE, null, false],
    ["nothing new within the interval", told, [a, b], 4 * MINUTE, null, false],
    ["what is new after the interval", told, [a, b], 5 * MINUTE, "updated", false],
    ["nothing of a member that is over while others go on", told, [a, over(b)], 6 * MINUTE, null, false],
    ["that it goes on, after four hours", told, [a], 4 * HOUR, "repeated", false],
    ["nothing of that once acknowledged", { ...told, acknowledgedAtMs: T0 }, [a], 9 * HOUR, null, false],
    ["what is new also when acknowledged", { ...told, acknowledgedAtMs: T0 }, [a, b], HOUR, "updated", false],
    ["its end at once", told, [over(a)], SECOND, "resolved", true],
    ["its end also when muted", told, [muted(over(a))], SECOND, "resolved", true],
    ["nothing while all of it is muted", incident(), [muted(a)], HOUR, null, false],
    ["its opening once it is no longer", incident(), [a], HOUR, "opened", false],
    ["only what is not muted", incident(), [muted(a), b], HOUR, "opened", false],
    ["nothing of a new member that is muted", told, [a, muted(b)], HOUR, null, false],
    ["nothing repeated while muted", told, [muted(a)], 9 * HOUR, null, false],
  ] as const)("%s", (_, open, members, afterMs, tell, closes) => {
    expect(decideGroup(open, members, T0 + afterMs)).toEqual({ tell, closes });
  });
});

describe("a clock that was set back by an hour", () => {
  const open = { ...incident(), openedAtMs: T0 + HOUR } as const;
  test.each([
    ["what was opened before is told at once", open, "opened"],
    ["and so is a member that is new", { ...open, toldAtMs: T0 + HOUR, told: ["b"] }, "updated"],
    ["what was told before is not repeated", { ...open, toldAtMs: T0 + HOUR, told: ["a"] }, null],
    ["less than a minute is no such thing", { ...open, openedAtMs: T0 + 50 * SECOND }, null],
  ] as const)("%s", (_, one, tell) => {
    expect(decideGroup(one, [{ key: "a", firing: true, muted: false }], T0)).toEqual({ tell, closes: false });
  });
});

describe("played on a clock", () => {
  test("a value that flips at each evaluation for an hour is told at most twice", () => {
    for (const keepFiringSeconds of [0, 10, 300])
      for (const first of [0, 10]) {
        const player = new Player({ ...TERMS, keepFiringSeconds });
        player.play(0, 3_600, (at) => (at % 20 === first ? "breach" : "ok"));
        expect(player.told.length).toBeLessThanOrEqual(2);
        expect(player.told[0]?.[1]).toBe("opened");
      }
  });

  test("200 endpoints that breach at once are one notification, and one at their end", () => {
    const player = new Player();
    const all = (verdict: "ok" | "breach") =>
      Object.fromEntries(Array.from({ length: 200 }, (_, place) => [`endpoint ${place}`, saying(verdict)]));
    for (let at = 0; at < 1_800; at += 10) player.round(at, all("breach"));
    expect(player.told).toEqual([[10, "opened"]]);
    for (let at = 1_800; at < 3_600; at += 10) player.round(at, all("ok"));
    expect(player.told).toEqual([
      [10, "opened"],
      [2_100, "resolved"],
    ]);
  });

  test("endpoints that breach one after the other are told every five minutes at most", () => {
    const player = new Player();
    for (let at = 0; at < 1_200; at += 10) {
      const some = Math.min(60, Math.floor(at / 10) + 1);
      player.round(at, Object.fromEntries(Array.from({ length: some }, (_, place) => [`e${place}`, saying("breach")])));
    }
    expect(player.told).toEqual([
      [10, "opened"],
      [310, "updated"],
      [610, "updated"],
    ]);
  });

  test("what goes on for nine hours is repeated every four", () => {
    const player = new Player().play(0, 9 * 3_600, () => "breach");
    expect(player.told).toEqual([
      [10, "opened"],
      [14_410, "repeated"],
      [28_810, "repeated"],
    ]);
  });

  test("what fires in a silence is told when the silence ends and it still fires", () => {
    const player = new Player();
    player.muted = (_, atMs) => atMs < T0 + HOUR;
    player.play(0, 3_700, () => "breach");
    expect(player.told).toEqual([[3_600, "opened"]]);
  });

  test("what fires and is over in a silence is never told", () => {
    const player = new Player();
    player.muted = (_, atMs) => atMs < T0 + HOUR;
    player.play(0, 600, () => "breach").play(600, 7_200, () => "ok");
    expect(player.told).toEqual([]);
  });
});

describe("what fires again after it was over, while others go on", () => {
  test("is told as new, not before the interval", () => {
    const player = new Player();
    const b = (at: number) => (at < 60 || at >= 900 ? "breach" : "ok");
    for (let at = 0; at <= 1_300; at += 10) player.round(at, { a: saying("breach"), b: saying(b(at)) });
    expect(player.told).toEqual([
      [10, "opened"],
      [900, "updated"],
    ]);
  });

  test("is among those told only as long as it fires", () => {
    expect(stillTold(["a", "b", "gone"], [a, over(b)])).toEqual(["a"]);
    expect(stillTold(["a"], [muted(a)])).toEqual(["a"]);
  });
});

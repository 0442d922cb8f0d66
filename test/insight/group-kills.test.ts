import { describe, expect, test } from "vitest";
import { groupKills } from "@/lib/insight/group-kills";
import type { StoredKill } from "@/lib/store/insight-kills";
import { storedKill } from "../support/insight-rows.ts";

const AT = Date.parse("2026-11-22T10:00:00Z");

const kill = (over: Partial<StoredKill> = {}): StoredKill => storedKill({ atMs: AT, ...over });

describe("kills by statement and endpoint", () => {
  test("are one group; another statement, another endpoint, and none, are others", () => {
    const groups = groupKills([
      kill(),
      kill(),
      kill({ endpoint: "GET /feed" }),
      kill({ statementId: "00000000000000bb" }),
      kill({ endpoint: null }),
    ]);
    expect(groups.map(({ cancelled }) => cancelled).toSorted((a, b) => a - b)).toEqual([1, 1, 1, 2]);
  });

  test("count what was done; a signal that was not sent is no kill", () => {
    const [group] = groupKills([
      kill(),
      kill({ outcome: null }),
      kill({ outcome: "gone" }),
      kill({ action: "terminate", outcome: "still_running", ageMs: 60_000, atMs: AT + 5_000 }),
      kill({ action: "would_cancel", outcome: null }),
      kill({ action: "spare", reason: "write" }),
      kill({ action: "blocker", ageMs: null }),
    ]);
    expect(group).toMatchObject({
      stopped: 2,
      cancelled: 2,
      terminated: 1,
      gone: 1,
      wouldCancel: 1,
      spared: 1,
      blockers: 1,
      longestMs: 60_000,
      firstAt: "2026-11-22T10:00:00.000Z",
      lastAt: "2026-11-22T10:00:05.000Z",
    });
  });

  test("saved as much as those that a dry run let run on for, on average, and nothing is made up without one", () => {
    const dry = (afterMs: number) => kill({ action: "would_cancel", outcome: "ended", afterMs });
    expect(groupKills([kill(), kill(), kill()])[0]!.savedMs).toBeNull();
    expect(groupKills([kill(), kill(), kill(), dry(10_000), dry(50_000)])[0]!.savedMs).toBe(90_000);
    expect(groupKills([kill(), kill({ action: "would_cancel", outcome: null, afterMs: null })])[0]!.savedMs).toBeNull();
  });

  test("come in the order of what was stopped, then of what would have been, then of what was last", () => {
    const of = (endpoint: string, over: Partial<StoredKill>) => kill({ endpoint, ...over });
    const groups = groupKills([
      of("spared", { action: "spare" }),
      of("older", { action: "cancel", atMs: AT - 1 }),
      of("dry", { action: "would_cancel" }),
      of("newer", { action: "cancel" }),
      of("often", { action: "terminate" }),
      of("often", { action: "cancel" }),
      of("often", { action: "cancel" }),
    ]);
    expect(groups.map(({ endpoint }) => endpoint)).toEqual(["often", "newer", "older", "dry", "spared"]);
  });

  test("keep the text of a statement when one of them knows it", () => {
    expect(groupKills([kill({ statement: null }), kill()])[0]!.statement).toBe("select ?");
  });
});

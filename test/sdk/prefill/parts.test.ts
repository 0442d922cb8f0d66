import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { atOnceAt, nextSpeed, Thinning } from "@/lib/sdk/src/prefill/brakes";
import { decisionId, windowOf } from "@/lib/sdk/src/prefill/decision-id";
import { Foreground } from "@/lib/sdk/src/prefill/foreground";
import { namesBy } from "@/lib/sdk/src/prefill/names";
import { OpenDecisions } from "@/lib/sdk/src/prefill/open-decisions";
import { Refreshes } from "@/lib/sdk/src/prefill/refreshes";
import { Sessions } from "@/lib/sdk/src/prefill/sessions";
import { isSignalFor } from "@/lib/sdk/src/prefill/signal-watch";

describe("sessions", () => {
  it("begin with a user's first request, and again after a gap", () => {
    const sessions = new Sessions(1_800_000, 100);
    expect(sessions.starts("ada", 0)).toBe(true);
    expect(sessions.starts("ada", 1_000_000)).toBe(false);
    expect(sessions.starts("ada", 2_799_000)).toBe(false);
    expect(sessions.starts("ada", 4_599_000)).toBe(true);
    expect(sessions.starts("ada", 4_599_500)).toBe(false);
  });

  it("forget those not seen for longest, and hold no more than they may", () => {
    const sessions = new Sessions(1_800_000, 100);
    for (let at = 0; at < 10_000; at++) {
      sessions.starts(`user-${at}`, at);
      sessions.starts("always here", at);
      expect(sessions.users).toBeLessThanOrEqual(101);
    }
    expect(sessions.starts("always here", 10_000)).toBe(false);
    expect(sessions.starts("user-9999", 10_000)).toBe(false);
    expect(sessions.starts("user-1", 10_000)).toBe(true);
  });
});

describe("a decision's id", () => {
  const place = { salt: "s", definition: "feed", user: "ada", windowMs: 1_795_341_600_000, sequence: 0 };

  it("is a UUID version 7 of the window, and another one for whatever differs", () => {
    const id = decisionId(place);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(place.windowMs);
    const others = [{ salt: "t" }, { definition: "f" }, { user: "bob" }, { windowMs: 0 }, { sequence: 1 }];
    const ids = others.map((other) => decisionId({ ...place, ...other }));
    expect(new Set([id, ...ids]).size).toBe(6);
    expect(decisionId({ ...place })).toBe(id);
  });

  it("has windows of ten minutes at most, and of the time to live when that is shorter", () => {
    expect(windowOf(1_795_341_999_999, 86_400)).toBe(1_795_341_600_000);
    expect(windowOf(1_795_341_999_999, 60)).toBe(1_795_341_960_000);
    expect(windowOf(12_345, 0)).toBe(12_000);
  });
});

describe("open decisions", () => {
  const open = (notAfterMs: number) => ({ id: "x", atMs: 0, windowMs: 0, sequence: 0, notAfterMs, closed: false });

  it("are known until their window is over", () => {
    const decisions = new OpenDecisions(10);
    decisions.set("feed", "ada", open(100));
    expect(decisions.get("feed", "ada", 100)?.id).toBe("x");
    expect(decisions.get("feed", "ada", 101)).toBe(undefined);
    expect(decisions.get("orders", "ada", 100)).toBe(undefined);
    decisions.prune(101);
    expect(decisions.size).toBe(0);
  });

  it("are never more than they may be, and keep the newest", () => {
    const decisions = new OpenDecisions(10);
    for (let at = 0; at < 100; at++) {
      decisions.set(`definition ${at % 3}`, `user ${at}`, open(at));
      decisions.set(`definition ${at % 3}`, `user ${at}`, open(at));
      expect(decisions.size).toBeLessThanOrEqual(10);
    }
    expect(decisions.get("definition 0", "user 99", 0)).toBeDefined();
    decisions.delete("definition 0", "user 99");
    expect(decisions.size).toBe(9);
  });
});

describe("refreshes", () => {
  it("come in the order of their times, each once, without those slept through", () => {
    const times = fc.array(fc.tuple(fc.nat(100_000), fc.nat(20)), { maxLength: 200 });
    fc.assert(
      fc.property(times, fc.array(fc.nat(30_000), { maxLength: 30 }), (added, steps) => {
        const refreshes = new Refreshes(50);
        const waiting: { user: string; atMs: number }[] = [];
        let nowMs = 0;
        const queue = [...added];
        for (const step of [...steps, 200_000]) {
          for (const [inMs, user] of queue.splice(0, 10)) {
            const due = { definition: "feed", user: `u${user}`, atMs: nowMs + inMs };
            const isNew = !waiting.some((one) => one.user === due.user) && waiting.length < 50;
            expect(refreshes.add(due)).toBe(isNew);
            if (isNew) waiting.push(due);
          }
          nowMs += step;
          const due = waiting.filter(({ atMs }) => atMs <= nowMs);
          for (const one of due) waiting.splice(waiting.indexOf(one), 1);
          const wanted = due.filter(({ atMs }) => nowMs - atMs <= 10_000).map(({ atMs }) => atMs);
          expect(refreshes.take(nowMs).map(({ atMs }) => atMs)).toEqual(wanted.toSorted((a, b) => a - b));
          expect(refreshes.size).toBe(waiting.length);
        }
      }),
    );
  });
});

describe("brakes", () => {
  const calm = { loopDelayMs: 0, slowShare: null };
  const limits = { loopDelayMs: 50 };

  it.each([
    [1, calm, 1],
    [0.5, calm, 0.625],
    [0, calm, 0.125],
    [1, { loopDelayMs: 51, slowShare: null }, 0.5],
    [1, { loopDelayMs: 50, slowShare: 0.05 }, 1],
    [1, { loopDelayMs: 0, slowShare: 0.051 }, 0.5],
    [1 / 16, { loopDelayMs: 0, slowShare: 1 }, 1 / 16],
    [1, { loopDelayMs: 251, slowShare: null }, 0],
  ])("from %d under %o to %d", (speed, pressure, next) => {
    expect(nextSpeed(speed, pressure, limits)).toBe(next);
  });

  it("let one through at a time at least, unless all stands still", () => {
    expect([0, 1 / 16, 0.5, 1].map((speed) => atOnceAt(speed, 4))).toEqual([0, 1, 2, 4]);
  });

  it("thin evenly", () => {
    for (const speed of [0, 1 / 16, 0.3, 0.5, 1]) {
      const thinning = new Thinning();
      let passed = 0;
      for (let at = 0; at < 1_600; at++) if (thinning.passes(speed)) passed++;
      expect(Math.abs(passed - 1_600 * speed)).toBeLessThanOrEqual(1);
    }
  });

  it("count slow requests only when enough came, and a limit is set", () => {
    const foreground = new Foreground();
    for (let at = 0; at < 30; at++) foreground.count(1e9);
    expect(foreground.take()).toBe(null);
    foreground.limitUs = 100;
    for (let at = 0; at < 19; at++) foreground.count(at < 5 ? 101 : 100);
    expect(foreground.take()).toBe(null);
    foreground.count(100);
    expect(foreground.take()).toBe(0.25);
  });
});

describe("names", () => {
  it("are the ids themselves, but those that would not be kept", () => {
    const { nameOf, userOf } = namesBy(undefined);
    expect(["ada", "", "x".repeat(256), "x".repeat(257), "a\0b"].map(nameOf)).toEqual([
      "ada",
      undefined,
      "x".repeat(256),
      undefined,
      undefined,
    ]);
    expect([userOf("ada"), userOf("")]).toEqual(["ada", null]);
  });

  it("sealed can be opened again by the same key only", () => {
    const [one, other] = ["11", "22"].map((byte) =>
      namesBy(`${byte}a4b5c6d7e8f90102030405060708${"9a0b1c2d3e4f5061".repeat(2)}00aa`),
    );
    for (const user of ["ada", "é".repeat(57), "€".repeat(57), "x".repeat(172)])
      expect(one!.userOf(one!.nameOf(user)!)).toBe(user);
    expect([one!.nameOf("x".repeat(173)), one!.nameOf("€".repeat(58)), one!.nameOf("")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([other!.userOf(one!.nameOf("ada")!), one!.userOf("ada")]).toEqual([null, null]);
  });
});

it("a definition waits for its own signals, or for sessions and what the app names", () => {
  const signal = (name: string, named = false) => ({ user: "ada", name, named });
  expect(isSignalFor([], signal("session"))).toBe(true);
  expect(isSignalFor([], signal("POST /sign-in"))).toBe(false);
  expect(isSignalFor([], signal("push", true))).toBe(true);
  expect(isSignalFor(["push"], signal("push", true))).toBe(true);
  expect(isSignalFor(["push"], signal("session"))).toBe(false);
  expect(isSignalFor(["session", "push"], signal("session"))).toBe(true);
});

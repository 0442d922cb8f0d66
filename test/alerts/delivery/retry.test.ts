import { describe, expect, test } from "vitest";
import {
  afterAttempt,
  type Answered,
  askedToWaitMs,
  GIVE_UP_MS,
  type RetryState,
  WAITS_MS,
} from "@/lib/alerts/delivery/retry";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const HOUR = 3_600_000;
const FRESH: RetryState = { attempts: 0, failingSinceMs: null, failedAtMs: null };
/** Half a chance is no jitter. */
const next = (state: Partial<RetryState>, answer: Answered, chance = 0.5) =>
  afterAttempt({ ...FRESH, ...state }, answer, NOW, chance);
const failing = (hours: number, lastHours = 1) => ({
  failingSinceMs: NOW - hours * HOUR,
  failedAtMs: NOW - lastHours * HOUR,
});

describe("what follows from an answer", () => {
  test.each([
    ["200", {}, { status: 200 }, "delivered", null, null],
    ["204", {}, { status: 204 }, "delivered", null, null],
    ["2xx of one that failed", failing(3), { status: 202 }, "delivered", null, null],
    ["301: a redirect is not followed", {}, { status: 301 }, "waiting", 5, null],
    ["308", {}, { status: 308 }, "waiting", 5, null],
    ["400: it may be mended", {}, { status: 400 }, "waiting", 5, null],
    ["404", {}, { status: 404 }, "waiting", 5, null],
    ["500", { attempts: 1 }, { status: 500 }, "waiting", 300, null],
    ["nothing came back", { attempts: 2 }, { status: null }, "waiting", 1_800, null],
    ["503 that asks for less", { attempts: 2 }, { status: 503, retryAfter: "9" }, "waiting", 1_800, null],
    ["429 that asks for more", {}, { status: 429, retryAfter: "120" }, "waiting", 120, null],
    ["429 that asks for ten years", {}, { status: 429, retryAfter: "315360000" }, "waiting", 36_000, null],
    ["429 that says nonsense", {}, { status: 429, retryAfter: "soon" }, "waiting", 5, null],
    ["the last attempt", { attempts: 7 }, { status: 500 }, "failed", null, null],
    ["410: nobody wants it", {}, { status: 410 }, "failed", null, "gone"],
    ["5 days of failure", failing(120), { status: 500 }, "failed", null, "failing"],
    ["a little less", failing(119.9), { status: 500 }, "waiting", 5, null],
    ["5 days ago once, and now", failing(120, 120), { status: 500 }, "waiting", 5, null],
  ] as const)("%s", (_, state, answer, is, seconds, off) => {
    const result = next(state, answer);
    expect([result.state, result.nextAtMs && (result.nextAtMs - NOW) / 1_000, result.off]).toEqual([is, seconds, off]);
  });

  test("success ends a failure; a failure begins one, or goes on", () => {
    expect(next(failing(3), { status: 200 })).toMatchObject({ failingSinceMs: null, failedAtMs: null });
    expect(next({}, { status: 500 })).toMatchObject({ failingSinceMs: NOW, failedAtMs: NOW });
    expect(next(failing(3), { status: 500 })).toMatchObject({ failingSinceMs: NOW - 3 * HOUR, failedAtMs: NOW });
    expect(next(failing(60, 25), { status: 500 })).toMatchObject({ failingSinceMs: NOW });
  });

  test("the schedule: 0, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h, each a tenth earlier or later", () => {
    expect(WAITS_MS.map((ms) => ms / 1_000)).toEqual([0, 5, 300, 1_800, 7_200, 18_000, 36_000, 36_000]);
    for (const [attempts, wait] of WAITS_MS.slice(1).entries()) {
      const waits = [0, 0.25, 1].map((chance) => next({ attempts }, { status: 500 }, chance).nextAtMs! - NOW);
      expect(waits).toEqual([0.9, 0.95, 1.1].map((times) => Math.round(wait * times)));
    }
  });

  test("a receiver that is told something all the time and never answers is off after five days", () => {
    let state = FRESH;
    let now = NOW;
    for (; ; now += 4 * HOUR) {
      const result = afterAttempt(state, { status: null }, now, 0.5);
      state = { ...state, failingSinceMs: result.failingSinceMs, failedAtMs: result.failedAtMs };
      if (result.off !== null) break;
    }
    expect(now - NOW).toBe(GIVE_UP_MS);
  });
});

test.each([
  ["120", 120_000],
  [" 5 ", 5_000],
  ["Sun, 22 Nov 2026 12:01:00 GMT", 60_000],
  ["Sun, 22 Nov 2026 11:59:00 GMT", null],
  ["-5", null],
  ["0", null],
  ["1.5", null],
  ["2026", 2_026_000],
  ["99999999999999999999", null],
  ["", null],
  [undefined, null],
])("Retry-After %j", (header, ms) => expect(askedToWaitMs(header, NOW)).toBe(ms));

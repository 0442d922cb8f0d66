import { describe, expect, test } from "vitest";
import { timelineWords } from "@/components/alerts/incident/incident-words";
import { aroundOf } from "@/components/alerts/incident/use-incident-view";
import { firedWords, judgedWords } from "@/components/alerts/rule/back-test-words";
import { seenWords } from "@/components/alerts/seen-words";
import { silenceAddress } from "@/components/alerts/silence-address";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";

const plain = (text: string | null) => text?.replaceAll("\u00a0", " ") ?? null;

describe("what was seen", () => {
  test.each([
    [{ percentile: 99, valueUs: 901_119, thresholdUs: 500_000, count: 290 }, "901 ms", "500 ms"],
    [{ valueShare: 0.031, thresholdShare: 0.02 }, "3.1 %", "2 %"],
    [{ valueCount: 12, thresholdCount: 100.5, baselineCount: 201 }, "12 requests", "101 requests"],
    [{ valueCount: 0, thresholdCount: 0 }, "0 requests", null],
    [{ valueBurnRate: 14.44, thresholdBurnRate: 14.4 }, "14.4 ×", "14.4 ×"],
    [{ valueUsers: 1, thresholdUsers: 3 }, "1 user", "3 users"],
    [{ valueQueries: 2, thresholdQueries: 1, count: 0 }, "2 queries", "1 query"],
    [{ valueUs: null, thresholdUs: 500_000 }, null, "500 ms"],
    [{ valueShare: 1, thresholdShare: 0 }, null, null],
    [null, null, null],
  ])("%j", (seen, value, threshold) => {
    const said = seenWords(seen);
    expect([plain(said.value), plain(said.threshold)]).toEqual([value, threshold]);
  });
});

describe("a timeline", () => {
  const about = { method: "GET", route: "/feed" };
  test.each([
    ["fired", { about, observed: { valueUs: 2e6, thresholdUs: 1e6 } }, "GET /feed fired at 2.00 s, threshold 1 s"],
    [
      "resolved",
      { about: {}, observed: null, reason: "no_data" },
      "The service resolved: no data any more, which does not say that it is well",
    ],
    ["resolved", { about: { user: "u_1" }, reason: "ok" }, "User u_1 resolved: well again"],
    ["told", { type: "incident.repeated", receivers: 1 }, "Told 1 receiver that it still fires"],
    ["told", { type: "incident.opened", receivers: 2 }, "Told 2 receivers that it fires"],
    ["told", { type: "incident.resolved", receivers: 0 }, "Nobody to tell: no receiver is named"],
    ["acknowledged", { by: "a@example.com" }, "Acknowledged by a@example.com"],
    ["muted", { about, by: "a silence" }, "GET /feed is muted by a silence"],
    ["closed", { told: false }, "Over, before anybody was told"],
    ["of a newer version", {}, "of a newer version"],
  ])("says of %s", (kind, detail, sentence) => {
    expect(plain(timelineWords({ at: "2026-11-22T12:00:00Z", kind, detail }))).toBe(sentence);
  });
});

describe("the time around an incident", () => {
  const openedAt = "2026-11-22T12:00:00Z";
  const at = (minutes: number) => Date.parse(openedAt) + minutes * 60_000;

  test.each([
    [5, "now-1h"],
    [40, "now-3h"],
    [60 * 24, "now-2d"],
    [60 * 24 * 900, "now-400d"],
  ])("that goes on since %i min is the shortest preset that begins before it", (minutes, from) => {
    expect(aroundOf({ openedAt, resolvedAt: null }, at(minutes))).toEqual({ from, to: "now" });
  });

  test("that is over stays where it is, with room on both sides", () => {
    const resolvedAt = new Date(at(120)).toISOString();
    expect(aroundOf({ openedAt, resolvedAt }, at(9_999))).toEqual({
      from: "2026-11-22T11:00:00Z",
      to: "2026-11-22T14:30:00Z",
    });
  });
});

test("a silence of an incident names what it mutes, whatever is in the names", () => {
  const address = silenceAddress({ rule: "a & b", service: "shop?x=1", environment: "#1" });
  expect(Object.fromEntries(new URL(address, "http://x").searchParams)).toEqual({
    new: "1",
    rule: "a & b",
    service: "shop?x=1",
    environment: "#1",
  });
});

describe("a back-test", () => {
  const VERDICTS = { ok: 0, breach: 0, no_data: 0, too_few: 0, could_not_ask: 0 };
  const test_ = (fields: Partial<AlertAnswer<"AlertBackTest">>) =>
    ({ verdicts: VERDICTS, told: [], fired: [], ...fields }) as unknown as AlertAnswer<"AlertBackTest">;
  const span = (series: string) => ({ series, endpoint: null, user: null, from: "2026-11-22T12:00:00Z", to: null });

  test("says how often it would have fired and told", () => {
    expect(firedWords(test_({}))).toBe("It would not have fired.");
    expect(firedWords(test_({ fired: [span("a")], told: [] }))).toBe(
      "It would have fired once, and receivers would have been told nothing.",
    );
    const told = Array.from({ length: 4 }, () => ({ at: "", type: "incident.opened" }));
    expect(firedWords(test_({ fired: [span("a"), span("b"), span("b")], told }))).toBe(
      "It would have fired 3 times, of 2 series, and receivers would have been told 4 times.",
    );
  });

  test("says how it would have judged, what matters first", () => {
    expect(judgedWords(test_({}))).toBe("There was nothing to judge.");
    expect(plain(judgedWords(test_({ verdicts: { ...VERDICTS, ok: 75, breach: 25 } })))).toBe(
      "Judged 100 times: 25 % breaching, 75 % well.",
    );
  });
});

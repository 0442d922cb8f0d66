import { describe, expect, test } from "vitest";
import type { Evaluation, Verdict } from "@/lib/alerts/evaluation";
import type { PastSeries } from "@/lib/alerts/past/past";
import { stepWidth, valuesOf } from "@/lib/alerts/past/values";

const seen = (verdict: Verdict, value: number | null, threshold = 100): Evaluation => ({
  verdict,
  observed: { value, threshold, unit: "us", count: 10, windowSeconds: 60 },
});

/** One evaluation every ten seconds from 0 on. */
const series = (key: string, evaluations: Evaluation[]): PastSeries => ({
  subject: { key, about: { service: "shop", environment: "test" } },
  said: evaluations.map((evaluation, place) => ({ atSeconds: place * 10, evaluation })),
});

const stretch = (moments: number) => ({ fromSeconds: 0, toSeconds: (moments - 1) * 10, stepSeconds: 10 });

test.each([
  ["few moments are a step each", 400, 10],
  ["one more and steps are twice as wide", 401, 20],
  ["a day by ten seconds", 8_640, 220],
])("%s", (_, moments, width) => expect(stepWidth(stretch(moments))).toBe(width));

describe("a step", () => {
  /** 500 moments make steps of two. */
  const pair = (first: Evaluation, second: Evaluation) => {
    const said = Array.from({ length: 500 }, () => seen("ok", 1));
    said[10] = first;
    said[11] = second;
    const [one] = valuesOf([series("a", said)], stretch(500));
    expect(one!.steps).toHaveLength(250);
    return one!.steps[5];
  };

  test.each([
    ["the higher value", seen("ok", 7), seen("ok", 9), { atSeconds: 110, value: 9, verdict: "ok" }],
    ["a breach before anything", seen("breach", 120), seen("ok", 9), { atSeconds: 100, value: 120, verdict: "breach" }],
    ["an answer before none", seen("no_data", null), seen("ok", 9), { atSeconds: 110, value: 9, verdict: "ok" }],
    ["nothing when there was none", seen("no_data", null), seen("no_data", null), { value: null, verdict: "no_data" }],
  ])("holds %s", (_, first, second, expected) => expect(pair(first, second)).toMatchObject(expected));

  test("of a drop of traffic, the lower value is worse", () => {
    const dropped = (value: number): Evaluation => ({
      verdict: "ok",
      observed: { value, threshold: 50, unit: "requests", count: value, windowSeconds: 60, baseline: 100 },
    });
    expect(pair(dropped(70), dropped(60))).toMatchObject({ value: 60, threshold: 50 });
  });
});

test("five series are told, those that breached most first", () => {
  const breaching = (n: number, of = 10) =>
    Array.from({ length: of }, (_, place) => (place < n ? seen("breach", 200) : seen("ok", 50)));
  const all = [3, 0, 9, 1, 7, 5, 2].map((n) => series(`${n}`, breaching(n)));
  expect(valuesOf(all, stretch(10)).map((one) => one.series.subject.key)).toEqual(["9", "7", "5", "3", "2"]);
});

test("of series that never breached, the nearest to its threshold comes first", () => {
  const all = [series("far", [seen("ok", 10)]), series("near", [seen("ok", 90)])];
  expect(valuesOf(all, stretch(1)).map((one) => one.series.subject.key)).toEqual(["near", "far"]);
});

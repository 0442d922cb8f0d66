/**
 * The cases of the Prometheus alert generator compliance suite (github.com/prometheus/compliance, alert_generator 1.0) on a fake
 * clock: samples every 15 s, evaluations every 30. What is checked there is the way from samples to states; sending anew every
 * minute is the business of an Alertmanager, which is part of this server, so that what is told is checked by its rules instead.
 */
import { describe, expect, test } from "vitest";
import type { StateName, Terms } from "@/lib/alerts/decide";
import type { Verdict } from "@/lib/alerts/evaluation";
import { Player, TERMS } from "./support.ts";

/** A value and how many samples long it lasts. */
type Run = [value: number, samples: number];
const SAMPLE = 15;
const EVERY = 30;

const valueAt = (runs: readonly Run[], seconds: number): number | undefined =>
  runs.flatMap(([value, samples]) => Array.from({ length: samples }, () => value))[Math.floor(seconds / SAMPLE)];

/** The states at every evaluation of "value above threshold", and what was told. */
function play(runs: readonly Run[], { above, ...terms }: { above: number } & Partial<Terms>) {
  // Prometheus resolves at once unless it is told to keep firing.
  const player = new Player({ ...TERMS, keepFiringSeconds: 0, ...terms });
  const verdict = (seconds: number): Verdict => {
    const value = valueAt(runs, seconds);
    if (value === undefined) return "no_data";
    return value > above ? "breach" : "ok";
  };
  const states: [number, StateName][] = [];
  const total = runs.reduce((sum, [, samples]) => sum + samples, 0) * SAMPLE + 300;
  for (let at = 0; at <= total; at += EVERY) {
    player.play(at, at + 1, verdict);
    if (states.at(-1)?.[1] !== player.state) states.push([at, player.state as StateName]);
  }
  return { states, told: player.told };
}

describe("pending, firing, resolved", () => {
  const quiet: Run[] = [
    [3, 1],
    [5, 3],
    [9, 4],
  ];
  const runs: Run[] = [...quiet, [11, 13], [15, 32], [19, 16], [9, 20], [15, 45], [8, 60]];
  const { states, told } = play(runs, { above: 10, forSeconds: 360 });

  test("goes from pending to firing after its time, whatever the value is meanwhile, and is over at once", () => {
    expect(states.slice(0, 4)).toEqual([
      [0, "ok"],
      [120, "pending"],
      [480, "firing"],
      [1_050, "ok"],
    ]);
  });

  test("becomes pending again, and has to wait its whole time again", () => {
    const [pending, firing] = states.slice(4, 6);
    expect([pending![1], firing![1]]).toEqual(["pending", "firing"]);
    expect(firing![0] - pending![0]).toBe(360);
  });

  // Ours: what fires a second time within an hour has to be well for ten minutes.
  test("pending is never told; firing and its end each once", () => {
    expect(told.map(([, what]) => what)).toEqual(["opened", "resolved", "opened", "resolved"]);
    expect(told[0]![0]).toBeGreaterThanOrEqual(480);
  });
});

describe("pending and resolved, always inactive", () => {
  const runs: Run[] = [
    [3, 1],
    [5, 3],
    [9, 4],
    [11, 11],
    [9, 21],
  ];
  test("what is well again before its time never fires", () => {
    const { states, told } = play(runs, { above: 10, forSeconds: 180 });
    expect(states.map(([, name]) => name)).toEqual(["ok", "pending", "ok", "no_data"]);
    expect(told).toEqual([]);
  });
  test("what has no more data while pending is no longer pending, and not well", () => {
    const { states, told } = play(runs.slice(0, 4), { above: 10, forSeconds: 180 });
    expect(states.map(([, name]) => name)).toEqual(["ok", "pending", "no_data"]);
    expect(told).toEqual([]);
  });
  test("what never breaches is never anything", () => {
    expect(play(runs, { above: 99, forSeconds: 180 }).states.map(([, name]) => name)).toEqual(["ok", "no_data"]);
  });
});

describe("zero for, small for", () => {
  const runs: Run[] = [
    [3, 1],
    [5, 3],
    [9, 4],
    [15, 13],
    [9, 72],
    [11, 13],
    [9, 1],
  ];
  test("without a time to wait it fires at the first evaluation, and skips pending", () => {
    const { states } = play(runs, { above: 10 });
    expect(states.slice(0, 3)).toEqual([
      [0, "ok"],
      [120, "firing"],
      [330, "ok"],
    ]);
  });
  test("with a time shorter than the interval it fires at the second evaluation, not in between", () => {
    const { states } = play(runs, { above: 13, forSeconds: 15 });
    expect(states.slice(0, 4)).toEqual([
      [0, "ok"],
      [120, "pending"],
      [150, "firing"],
      [330, "ok"],
    ]);
  });
  test("it may fire again, and is told again", () => {
    const { states, told } = play(runs, { above: 10 });
    expect(states.filter(([, name]) => name === "firing")).toHaveLength(2);
    expect(told.filter(([, what]) => what === "opened")).toHaveLength(2);
  });
  test("what has no more data while firing is over, once it was missed twice", () => {
    const { states, told } = play(runs.slice(0, 4), { above: 10 });
    expect(states.map(([, name]) => name)).toEqual(["ok", "firing", "recovering", "no_data"]);
    expect(told.map(([, what]) => what)).toEqual(["opened", "resolved"]);
  });
});

describe("new alerts while others are active", () => {
  test("each series goes its own way from pending to firing to its end", () => {
    const player = new Player({ ...TERMS, forSeconds: 180, keepFiringSeconds: 0 });
    const one: Run[] = [
      [1, 8],
      [11, 65],
      [9, 21],
    ];
    const two: Run[] = [
      [1, 32],
      [11, 33],
      [9, 21],
    ];
    const seen: string[] = [];
    for (let at = 0; at < 97 * SAMPLE; at += EVERY) {
      const verdict = (runs: Run[]): Verdict => ((valueAt(runs, at) ?? 0) > 10 ? "breach" : "ok");
      player.round(at, {
        one: { verdict: verdict(one), observed: null },
        two: { verdict: verdict(two), observed: null },
      });
      const states = `${player.states.get("one")!.state} ${player.states.get("two")!.state}`;
      if (seen.at(-1) !== states) seen.push(states);
    }
    expect(seen).toEqual(["ok ok", "pending ok", "firing ok", "firing pending", "firing firing", "firing ok", "ok ok"]);
    expect(player.told.map(([, what]) => what)).toEqual(["opened", "updated", "resolved"]);
  });
});

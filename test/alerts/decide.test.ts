import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Change, decide, NEW_SERIES, type SeriesState, type StateName, type Terms } from "@/lib/alerts/decide";
import type { Verdict } from "@/lib/alerts/evaluation";
import { HOUR, MINUTE, saying, SECOND, T0, TERMS } from "./support.ts";

const state = (name: StateName, changes: Partial<SeriesState> = {}): SeriesState => ({
  ...NEW_SERIES,
  state: name,
  evaluatedAtMs: T0 - 10 * SECOND,
  ...(name === "pending" ? { activeAtMs: T0 - 60 * SECOND } : {}),
  ...(name === "firing" || name === "recovering" ? { activeAtMs: T0 - 60 * SECOND, firedAtMs: T0 - 30 * SECOND } : {}),
  ...(name === "recovering" ? { keepUntilMs: T0 + MINUTE } : {}),
  ...changes,
});
const was = (missing: number) => ({ missing });
const over = { keepUntilMs: T0 };

describe("every transition", () => {
  type Row = [from: SeriesState, verdict: Verdict, terms: Partial<Terms>, to: StateName, change: Change];
  const fired: Change = { fired: true };
  const none: Change = null;
  const rows: Row[] = [
    [state("ok"), "ok", {}, "ok", none],
    [state("ok"), "breach", {}, "firing", fired],
    [state("ok"), "breach", { forSeconds: 60 }, "pending", none],
    [state("ok"), "no_data", {}, "no_data", none],
    [state("ok"), "too_few", {}, "no_data", none],
    [state("ok"), "no_data", { noData: "breach" }, "firing", fired],
    [state("ok"), "too_few", { noData: "breach" }, "no_data", none],
    [state("ok"), "no_data", { noData: "keep" }, "no_data", none],
    [state("ok"), "could_not_ask", {}, "ok", none],
    [state("no_data"), "ok", {}, "ok", none],
    [state("no_data"), "breach", {}, "firing", fired],
    [state("no_data"), "breach", { forSeconds: 60 }, "pending", none],
    [state("no_data"), "no_data", {}, "no_data", none],
    [state("no_data"), "could_not_ask", {}, "no_data", none],
    [state("pending"), "breach", { forSeconds: 61 }, "pending", none],
    [state("pending"), "breach", { forSeconds: 60 }, "firing", fired],
    [state("pending"), "ok", { forSeconds: 60 }, "ok", none],
    [state("pending"), "no_data", { forSeconds: 60 }, "no_data", none],
    [state("pending"), "too_few", { forSeconds: 60 }, "no_data", none],
    [state("pending"), "no_data", { forSeconds: 60, noData: "breach" }, "firing", fired],
    [state("pending"), "could_not_ask", { forSeconds: 60 }, "pending", none],
    [state("firing"), "breach", {}, "firing", none],
    [state("firing"), "ok", {}, "recovering", none],
    [state("firing"), "ok", { keepFiringSeconds: 0 }, "ok", { resolved: "ok" }],
    [state("firing"), "no_data", { keepFiringSeconds: 0 }, "recovering", none],
    [state("firing", was(1)), "no_data", { keepFiringSeconds: 0 }, "no_data", { resolved: "no_data" }],
    [state("firing", was(1)), "too_few", { keepFiringSeconds: 0 }, "no_data", { resolved: "no_data" }],
    [state("firing", was(9)), "no_data", { keepFiringSeconds: 0, noData: "keep" }, "firing", none],
    [state("firing", was(9)), "no_data", { noData: "breach" }, "firing", none],
    [state("firing"), "could_not_ask", { keepFiringSeconds: 0 }, "firing", none],
    [state("recovering"), "breach", {}, "firing", none],
    [state("recovering"), "ok", {}, "recovering", none],
    [state("recovering", over), "ok", {}, "ok", { resolved: "ok" }],
    [state("recovering", over), "no_data", {}, "recovering", none],
    [state("recovering", { ...over, missing: 1 }), "no_data", {}, "no_data", { resolved: "no_data" }],
    [state("recovering", over), "no_data", { noData: "keep" }, "firing", none],
    [state("recovering", over), "could_not_ask", {}, "recovering", none],
  ];
  test.each(rows)("%# $0.state: %s", (from, verdict, terms, to, change) => {
    const decision = decide(from, saying(verdict), { ...TERMS, ...terms }, T0);
    expect([decision.next.state, decision.change]).toEqual([to, change]);
    expect(decision.next.verdict).toBe(verdict);
  });

  test("the table holds every state and every verdict", () => {
    const seen = new Set(rows.map(([from, verdict]) => `${from.state} ${verdict}`));
    const all = ["ok", "no_data", "pending", "firing", "recovering"].flatMap((name) =>
      ["ok", "breach", "no_data", "could_not_ask"].map((verdict) => `${name} ${verdict}`),
    );
    expect(all.filter((pair) => !seen.has(pair))).toEqual([]);
  });
});

describe("what is kept", () => {
  test("of a breach: since when, when it fired, until when it keeps firing", () => {
    const terms = { ...TERMS, forSeconds: 20 };
    const first = decide(NEW_SERIES, saying("breach"), terms, T0).next;
    expect(first).toMatchObject({ state: "pending", activeAtMs: T0, firedAtMs: null, evaluatedAtMs: T0 });
    const second = decide(first, saying("breach"), terms, T0 + 20_000).next;
    expect(second).toMatchObject({ state: "firing", activeAtMs: T0, firedAtMs: T0 + 20_000 });
    const third = decide(second, saying("ok"), terms, T0 + 30_000).next;
    expect(third).toMatchObject({ state: "recovering", keepUntilMs: T0 + 330_000 });
    const fourth = decide(third, saying("breach"), terms, T0 + 40_000).next;
    expect(fourth).toMatchObject({ state: "firing", firedAtMs: T0 + 20_000, keepUntilMs: null });
  });

  test("of what could not be asked: everything, and how often", () => {
    const before = state("pending", { failures: 2 });
    const { next } = decide(before, { verdict: "could_not_ask", observed: null, why: "away" }, TERMS, T0);
    expect(next).toEqual({ ...before, verdict: "could_not_ask", why: "away", failures: 3 });
    expect(decide(next, saying("ok"), TERMS, T0).next.failures).toBe(0);
  });
});

describe("time in which nobody looked", () => {
  const terms = { ...TERMS, forSeconds: 600 };
  /** Pending for four minutes when everything stops. */
  const pending = state("pending", { activeAtMs: T0 - 4 * MINUTE, evaluatedAtMs: T0 });
  const firesAfter = (gapMs: number): number => {
    let now: SeriesState = pending;
    for (let at = T0 + gapMs; ; at += 10 * SECOND) {
      now = decide(now, saying("breach"), terms, at).next;
      if (now.state === "firing") return (at - T0 - gapMs) / MINUTE;
    }
  };

  test.each([
    ["10 s", 10 * SECOND, 6 - 1 / 6],
    ["a minute", MINUTE, 5],
    ["61 s: from here on it is a gap, and does not count", 61 * SECOND, 6],
    ["50 minutes: what was spent before counts, the gap does not", 50 * MINUTE, 6],
    ["an hour", HOUR, 6],
    ["70 minutes: it begins anew", 70 * MINUTE, 10],
  ])("%s", (_, gapMs, minutes) => {
    expect(firesAfter(gapMs)).toBeCloseTo(minutes, 1);
  });

  test("a pending series that is well afterwards never fires", () => {
    expect(decide(pending, saying("ok"), terms, T0 + 50 * MINUTE)).toMatchObject({
      next: { state: "ok" },
      change: null,
    });
  });

  test.each([50 * MINUTE, 70 * MINUTE, 30 * HOUR])("what fires goes on after %d ms", (gapMs) => {
    const firing = state("firing", { evaluatedAtMs: T0 });
    expect(decide(firing, saying("breach"), terms, T0 + gapMs)).toMatchObject({
      next: { state: "firing" },
      change: null,
    });
    const next = decide(firing, saying("ok"), terms, T0 + gapMs).next;
    expect(next).toMatchObject({ state: "recovering", keepUntilMs: T0 + gapMs + 300_000 });
  });

  test("what recovers has to be well for the rest of its time afterwards", () => {
    const recovering = state("recovering", { evaluatedAtMs: T0, keepUntilMs: T0 + 2 * MINUTE });
    const next = decide(recovering, saying("ok"), terms, T0 + 30 * MINUTE).next;
    expect(next).toMatchObject({ state: "recovering", keepUntilMs: T0 + 32 * MINUTE });
  });

  test("questions that fail for ten minutes are such a gap", () => {
    let now: SeriesState = pending;
    for (let at = 10; at <= 600; at += 10) now = decide(now, saying("could_not_ask"), terms, T0 + at * SECOND).next;
    now = decide(now, saying("breach"), terms, T0 + 610 * SECOND).next;
    expect(now).toMatchObject({ state: "pending", activeAtMs: T0 - 4 * MINUTE + 610 * SECOND });
  });

  test("a clock that is set back by two hours neither resets nor fires", () => {
    const next = decide(pending, saying("breach"), terms, T0 - 2 * HOUR).next;
    expect(next).toMatchObject({ state: "pending", activeAtMs: T0 - 2 * HOUR - 4 * MINUTE });
  });

  test("a clock that is set back by an hour: what fires goes on, and what it resolved damps no longer than before", () => {
    const firing: SeriesState = {
      ...NEW_SERIES,
      state: "firing",
      firedAtMs: T0,
      evaluatedAtMs: T0,
      resolvedAtsMs: [T0 - 50 * MINUTE],
    };
    const { next, change } = decide(firing, saying("breach"), terms, T0 - HOUR);
    expect([next.state, change]).toEqual(["firing", null]);
    expect(next.resolvedAtsMs).toEqual([T0 - HOUR - 50 * MINUTE]);
    expect(decide(next, saying("breach"), terms, T0 - HOUR + 11 * MINUTE).next.resolvedAtsMs).toEqual([]);
  });
});

describe("flapping", () => {
  const flip = (keepFiringSeconds: number, at: number, before: SeriesState, verdict: Verdict) =>
    decide(before, saying(verdict), { ...TERMS, keepFiringSeconds }, at).next;

  test("each time it comes back within an hour it has to be well for longer", () => {
    let now: SeriesState = NEW_SERIES;
    const waits: number[] = [];
    for (let at = T0, round = 0; round < 6; round++) {
      now = flip(0, at, now, "breach");
      let well = at + 10 * SECOND;
      const from = well;
      for (; now.state !== "ok"; well += 10 * SECOND) now = flip(0, well, now, "ok");
      waits.push((well - 10 * SECOND - from) / MINUTE);
      at = well;
    }
    expect(waits.slice(0, 4)).toEqual([0, 10, 20, 40]);
  });

  test("an hour later it is forgotten", () => {
    const once = flip(0, T0 + 10_000, flip(0, T0, NEW_SERIES, "breach"), "ok");
    expect(once).toMatchObject({ state: "ok", resolvedAtsMs: [T0 + 10_000] });
    let now = flip(0, T0 + 50 * MINUTE, once, "ok");
    now = flip(0, T0 + 61 * MINUTE, now, "breach");
    expect(flip(0, T0 + 61 * MINUTE + 10_000, now, "ok").state).toBe("ok");
  });
});

describe("whatever happens", () => {
  const verdicts = fc.constantFrom<Verdict>("ok", "breach", "no_data", "too_few", "could_not_ask");
  const steps = fc.array(fc.tuple(verdicts, fc.integer({ min: 1, max: 12 })), { maxLength: 200 });
  const terms = fc.record({
    forSeconds: fc.integer({ min: 0, max: 300 }),
    keepFiringSeconds: fc.integer({ min: 0, max: 300 }),
    noData: fc.constantFrom("resolve" as const, "keep" as const, "breach" as const),
  });

  test("it fires only while it breaches, after breaching for so long, and resolves only what fired", () => {
    fc.assert(
      fc.property(steps, terms, (all, own) => {
        let [now, at, firing, since]: [SeriesState, number, boolean, number | null] = [NEW_SERIES, T0, false, null];
        for (const [verdict, tens] of all) {
          at += tens * 10 * SECOND;
          const { next, change } = decide(now, saying(verdict), own, at);
          const bad = verdict === "breach" || (verdict === "no_data" && own.noData === "breach");
          if (verdict !== "could_not_ask") since = bad ? (since ?? at) : null;
          if (change !== null && "fired" in change) {
            expect([bad, firing]).toEqual([true, false]);
            expect(at - since!).toBeGreaterThanOrEqual(own.forSeconds * SECOND);
            firing = true;
          }
          if (change !== null && "resolved" in change) {
            expect([firing, bad]).toEqual([true, false]);
            firing = false;
          }
          expect(next.state === "firing" || next.state === "recovering").toBe(firing);
          now = next;
        }
      }),
      { numRuns: 500 },
    );
  });

  test("a breach that lasts fires, however often it could not be asked in between", () => {
    const failing = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(failing, fc.integer({ min: 0, max: 120 }), (fails, forSeconds) => {
        let now: SeriesState = NEW_SERIES;
        let at = T0;
        for (const isFailing of fails) {
          at += 10 * SECOND;
          now = decide(now, saying(isFailing ? "could_not_ask" : "breach"), { ...TERMS, forSeconds }, at).next;
        }
        for (let more = 0; more <= forSeconds + 10; more += 10)
          now = decide(now, saying("breach"), { ...TERMS, forSeconds }, (at += 10 * SECOND)).next;
        expect(now.state).toBe("firing");
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate, type WindowRule } from "@/lib/alerts/evaluate";
import { type Evaluation, isLacking, type WindowNeed } from "@/lib/alerts/evaluation";
import { evaluatePrefill } from "@/lib/alerts/evaluate-prefill";
import { evaluateUser } from "@/lib/alerts/evaluate-users";
import { unlessBlind } from "@/lib/alerts/judge";
import { parseRule, type RuleOf } from "@/lib/alerts/rule";
import type { Subject } from "@/lib/alerts/subject";
import type { WindowFigures } from "@/lib/query/window-figures";
import { HOUR, MINUTE, T0 } from "./support.ts";

const SUBJECT: Subject = { key: "service", about: { service: "shop", environment: "production", endpointId: 1 } };
const page: Subject = { ...SUBJECT, about: { ...SUBJECT.about, severity: "page" } };
const ticket: Subject = { ...SUBJECT, about: { ...SUBJECT.about, severity: "ticket" } };

const rule = (own: object): WindowRule =>
  parseRule({ name: "a rule", service: "shop", environment: "production", ...own }) as WindowRule;

/** Figures of some requests. */
function seen(count: number, { errors = 0, aborted = 0, us = 1_000, slow = 0 } = {}): WindowFigures {
  const outcomes = { ok: count - errors - aborted, client_error: 0, server_error: errors, aborted };
  const value = count === 0 ? null : us;
  return {
    count,
    outcomes,
    percentilesUs: new Map([99, 95].map((q) => [q, value])),
    above: new Map([[500_000, slow]]),
  };
}

/** What a rule says when every stretch is as a function has it. */
function say(own: WindowRule, figures: (need: WindowNeed) => WindowFigures, subject = SUBJECT): Evaluation {
  const found = evaluate(own, subject, figures);
  if (isLacking(found)) throw new Error("it lacks what it was told");
  return found;
}

describe("percentiles and rates", () => {
  const slow = rule({ kind: "percentile", percentile: 99, thresholdUs: 500_000 });
  test.each([
    [seen(1_000, { us: 500_001 }), "breach"],
    [seen(1_000, { us: 500_000 }), "ok"],
    [seen(100, { us: 900_000 }), "breach"],
    [seen(99, { us: 900_000 }), "too_few"],
    [seen(0), "no_data"],
  ] as const)("%# of p99 above 500 ms", (figures, verdict) => {
    expect(say(slow, () => figures)).toMatchObject({
      verdict,
      observed: { threshold: 500_000, unit: "us", percentile: 99, windowSeconds: 300, count: figures.count },
    });
  });

  test.each([
    [99, 100],
    [99.9, 1_000],
    [95, 20],
    [50, 10],
    [99.999, 10_000],
    [100, 10_000],
  ])("p%d wants %d requests when the rule does not say", (percentile, minCount) => {
    expect(rule({ kind: "percentile", percentile, thresholdUs: 1 })).toMatchObject({ minCount });
  });

  const errors = rule({ kind: "error_rate", thresholdShare: 0.02 });
  const aborts = rule({ kind: "abort_rate", thresholdShare: 0.02 });
  test.each([
    [errors, seen(100, { errors: 3 }), "breach"],
    [errors, seen(100, { errors: 2 }), "ok"],
    [errors, seen(100, { aborted: 50 }), "ok"],
    [aborts, seen(100, { aborted: 3 }), "breach"],
    [aborts, seen(100, { errors: 50 }), "ok"],
    [errors, seen(5, { errors: 2 }), "too_few"],
    [aborts, seen(0), "no_data"],
  ] as const)("%# of rates above 2 %", (own, figures, verdict) => {
    expect(say(own, () => figures).verdict).toBe(verdict);
  });
});

describe("traffic and silence", () => {
  const drop = rule({ kind: "traffic", direction: "drop", changeShare: 0.5 });
  const surge = rule({ kind: "traffic", direction: "surge", changeShare: 1 });
  test.each([
    [drop, 499, 1_000, "breach"],
    [drop, 500, 1_000, "ok"],
    [drop, 0, 1_000, "breach"],
    [drop, 10, 99, "too_few"],
    [drop, 10, 0, "no_data"],
    [surge, 2_001, 1_000, "breach"],
    [surge, 2_000, 1_000, "ok"],
    [surge, 900, 0, "no_data"],
    [surge, 900, 99, "too_few"],
  ] as const)("%# against a week before", (own, now, before, verdict) => {
    const found = say(own, ({ agoSeconds }) => seen(agoSeconds === 0 ? now : before));
    expect(found).toMatchObject({ verdict, observed: { value: now, baseline: before } });
  });

  test("a drop to nothing is told also when everything may go", () => {
    const all = rule({ kind: "traffic", direction: "drop", changeShare: 1 });
    expect(say(all, ({ agoSeconds }) => seen(agoSeconds === 0 ? 0 : 500)).verdict).toBe("breach");
    expect(say(all, ({ agoSeconds }) => seen(agoSeconds === 0 ? 1 : 500)).verdict).toBe("ok");
  });

  test("silence is no request at all; an endpoint that a pattern matches was alive within a day", () => {
    const one = rule({ kind: "silence", endpoint: { method: "GET", route: "/feed" }, windowSeconds: 120 });
    const pattern = rule({ kind: "silence", endpoints: "GET *", windowSeconds: 120 });
    const alive = (day: number) => (need: WindowNeed) => seen(need.windowSeconds === 120 ? 0 : day);
    expect(say(one, () => seen(1)).verdict).toBe("ok");
    expect(say(one, alive(0)).verdict).toBe("breach");
    expect(say(pattern, alive(5)).verdict).toBe("breach");
    expect(say(pattern, alive(0)).verdict).toBe("no_data");
  });

  test("what is asked further is asked only for a reason", () => {
    const pattern = rule({ kind: "silence", endpoints: "GET *", windowSeconds: 120 });
    const short = (count: number) =>
      evaluate(pattern, SUBJECT, (n) => (n.windowSeconds === 120 ? seen(count) : undefined));
    expect(short(1)).toMatchObject({ verdict: "ok" });
    expect(short(0)).toEqual({ needs: [{ windowSeconds: 86_400, agoSeconds: 0 }] });
  });
});

describe("burn rates", () => {
  const slo = rule({ kind: "burn_rate", objective: 0.999 }) as RuleOf<"burn_rate">;

  /** Ten requests a second, of which those of some stretches are bad: (from, to, share), in seconds. */
  const world =
    (...bad: [from: number, to: number, share: number][]) =>
    (atSeconds: number) =>
    ({ windowSeconds }: WindowNeed): WindowFigures => {
      const within = ([from, to, share]: [number, number, number]) =>
        Math.max(0, Math.min(to, atSeconds) - Math.max(from, atSeconds - windowSeconds)) * 10 * share;
      return seen(windowSeconds * 10, { errors: Math.round(bad.map(within).reduce((a, b) => a + b, 0)) });
    };
  /** The first moment from which on it breaches, and the first after which it does no more. */
  const playSeconds = (figures: ReturnType<typeof world>, subject: Subject, until: number): [number, number][] => {
    const spans: [number, number][] = [];
    for (let at = 0; at <= until; at += 10) {
      if (say(slo, figures(at), subject).verdict !== "breach") continue;
      const last = spans.at(-1);
      if (last !== undefined && last[1] === at - 10) last[1] = at;
      else spans.push([at, at]);
    }
    return spans;
  };

  test.each([60, 120, 300, 600, 1_800, 7_200])(
    "a full outage of %d s breaches within a minute, and not for more than five minutes after",
    (lasts) => {
      const spans = playSeconds(world([1_000, 1_000 + lasts, 1]), page, 1_000 + lasts + 8 * 3_600);
      expect(spans).toHaveLength(1);
      const [from, to] = spans[0]!;
      expect(from - 1_000).toBeLessThanOrEqual(60);
      expect(to - 1_000 - lasts).toBeLessThanOrEqual(300);
    },
  );

  test("a slow burn is a ticket and no page", () => {
    const slow = world([-300_000, 1_000_000, 0.0015]);
    expect(playSeconds(slow, page, 10_000)).toEqual([]);
    expect(playSeconds(slow, ticket, 10_000)).toEqual([[0, 10_000]]);
  });

  test("a burn seven times too fast is a page after some hours, and stays one", () => {
    const [span] = playSeconds(world([0, 100_000, 0.007]), page, 50_000);
    expect(span).toEqual([expect.any(Number), 50_000]);
    expect(span![0]).toBeGreaterThan(3 * 3_600);
  });

  test("tickets are not acquitted by what is well now: the budget is spent", () => {
    const spans = playSeconds(world([0, 1_200, 1]), ticket, 20_000);
    expect(spans.at(-1)![1]).toBe(20_000);
  });

  test("nor when another pair of theirs has a short window that is well", () => {
    const pairs = [
      { factor: 10, longSeconds: 3_600, shortSeconds: 300, severity: "ticket" },
      { factor: 1, longSeconds: 86_400, shortSeconds: 21_600, severity: "ticket" },
    ];
    const two = rule({ kind: "burn_rate", objective: 0.999, pairs });
    const figures = ({ windowSeconds }: WindowNeed) => seen(20_000, { errors: windowSeconds === 300 ? 0 : 200 });
    expect(say(two, figures, ticket).verdict).toBe("breach");
  });

  test("2 errors in 5 requests are too few", () => {
    expect(say(slo, () => seen(5, { errors: 2 }), page)).toMatchObject({ verdict: "too_few", observed: { count: 5 } });
  });

  test("few requests acquit nobody: at the factor claimed they would have shown next to nothing", () => {
    const figures = ({ windowSeconds }: WindowNeed) =>
      windowSeconds === 300 ? seen(120) : seen(20_000, { errors: 200 });
    expect(say(slo, figures, page).verdict).toBe("breach");
    const many = ({ windowSeconds }: WindowNeed) =>
      windowSeconds === 300 ? seen(1_200) : seen(20_000, { errors: 200 });
    expect(say(slo, many, page).verdict).toBe("ok");
  });

  test("with a target, slow requests are bad, whatever their outcome", () => {
    const latency = rule({ kind: "burn_rate", objective: 0.99, targetUs: 500_000 });
    expect(say(latency, () => seen(1_000, { slow: 200 }), page)).toMatchObject({
      verdict: "breach",
      observed: { value: 20 },
    });
    expect(say(latency, () => seen(1_000, { errors: 900, slow: 5 }), page).verdict).toBe("ok");
  });

  test("long stretches are asked for only when a short one burns", () => {
    const asked = (short: WindowFigures) =>
      evaluate(slo, page, ({ windowSeconds }) =>
        windowSeconds === 300 || windowSeconds === 1_800 ? short : undefined,
      );
    expect(asked(seen(3_000))).toMatchObject({ verdict: "ok" });
    expect(asked(seen(3_000, { errors: 3_000 }))).toMatchObject({
      needs: [{ windowSeconds: 3_600 }, { windowSeconds: 21_600 }],
    });
  });

  test("never breaches unless both windows of a pair burn", () => {
    const shares = fc.record({
      short: fc.double({ min: 0, max: 1, noNaN: true }),
      long: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const one = rule({
      kind: "burn_rate",
      objective: 0.99,
      pairs: [{ factor: 10, longSeconds: 3_600, shortSeconds: 300, severity: "page" }],
    });
    fc.assert(
      fc.property(shares, ({ short, long }) => {
        const [errors, more] = [Math.round(short * 10_000), Math.round(long * 100_000)];
        const found = say(one, ({ windowSeconds }) =>
          windowSeconds === 300 ? seen(10_000, { errors }) : seen(100_000, { errors: more }),
        );
        expect(found.verdict === "breach").toBe(errors / 10_000 / 0.01 >= 10 && more / 100_000 / 0.01 >= 10);
      }),
    );
  });
});

describe("users and prefill", () => {
  const user = parseRule({
    kind: "user",
    name: "u",
    service: "s",
    environment: "e",
    thresholdUs: 1_000,
  }) as RuleOf<"user">;
  test.each([
    [20, 1_001, "breach"],
    [20, 1_000, "ok"],
    [19, 9_000, "too_few"],
    [0, null, "no_data"],
  ] as const)("%d requests with a p95 of %s µs", (count, valueUs, verdict) => {
    expect(evaluateUser(user, { user: "u_1", count, valueUs }).verdict).toBe(verdict);
  });

  const watch = {
    mode: "fill",
    harmSince: null,
    spentSeconds: 50,
    budgetSecondsPerHour: 60,
    newCandidates: 12,
  } as const;
  const about = (own: object) =>
    parseRule({ kind: "prefill", name: "p", service: "s", environment: "e", ...own }) as RuleOf<"prefill">;
  test.each([
    [{ about: "harm" }, {}, "ok"],
    [{ about: "harm" }, { mode: "observe", harmSince: "2026-11-22T10:00:00Z" }, "breach"],
    [{ about: "budget" }, {}, "ok"],
    [{ about: "budget" }, { spentSeconds: 54 }, "breach"],
    [{ about: "budget", threshold: 0.5 }, {}, "breach"],
    [{ about: "budget" }, { mode: "observe" }, "no_data"],
    [{ about: "budget" }, { budgetSecondsPerHour: null }, "no_data"],
    [{ about: "candidates", threshold: 10 }, { mode: "observe" }, "breach"],
    [{ about: "candidates", threshold: 13 }, { mode: "observe" }, "ok"],
    [{ about: "candidates", threshold: 10 }, {}, "ok"],
    [{ about: "candidates" }, { newCandidates: null }, "no_data"],
  ] as const)("%j with %j", (own, changes, verdict) => {
    expect(evaluatePrefill(about(own), { ...watch, ...changes }).verdict).toBe(verdict);
  });
});

describe("while tailfill was away", () => {
  const says = (own: object, verdict: Evaluation["verdict"], [fromMs, toMs]: [number, number]) =>
    unlessBlind(rule(own), { verdict, observed: null }, { blind: [{ fromMs, toMs }], atMs: T0 }).verdict;
  const silence = { kind: "silence" };
  const percentile = { kind: "percentile", percentile: 99, thresholdUs: 1 };
  const traffic = { kind: "traffic", direction: "drop", changeShare: 0.5 };
  const now: [number, number] = [T0 - 30 * MINUTE, T0 - MINUTE];
  const before: [number, number] = [T0 - 9 * HOUR, T0 - 8 * HOUR];

  test.each([
    [silence, "breach", now, "could_not_ask"],
    [silence, "ok", now, "ok"],
    [silence, "breach", before, "breach"],
    [silence, "breach", [T0 - HOUR, T0 - 6.5 * MINUTE], "could_not_ask"],
    [silence, "breach", [T0 - HOUR, T0 - 7.5 * MINUTE], "breach"],
    [traffic, "breach", now, "could_not_ask"],
    [traffic, "breach", [T0 - 7 * 24 * HOUR - HOUR, T0 - 7 * 24 * HOUR - MINUTE], "could_not_ask"],
    [percentile, "no_data", now, "could_not_ask"],
    [percentile, "too_few", now, "could_not_ask"],
    [percentile, "breach", now, "breach"],
    [percentile, "ok", now, "ok"],
    [percentile, "no_data", before, "no_data"],
  ] as [object, Evaluation["verdict"], [number, number], Evaluation["verdict"]][])(
    "%# %j",
    (own, verdict, blind, said) => {
      expect(says(own, verdict, blind)).toBe(said);
    },
  );
});

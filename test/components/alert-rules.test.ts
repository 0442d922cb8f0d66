import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chartOf } from "@/components/alerts/chart-of";
import { newStoppedRuleAddress } from "@/components/alerts/new-rule-address";
import { draftOf } from "@/components/alerts/rule/draft-of";
import { refusedFields } from "@/components/alerts/rule/refused-fields";
import { bodyOf, changeOf } from "@/components/alerts/rule/rule-body";
import { BY_KIND, NEW_RULE } from "@/components/alerts/rule/rule-draft";
import { startDraft } from "@/components/alerts/rule/start-draft";
import { ruleWords } from "@/components/alerts/rule-words";
import { readLatency, readNumber, readPercent, readWidth } from "@/components/format/read-figure";
import { trimmed } from "@/components/format/trimmed";
import { RULE, RULE_KINDS, type Rule } from "@/lib/query/alert-rule-schemas";

const PLACE = { service: "shop", environment: "production" };
const rule = (fields: object): Rule => RULE.parse({ name: "a rule", ...PLACE, ...fields });
const words = (fields: object) => ruleWords(rule(fields)).replaceAll("\u00a0", " ");
const FEED = { endpoint: { method: "GET", route: "/feed" } };

describe("figures that people type", () => {
  test.each([
    ["500 ms", 500_000],
    ["500ms", 500_000],
    ["500", 500_000],
    ["1.2 s", 1_200_000],
    ["1,2 s", 1_200_000],
    ["800 µs", 800],
    ["800 us", 800],
    ["1 min", 60_000_000],
    ["", null],
    ["fast", null],
    ["-5 ms", null],
    ["5 parsecs", null],
    ["constructor", null],
  ])("latency %j is %j µs", (text, us) => expect(readLatency(text)).toBe(us));

  test.each([
    ["5 min", 300],
    ["90", 90],
    ["1 h 30 min", 5_400],
    ["1h30m", 5_400],
    ["2 d", 172_800],
    ["0 s", 0],
    ["1 w", 604_800],
    ["1 h 30 x", null],
    ["1h30", null],
    ["h", null],
  ])("time %j is %j s", (text, seconds) => expect(readWidth(text)).toBe(seconds));

  test.each([
    ["2 %", 0.02],
    ["99.9", 0.999],
    ["0,5%", 0.005],
    ["100 %", 1],
    ["%", null],
  ])("percentage %j is %j", (text, part) => expect(readPercent(text)).toBe(part));

  test.each([
    ["1,000", 1_000],
    ["14.4", 14.4],
    ["99,9", 99.9],
    ["1e9", null],
    ["0x10", null],
    ["Infinity", null],
  ])("number %j is %j", (text, value) => expect(readNumber(text)).toBe(value));

  test.each([
    ["50.0 ms", "50 ms"],
    ["2.50 s", "2.5 s"],
    ["100 %", "100 %"],
    ["1.05 s", "1.05 s"],
    ["1,000", "1,000"],
  ])("%j is shown as %j", (text, shown) => expect(trimmed(text)).toBe(shown));
});

const seconds = fc.integer({ min: 0, max: 604_800 });
const windowOf = (step: number, highest: number) =>
  fc.integer({ min: Math.ceil(60 / step), max: Math.floor(highest / step) }).map((n) => n * step);
const us = fc.integer({ min: 1, max: 3_600_000_000 });
/** As finely as anybody writes one: a hundred-thousandth. */
const part = fc.integer({ min: 1, max: 100_000 }).map((n) => n / 100_000);
const count = fc.integer({ min: 1, max: 1_000_000 });
const name = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }).filter((text) => text.trim() !== "");
const place = fc.oneof(
  fc.constant({}),
  fc.constant(FEED),
  fc.constant({ endpoint: { method: "M-SEARCH", route: "/a b/ %20" } }),
  fc.constant({ endpoints: "GET /api/*" }),
);
const shared = fc.record(
  {
    forSeconds: seconds,
    keepFiringSeconds: fc.integer({ min: 0, max: 86_400 }),
    noData: fc.constantFrom("resolve", "keep", "breach"),
    severity: fc.constantFrom("page", "ticket"),
    group: fc.constantFrom("web", "a group"),
    groupWaitSeconds: fc.integer({ min: 0, max: 3_600 }),
    groupIntervalSeconds: fc.integer({ min: 10, max: 86_400 }),
    repeatSeconds: fc.integer({ min: 60, max: 604_800 }),
    receivers: fc.constantFrom([], ["one", "two"]),
    note: fc.constantFrom("look at the log", "two\nlines"),
  },
  { requiredKeys: [] },
);
const pair = fc.record({
  factor: fc.integer({ min: 1, max: 9_999 }).map((n) => n / 10),
  longSeconds: windowOf(10, 1_209_600),
  shortSeconds: windowOf(10, 86_400),
  severity: fc.constantFrom("page", "ticket"),
});
const kinds: fc.Arbitrary<object>[] = [
  fc.record({
    kind: fc.constant("percentile"),
    percentile: fc.constantFrom(50, 95, 99, 99.9, 99.999),
    thresholdUs: us,
    windowSeconds: windowOf(10, 86_400),
    minCount: count,
  }),
  fc.record({
    kind: fc.constantFrom("error_rate", "abort_rate"),
    thresholdShare: part,
    windowSeconds: windowOf(10, 86_400),
    minCount: count,
  }),
  fc.record({
    kind: fc.constant("traffic"),
    direction: fc.constantFrom("drop", "surge"),
    changeShare: part,
    windowSeconds: windowOf(60, 86_400),
    minCount: count,
  }),
  fc.record({ kind: fc.constant("silence"), windowSeconds: windowOf(10, 86_400) }),
  fc.record(
    {
      kind: fc.constant("burn_rate"),
      objective: fc.constantFrom(0.5, 0.99, 0.999, 0.9995, 0.99999),
      targetUs: us,
      pairs: fc.array(pair, { minLength: 1, maxLength: 6 }),
      minCount: count,
    },
    { requiredKeys: ["kind", "objective"] },
  ),
  fc.record(
    {
      kind: fc.constant("user"),
      user: name,
      percentile: fc.constantFrom(90, 95),
      thresholdUs: us,
      windowSeconds: windowOf(60, 21_600),
      minCount: count,
    },
    { requiredKeys: ["kind", "thresholdUs"] },
  ),
  fc.record(
    {
      kind: fc.constant("stopped_queries"),
      thresholdCount: fc.integer({ min: 1, max: 10_000 }),
      windowSeconds: windowOf(10, 86_400),
      includeDryRuns: fc.boolean(),
    },
    { requiredKeys: ["kind"] },
  ),
  fc.record({ kind: fc.constant("prefill"), about: fc.constant("harm") }),
  fc.record({ kind: fc.constant("prefill"), about: fc.constant("budget"), threshold: part }),
  fc.record({ kind: fc.constant("prefill"), about: fc.constant("candidates"), threshold: count }),
];
const rules = fc.tuple(fc.oneof(...kinds), shared, place, name).map(([kind, terms, where, called]) => {
  const { severity, ...others } = terms;
  const fields = kind as { kind: string };
  return {
    name: called,
    ...PLACE,
    ...others,
    ...(fields.kind === "prefill" ? {} : where),
    ...(fields.kind === "burn_rate" || severity === undefined ? {} : { severity }),
    ...fields,
  };
});

describe("a rule that is edited", () => {
  test("is the same rule when nothing was changed, of whatever kind", () => {
    fc.assert(
      fc.property(rules, (given) => {
        const before = RULE.parse(given);
        const { body, problems } = bodyOf(draftOf(before));
        expect(problems).toEqual({});
        expect(RULE.parse(body)).toEqual(before);
      }),
      { numRuns: 2_000 },
    );
  });

  test("loses what was emptied, and the place that it is no longer about", () => {
    const before = draftOf(
      rule({ kind: "percentile", ...FEED, percentile: 99, thresholdUs: 1_000, note: "look", group: "web" }),
    );
    const after = { ...before, note: " ", group: "", scope: "pattern", pattern: "GET /*", minCount: "" } as const;
    expect(changeOf(before, after)).toEqual({
      note: null,
      group: null,
      endpoint: null,
      endpoints: "GET /*",
      minCount: null,
    });
  });

  test("keeps what somebody else changed meanwhile: only what was changed here is sent", () => {
    const before = draftOf(rule({ kind: "percentile", ...FEED, percentile: 99, thresholdUs: 1_000 }));
    expect(changeOf(before, { ...before, for: "2 min" })).toEqual({ forSeconds: 120 });
    expect(changeOf(before, before)).toEqual({});
  });

  test("says of each field what cannot be read, and reads the others", () => {
    const { body, problems } = bodyOf({
      ...NEW_RULE,
      ...PLACE,
      name: "x",
      scope: "endpoint",
      endpoint: "/feed",
      latency: "soon",
      window: "a while",
    });
    expect(Object.keys(problems).sort()).toEqual(["endpoint", "latency", "window"]);
    expect(body).toMatchObject({ percentile: 99, forSeconds: 0 });
  });

  test("of a kind that begins is taken by the API as it stands, but for its names", () => {
    for (const kind of RULE_KINDS) {
      const { body, problems } = bodyOf({ ...NEW_RULE, ...BY_KIND[kind], kind, ...PLACE, name: "x" });
      expect([kind, problems, RULE.safeParse(body).error?.issues]).toEqual([kind, {}, undefined]);
    }
  });
});

describe("a form that another page fills in", () => {
  test("has what the address says, and the only place there is", () => {
    const address = { kind: "user", user: "u_1", latency: "300 ms", from: "now-1h", endpoint: ["GET /a", "GET /b"] };
    expect(startDraft(address, [PLACE])).toMatchObject({
      ...PLACE,
      kind: "user",
      user: "u_1",
      latency: "300 ms",
      scope: "service",
      window: BY_KIND.user.window,
    });
  });

  test("about stopped queries has the service and environment of the page it came from", () => {
    const address = newStoppedRuleAddress({ service: "shop & co", environment: "production" });
    const search = Object.fromEntries(new URL(address, "https://tailfill.example").searchParams);
    const draft = startDraft(search, [PLACE, { ...PLACE, service: "other" }]);
    expect(draft).toMatchObject({ kind: "stopped_queries", service: "shop & co", scope: "service", window: "5 min" });
    expect(RULE.parse(bodyOf({ ...draft, name: "x" }).body)).toMatchObject({
      kind: "stopped_queries",
      service: "shop & co",
      environment: "production",
      thresholdCount: 1,
      windowSeconds: 300,
      includeDryRuns: false,
    });
  });

  test.each(["toString", "__proto__", "percentiles", ""])("takes no kind for %j", (kind) => {
    expect(startDraft({ kind }, [])).toEqual(NEW_RULE);
  });
});

describe("a rule in words", () => {
  test.each([
    [{ kind: "percentile", ...FEED, percentile: 99, thresholdUs: 500_000 }, "p99 of GET /feed above 500 ms over 5 min"],
    [
      { kind: "percentile", endpoints: "GET /*", percentile: 99.9, thresholdUs: 1.5e6, forSeconds: 120 },
      "p99.9 of each of GET /* above 1.5 s over 5 min, for 2 min",
    ],
    [{ kind: "error_rate", thresholdShare: 0.02 }, "server errors of all endpoints together above 2 % over 5 min"],
    [{ kind: "silence" }, "no request to all endpoints together for 5 min"],
    [
      { kind: "traffic", direction: "drop", changeShare: 0.5 },
      "50 % fewer requests to all endpoints together than a week before, over 1 h",
    ],
    [
      {
        kind: "burn_rate",
        objective: 0.999,
        pairs: [{ factor: 14.4, longSeconds: 3_600, shortSeconds: 300, severity: "page" }],
      },
      "the error budget of all endpoints together (99.9 % without an error) burns faster than 14.4 × in 1 h and 5 min",
    ],
    [{ kind: "user", thresholdUs: 1e6 }, "p95 of any user at all endpoints together above 1 s over 15 min"],
    [{ kind: "prefill", about: "budget" }, "fills took more than 90 % of an hour's budget"],
    [{ kind: "stopped_queries" }, "a query of the service stopped by a guard within 5 min"],
    [
      { kind: "stopped_queries", ...FEED, thresholdCount: 3, windowSeconds: 600, includeDryRuns: true },
      "3 or more queries of GET /feed stopped by a guard within 10 min, dry runs counted",
    ],
  ])("%j", (fields, sentence) => expect(words(fields)).toBe(sentence));
});

describe("the chart of a rule", () => {
  test.each([
    [
      { kind: "percentile", percentile: 99.5, thresholdUs: 5 },
      { kind: "latency", percentiles: [50, 95, 99, 99.5], thresholdUs: 5 },
    ],
    [
      { kind: "percentile", percentile: 90, thresholdUs: 5 },
      { kind: "latency", percentiles: [50, 90], thresholdUs: 5 },
    ],
    [
      { kind: "error_rate", thresholdShare: 0.02 },
      { kind: "share", outcome: "server_error", threshold: 0.02 },
    ],
    [
      { kind: "abort_rate", thresholdShare: 0.1 },
      { kind: "share", outcome: "aborted", threshold: 0.1 },
    ],
    [
      { kind: "burn_rate", objective: 0.99, targetUs: 7 },
      { kind: "latency", percentiles: [50, 95, 99], thresholdUs: 7 },
    ],
  ])("%j", (fields, chart) => expect(chartOf(rule(fields), null)).toEqual(chart));

  test("of a budget without a target has its line where the slowest pair begins to burn", () => {
    const chart = chartOf(rule({ kind: "burn_rate", objective: 0.99 }), null);
    expect(chart).toMatchObject({ kind: "share", outcome: "server_error" });
    expect((chart as { threshold: number }).threshold).toBeCloseTo(0.01, 10);
  });

  test("of traffic has its line at what was seen a week before, by the second", () => {
    const seen = { valueCount: 10, thresholdCount: 1_800, baselineCount: 3_600, windowSeconds: 3_600 };
    expect(chartOf(rule({ kind: "traffic", direction: "drop", changeShare: 0.5 }), seen)).toEqual({
      kind: "rate",
      perSecond: 0.5,
    });
  });

  test("of a rule that is gone is told by what it saw", () => {
    expect(chartOf(null, { percentile: 95, valueUs: 9, thresholdUs: 5 })).toMatchObject({
      thresholdUs: 5,
      percentiles: [50, 95],
    });
    expect(chartOf(null, { valueShare: 0.3, thresholdShare: 0.1 })).toMatchObject({ kind: "share", threshold: 0.1 });
    expect(chartOf(null, null)).toEqual({ kind: "latency", percentiles: [50, 95, 99] });
  });
});

describe("what the API refused", () => {
  test.each([
    [
      "windowSeconds: must be a multiple of 10.",
      { window: "Must be a multiple of 10." },
      "Some fields were refused: see what is said at each.",
    ],
    [
      "windowSeconds: must be at least 60. thresholdUs: must be at least 1.",
      { window: "Must be at least 60.", latency: "Must be at least 1." },
      "Some fields were refused: see what is said at each.",
    ],
    [
      "pairs.0.shortSeconds: must be less than `longSeconds`.",
      { pairs: "Must be less than `longSeconds`." },
      "Some fields were refused: see what is said at each.",
    ],
    ['There is a rule called "x: y".', {}, 'There is a rule called "x: y".'],
    ['receivers.0: there is no receiver "r". for: no.', {}, 'receivers.0: there is no receiver "r". for: no.'],
    [
      "thresholdCount: must be at least 1.",
      { queries: "Must be at least 1." },
      "Some fields were refused: see what is said at each.",
    ],
    ["", {}, ""],
  ])("%j", (message, fields, rest) => expect(refusedFields(message)).toEqual({ fields, rest }));
});

import { describe, expect, it } from "vitest";
import { parseQuestion, type QuestionName, readQuestion } from "@/lib/query/question";
import { isoOf, rangeOf, timeOf } from "@/lib/query/time";

const parse = (name: QuestionName, text: string) => parseQuestion(name, new URLSearchParams(text));

describe("questions", () => {
  it("asks about the last hour by default", () => {
    expect(parse("endpoints", "")).toEqual({ from: "now-1h", to: "now", percentiles: [50, 95, 99, 99.9] });
  });

  it("takes typed percentiles once each, in order", () => {
    expect(parse("series", "percentiles=99.95,50,99.950,100,0.1")).toMatchObject({
      percentiles: [0.1, 50, 99.95, 100],
    });
  });

  it.each([
    ["60", 60],
    ["90s", 90],
    ["5m", 300],
    ["2h", 7_200],
    ["1d", 86_400],
  ])("reads step %s", (text, seconds) => {
    expect(parse("series", `step=${text}`)).toMatchObject({ step: seconds });
  });

  it("takes an empty filter for none", () => {
    expect(parse("endpoints", "service=&environment=live")).toMatchObject({ service: undefined, environment: "live" });
  });

  it.each<[QuestionName, string, string]>([
    ["series", "from=yesterday", "from:"],
    ["series", "from=2026-02-30T00:00:00", "from:"],
    ["series", "to=2026-13-01", "to:"],
    ["series", "from=2026-02-30", "from: is not a date that exists"],
    ["series", "from=2026-02-30T10:00:00Z", "from: is not a date that exists"],
    ["series", "from=2025-02-29T10:00Z", "from: is not a date that exists"],
    ["series", "to=2026-06-31T10:00:00.5%2B02:00", "to: is not a date that exists"],
    ["series", "from=now%2B1h", "from:"],
    ["series", "percentiles=0", "percentiles:"],
    ["series", "percentiles=100.1", "percentiles:"],
    ["series", "percentiles=50,,95", "percentiles:"],
    ["series", "percentiles=", "percentiles:"],
    ["series", "percentiles=NaN", "percentiles:"],
    ["series", "percentiles=1,2,3,4,5,6,7,8,9,10,11", "percentiles: at most 10"],
    ["series", "step=0", "step:"],
    ["series", "step=-5", "step:"],
    ["series", "step=401d", "step:"],
    ["series", "service=shop", "service: is not a parameter"],
    ["series", "from=now-1h&from=now-2h", "from: must be given once"],
    ["tailUsers", "limit=0", "limit:"],
    ["tailUsers", "limit=1001", "limit:"],
    ["tailUsers", "limit=1e3", "limit:"],
    ["tailUsers", "tail=100", "tail:"],
    ["tailUsers", "tail=90,95", "tail:"],
    ["overview", "compare=month", "compare:"],
    ["overview", `service=${"x".repeat(257)}`, "service:"],
    ["none", "__proto__=1", "__proto__: is not a parameter"],
  ])("refuses %s?%s and names the parameter", (name, text, message) => {
    expect(() => parse(name, text)).toThrow(
      expect.objectContaining({ code: "bad_request", message: expect.stringContaining(message) }),
    );
  });

  it("names every bad parameter at once", () => {
    expect(() => parse("series", "from=x&step=0&foo=1")).toThrow(/from: .*step: .*foo: /);
  });

  it("falls back and tells on a page, and passes over the page's own parameters", () => {
    const { question, problems } = readQuestion("endpoint", {
      from: "x",
      to: ["now-1m", "now"],
      sort: "p99",
      step: undefined,
    });
    expect(question).toEqual({ from: "now-1h", to: "now-1m", percentiles: [50, 95, 99, 99.9] });
    expect(problems).toEqual([expect.stringMatching(/^from: /)]);
  });
});

describe("times", () => {
  const now = Date.parse("2026-11-22T14:00:00Z");
  it.each([
    ["now", "2026-11-22T14:00:00.000Z"],
    ["now-90s", "2026-11-22T13:58:30.000Z"],
    ["now-2w", "2026-11-08T14:00:00.000Z"],
    ["2026-11-22T10:00:00+02:00", "2026-11-22T08:00:00.000Z"],
    ["2026-11-22", "2026-11-22T00:00:00.000Z"],
  ])("%s", (text, expected) => {
    expect(new Date(timeOf(text, now)).toISOString()).toBe(expected);
  });

  it("refuses a range that does not end after its start", () => {
    expect(() => rangeOf({ from: "now", to: "now-1h" }, now)).toThrow(/^from: must be before/);
    expect(() => rangeOf({ from: "now", to: "now" }, now)).toThrow(/^from: must be before/);
    expect(() => rangeOf({ from: "9998-01-01", to: "9999-12-31" }, now)).toThrow(/more than 400 days ahead means now/);
    expect(() => rangeOf({ from: "now-9999999d", to: "now-9999998d" }, now)).toThrow(/^from: must be before/);
  });

  it.each([
    ["2026-11-22", "9999-12-31T23:59:59.9999999Z", "2026-11-22T00:00:00Z", "2026-11-22T14:00:00Z"],
    ["2026-11-22", "2027-12-28", "2026-11-22T00:00:00Z", "2026-11-22T14:00:00Z"],
    ["2026-11-22", "2027-12-27", "2026-11-22T00:00:00Z", "2027-12-27T00:00:00Z"],
    ["0000-01-01T00:00:00+14:00", "now", "0100-01-01T00:00:00Z", "2026-11-22T14:00:00Z"],
    ["now-9999999d", "2000-01-01", "0100-01-01T00:00:00Z", "2000-01-01T00:00:00Z"],
  ])("from %s to %s, which says no start or no end, has years of four digits", (from, to, begins, ends) => {
    const { fromSeconds, toSeconds } = rangeOf({ from, to }, now);
    expect([isoOf(fromSeconds), isoOf(toSeconds)]).toEqual([begins, ends]);
  });
});

import { describe, expect, test } from "vitest";
import { boughtText, rangeText } from "@/components/prefill/bought";
import { found, lastText, readSorting, sorted, sortingAfter, writeSorting } from "@/components/prefill/candidate-order";
import { candidatesNote, isFirstDay } from "@/components/prefill/candidates-card";
import { budgetOf, changesOf, draftParsers, NO_DRAFT, whatIfOf } from "@/components/prefill/draft";
import { draftWords } from "@/components/prefill/draft-bar";
import { effectAxis } from "@/components/prefill/effect-axis";
import { changeText, effectWords } from "@/components/prefill/effect-words";
import { budgetAfterKey, budgetStep, farthestBudget, frontierAt, stepped } from "@/components/prefill/frontier-at";
import { placeOf } from "@/components/prefill/place";
import { candidatesSearch, effectSearch, historySearch } from "@/components/prefill/prefill-search";
import { dotsOf, reliabilityWords, wilson } from "@/components/prefill/reliability";
import { CANDIDATE_COLUMNS, titled } from "@/components/prefill/candidate-columns";
import { routeKey } from "@/components/prefill/fillable";
import { defineExample } from "@/components/prefill/snippet";
import { formatEstimate, formatValue, formatWork } from "@/components/prefill/work";
import { USUAL_PERCENTILES, type View } from "@/components/range/view";
import {
  candidates,
  candidatesAnswer,
  effectAnswer,
  frontier,
  nothingDone,
  settingsAnswer,
} from "../support/prefill-answers.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");
const VIEW: View = {
  service: "",
  environment: "",
  from: "now-1h",
  to: "now",
  compare: "before",
  percentiles: USUAL_PERCENTILES,
};
const PLACE = { service: "shop", environment: "production" };

describe("the place", () => {
  const services = [
    { name: "old", environments: ["test"], lastSeenAt: "2026-11-20T10:00:00Z" },
    { name: "shop", environments: ["production", "staging"], lastSeenAt: "2026-11-22T10:00:00Z" },
  ];
  test.each([
    [
      { service: "", environment: "" },
      { service: "shop", environment: "production" },
    ],
    [
      { service: "old", environment: "" },
      { service: "old", environment: "test" },
    ],
    [
      { service: "shop", environment: "staging" },
      { service: "shop", environment: "staging" },
    ],
    [
      { service: "", environment: "test" },
      { service: "old", environment: "test" },
    ],
    [
      { service: "none", environment: "" },
      { service: "none", environment: "" },
    ],
  ])("%j", (wanted, place) => expect(placeOf(services, wanted)).toEqual(place));
  test("of a server that nothing was ever sent to", () =>
    expect(placeOf([], { service: "", environment: "" })).toBeNull());
});

describe("a draft", () => {
  const settings = settingsAnswer({ budgetSecondsPerHour: 60, goal: "slo", targetUs: 500_000 });
  test("that says what is in force anyway changes nothing", () =>
    expect(changesOf({ budget: 60, goal: "slo", targetUs: 500_000 }, settings)).toEqual({}));
  test("changes what it says", () =>
    expect(changesOf({ budget: 0, goal: "p99", targetUs: 300_000 }, settings)).toEqual({
      budgetSecondsPerHour: 0,
      goal: "p99",
      targetUs: 300_000,
    }));
  test("can make the budget automatic", () =>
    expect(changesOf({ ...NO_DRAFT, budget: "auto" }, settings)).toEqual({ budgetSecondsPerHour: null }));
  test("with a target that nobody can mean is passed over", () =>
    expect(changesOf({ ...NO_DRAFT, targetUs: -5 }, settings)).toEqual({}));
  test("is asked about by what it changes", () =>
    expect(whatIfOf({ budgetSecondsPerHour: 57.5, goal: "p99" })).toEqual({
      budgetSecondsPerHour: "57.5",
      goal: "p99",
    }));
  test("of an automatic budget is left to the server", () =>
    expect(whatIfOf({ budgetSecondsPerHour: null })).toEqual({}));
  test("is said in words", () =>
    expect(draftWords({ budgetSecondsPerHour: 57, targetUs: 300_000 }, settings).map(plain)).toEqual([
      "budget 57 s/h instead of 60 s/h",
      "target 300 ms instead of 500 ms",
    ]));
  test.each([
    ["57.5", 57.5],
    ["0", 0],
    ["auto", "auto"],
    ["-3", null],
    ["1e9", null],
    ["99999999", null],
    ["", null],
  ])("the budget %j in an address", (text, budget) => expect(draftParsers.budget.parse(text)).toBe(budget));
  test("an automatic budget is a quarter of what visitors wait", () => {
    expect(budgetOf(null, 640)).toBe(160);
    expect(budgetOf(0, 640)).toBe(0);
    expect(budgetOf(null, undefined)).toBeNull();
  });
});

describe("the questions", () => {
  test("name one service and environment", () => {
    expect(candidatesSearch(PLACE, { goal: "p99" })).toBe("service=shop&environment=production&limit=1000&goal=p99");
    expect(historySearch(PLACE, VIEW)).toBe("service=shop&environment=production&from=now-1h&to=now");
  });
  test("judge the effect over a time of its own", () => {
    expect(effectSearch(PLACE, VIEW, "7d")).toContain("from=now-7d&to=now");
    expect(effectSearch(PLACE, { ...VIEW, from: "now-3h" }, "range")).toContain("from=now-3h&to=now");
  });
});

describe("the frontier", () => {
  const points = [
    { fillSecondsPerHour: 0, p99Us: 2_000_000, p99LowUs: null, p99HighUs: 2_200_000, missesAvoidedPerDay: 0 },
    { fillSecondsPerHour: 10, p99Us: 1_000_000, p99LowUs: 900_000, p99HighUs: 1_200_000, missesAvoidedPerDay: 100 },
    { fillSecondsPerHour: 40, p99Us: 400_000, p99LowUs: 300_000, p99HighUs: 600_000, missesAvoidedPerDay: 160 },
  ];
  test("is read between its points, and level beyond them", () => {
    expect(frontierAt(points, 0)?.p99Us).toBe(2_000_000);
    expect(frontierAt(points, 25)).toEqual({
      p99Us: 700_000,
      p99LowUs: 600_000,
      p99HighUs: 900_000,
      missesAvoidedPerDay: 130,
    });
    expect(frontierAt(points, 5)?.p99LowUs).toBeNull();
    expect(frontierAt(points, 900)?.p99Us).toBe(400_000);
    expect(frontierAt([], 5)).toBeNull();
  });
  test("reaches past its knee and past the budget, not to its end", () => {
    const long = frontier(4_000, 200);
    expect(farthestBudget(long, [60])).toBeGreaterThan(66);
    expect(farthestBudget(long, [60])).toBeLessThan(300);
    expect(farthestBudget(long, [2_000])).toBeCloseTo(2_200);
    expect(farthestBudget([], [])).toBe(1);
  });
  test("has steps of round figures", () =>
    expect([1, 7, 115, 640, 2_200].map(budgetStep).map((step) => Number(step.toPrecision(3)))).toEqual([
      0.01, 0.05, 1, 5, 20,
    ]));
  test("the handle goes by keys", () => {
    const scale = { step: 5, farthest: 117 };
    const after = (key: string, budget = 60) => budgetAfterKey(key, budget, scale);
    expect(["ArrowRight", "ArrowLeft", "PageUp", "PageDown", "Home", "End"].map((key) => after(key))).toEqual([
      65, 55, 110, 10, 0, 117,
    ]);
    expect([after("ArrowUp", 115), after("ArrowDown", 0), after("PageUp", 90)]).toEqual([117, 0, 117]);
    expect(after("a")).toBeNull();
  });
  test("the handle stands on steps", () =>
    expect([0.1 + 0.2, 62.4, -3, 900].map((at) => stepped(at, { step: 0.05, farthest: 100 }))).toEqual([
      0.3, 62.4, 0, 100,
    ]));
  test("what a budget buys is said in full", () =>
    expect(
      boughtText(
        57,
        { p99Us: 510_000, p99LowUs: 480_000, p99HighUs: 1_060_000, missesAvoidedPerDay: 1_204 },
        2_310_000,
      ),
    ).toBe(
      "57 seconds of fills an hour: p99 510 ms instead of 2.31 s, between 480 ms and 1.06 s; 1,204 misses avoided a day",
    ));
  test("a unit is said once where both ends have it", () => {
    expect(plain(rangeText(458_000, 561_000))).toBe("458–561 ms");
    expect(plain(rangeText(958_000, 1_561_000))).toBe("958 ms–1.56 s");
    expect(plain(rangeText(61e6, 125e6))).toBe("1 min 01 s–2 min 05 s");
  });
});

describe("the effect", () => {
  const say = (changes: Parameters<typeof effectAnswer>[0]) => {
    const { verdict, sentence, tone } = effectWords(effectAnswer(changes));
    return [tone, plain(`${verdict}. ${sentence}`)];
  };
  test("that works", () =>
    expect(say({})).toEqual([
      "good",
      "It works. After a fill, 74 points fewer first visits are over 500 ms (95 % interval 67 to 80).",
    ]));
  test("that harms", () =>
    expect(say({ verdict: "harms", difference: { estimate: -0.081, low: -0.124, high: -0.031 } })).toEqual([
      "bad",
      "It does harm. After a fill, 8.1 points more first visits are over 500 ms (95 % interval 3.1 to 12).",
    ]));
  test("that may be chance", () =>
    expect(say({ verdict: "unclear", difference: { estimate: 0.04, low: -0.02, high: 0.11 } })).toEqual([
      "info",
      "Not yet enough. The difference may be chance: its 95 % interval goes from −11.0 to +2.0 points and holds zero.",
    ]));
  test("of too few visits", () =>
    expect(
      say({ ...nothingDone(), filled: { visits: 14, users: 12, over: 1 }, withheld: { visits: 1, users: 1, over: 1 } }),
    ).toEqual([
      "info",
      "Not yet enough. 14 first visits after a fill and 1 first visit after a withheld one: an interval wants 10 of each.",
    ]));
  test("is drawn around zero, and never past all or nothing", () => {
    expect(effectAxis(-0.8, -0.67).ticks).toEqual([-0.8, -0.6, -0.4, -0.2, 0, 0.2]);
    expect(effectAxis(0.031, 0.124).ticks).toEqual([-0.05, 0, 0.05, 0.1, 0.15]);
    expect(effectAxis(-1, -0.1)).toMatchObject({ from: -1, to: 0.2 });
    expect(effectAxis(0, 0).ticks).toEqual([-0.01, 0, 0.01]);
  });
  test("has a sign, and none when it is nothing", () =>
    expect([-0.738, 0.02, -0.0001].map((share) => changeText(share))).toEqual(["−73.8", "+2.0", "0"]));
});

describe("the list of users", () => {
  const rows = candidates(30, 0);
  test("is sorted by any column, what is missing last either way", () => {
    const by = (text: string) => sorted(rows, readSorting(text));
    expect(by("-value")[0]).toBe(rows[0]);
    expect(by("value")[0]).toBe(rows.at(-1));
    for (const text of ["miss", "-miss"]) expect(by(text).at(-1)!.missP95Us).toBeNull();
    expect(by("user").map(({ user }) => user)).toEqual(
      by("-user")
        .map(({ user }) => user)
        .toReversed(),
    );
  });
  test("keeps to a sorting that the address can say", () => {
    expect(readSorting("-nonsense")).toEqual({ by: "value", descending: true });
    expect(readSorting("constructor")).toEqual({ by: "value", descending: true });
    expect(writeSorting(sortingAfter(readSorting("-value"), "value"))).toBe("value");
    expect(writeSorting(sortingAfter(readSorting("-value"), "visits"))).toBe("-visits");
    expect(writeSorting(sortingAfter(readSorting("-value"), "user"))).toBe("user");
  });
  test("is searched by every word, and kept to one definition", () => {
    expect(found(rows, "", "").length).toBe(30);
    expect(found(rows, "feed", "").every(({ definition }) => definition === "feed")).toBe(true);
    expect(found(rows, "", "CUSTOMER-7 feed").map(({ user }) => user)).toEqual([rows[7]!.user]);
    expect(found(rows, "feed", "nobody")).toEqual([]);
  });
  test("says how many there are and how many are listed", () => {
    const note = (candidateCount: number, count: number) =>
      candidatesNote(candidatesAnswer({ candidateCount }, { count })).split(";")[0];
    expect(note(48_112, 10)).toBe("48,112 worth filling at this budget, the first 10 listed");
    expect(note(6, 52)).toBe("6 worth filling at this budget, 46 more beyond it");
    expect(note(9, 9)).toBe("9 worth filling at this budget");
    expect(candidatesNote(candidatesAnswer({ candidateCount: 0, candidates: [] }))).toBe("");
  });
  const last = { at: "2026-11-22T10:00:00Z", arm: "fill", fill: null, visit: null } as const;
  test.each([
    [last, "under way"],
    [{ ...last, fill: "filled" as const }, "waiting"],
    [{ ...last, fill: "filled" as const, visit: "hit" as const }, "used"],
    [{ ...last, fill: "late" as const, visit: "miss" as const }, "missed"],
    [{ ...last, fill: "late" as const }, "late"],
    [{ ...last, arm: "withheld" as const, visit: "miss" as const }, "withheld"],
    [{ ...last, arm: "observe" as const, visit: "miss" as const }, "observed, came"],
  ])("%#: what became of the last decision", (decision, text) => expect(lastText(decision)).toBe(text));
});

describe("the chance of use", () => {
  const bin = (said: number, decisions: number, visited: number) => ({
    from: said,
    to: said,
    said,
    decisions,
    visited,
    logged: decisions,
  });
  test("has an interval as wide as it knows little", () => {
    const { low, high } = wilson(5, 10);
    expect([low, high].map((share) => Number(share.toFixed(3)))).toEqual([0.237, 0.763]);
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
    expect(wilson(0, 40).low).toBe(0);
  });
  test("draws bins that hold decisions", () =>
    expect(dotsOf([bin(0.1, 0, 0), bin(0.5, 10, 4)]).map(({ said, seen }) => [said, seen])).toEqual([[0.5, 0.4]]));
  test("is as sure as decisions were logged, not as what they stand for", () => {
    const stood = { ...bin(0.5, 500, 250), logged: 10 };
    expect(dotsOf([stood])[0]).toMatchObject({ seen: 0.5, decisions: 10, ...wilson(5, 10) });
    expect(reliabilityWords([stood])).toMatch(/^Too few/);
  });
  test.each([
    [[bin(0.5, 20, 10)], /^Too few/],
    [[bin(0.5, 200, 98), bin(0.9, 100, 92)], /come true/],
    [[bin(0.5, 200, 40)], /off by 30 points on average: fewer visits came/],
    [[bin(0.2, 200, 100)], /more visits came/],
  ])("%#: is said in words", (bins, words) => expect(reliabilityWords(bins)).toMatch(words));
});

test("visits are told by the day once a day was seen", () => {
  const seen = (hours: number) =>
    ({ range: { from: "2026-11-22T00:00:00Z", to: new Date(Date.UTC(2026, 10, 22, hours)).toISOString() } }) as never;
  const title = (hours: number) =>
    CANDIDATE_COLUMNS.map((column) => titled(column, isFirstDay(seen(hours))).title).filter((t) => /visit/i.test(t));
  expect([title(1), title(24)]).toEqual([["Visits"], ["Visits a day"]]);
});

describe("what to paste", () => {
  const listed = (...names: string[]) => names.map((name, at) => ({ name, candidates: 10 - at }));
  test.each([
    ["GET /users/:id/comments", "cachedComments", '"/users/:id/comments"', "req.params.id"],
    ["GET /users/[userId]", "cachedUsers", '"/users/:userId"', "req.params.userId"],
    ["GET /feed", "cachedFeed", '"/feed"', "req.user.id"],
    ["GET /api/v1/open-orders", "cachedOpenOrders", '"/api/v1/open-orders"', "req.user.id"],
    ["GET /", "cachedValue", '"/"', "req.user.id"],
    ["(other)", "cachedFeed", '"/feed"', "req.user.id"],
    ["POST /orders", "cachedFeed", '"/feed"', "req.user.id"],
  ])("%s: the user's whole answer", (name, constant, route, user) => {
    const { code, whole } = defineExample(listed(name));
    expect(whole).toBe(true);
    expect(code).toContain(`const ${constant} = defineCached({`);
    expect(code).toContain(`app.get(${route}, `);
    expect(code).toContain(`await ${constant}.get(${user}))`);
    expect(code).toContain("npm install bentocache");
  });

  test.each([
    ["GET /items/:id", '"/items/:id"', "req.params.id", "req.user.id"],
    ["GET /users/:id/orders/{order}", '"/users/:id/orders/:order"', "req.params.order", "req.params.id"],
    ["GET /files/*", '"/files/*"', "req.path", "req.user.id"],
  ])("%s: never the answer of another item", (name, route, asked, user) => {
    const { code, whole } = defineExample(listed(name));
    expect(whole).toBe(false);
    expect(code).toContain("// Not the whole answer");
    expect(code).toContain(`.get(${user});`);
    expect(code).toMatch(new RegExp(`res.json\\(await compute\\w+\\(${asked}, own\\)\\)`));
    expect(code).toContain(`app.get(${route}, `);
  });

  test("an endpoint whose value is the user's goes before one with more users to fill", () =>
    expect(defineExample(listed("GET /items/:id", "POST /cart", "GET /feed", "GET /cart")).name).toBe("GET /feed"));

  test("a parameter is the user's by its name or by what stands before it", () => {
    const of = (name: string) => routeKey(name)?.userParameter;
    expect(["GET /a/:user_id", "GET /members/:id", "GET /a/:uid/b"].map(of)).toEqual(["user_id", "id", "uid"]);
    expect(["GET /items/:id", "GET /users/*", "GET /users", "(other)"].map(of)).toEqual([null, null, null, undefined]);
  });
});

test("work, values and estimates are as short as they may be", () => {
  expect([0.0341, 0.66, 1.06, 12.4, 1_440].map(formatValue)).toEqual(["0.034", "0.66", "1.1", "12", "1,400"]);
  expect([0.4217, 57, 999.7, 12_345].map(formatWork).map(plain)).toEqual([
    "0.422 s/h",
    "57 s/h",
    "1,000 s/h",
    "12.3 k s/h",
  ]);
  expect([0, 0.04, 3.24, 41.4, -33.2, 1_204].map(formatEstimate).map(plain)).toEqual([
    "0",
    "0",
    "3.2",
    "41",
    "−33",
    "1,204",
  ]);
});

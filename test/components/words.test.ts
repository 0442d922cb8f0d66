import { describe, expect, test } from "vitest";
import { lossesTitle } from "@/components/answer/losses-banner";
import { headline } from "@/components/endpoint/tail-card";
import { isTooFew } from "@/components/format/percentile";
import { lostPerHourUs, rateOf } from "@/components/overview/cost";
import { matches } from "@/components/overview/matches";
import { inOrder } from "@/components/overview/use-steady-order";
import { keptSearch } from "@/components/range/kept-search";
import { readClock, readTheme } from "@/components/shell/preferences";
import { readUser, userAddress } from "@/components/user/user-search";
import { arrivedIn, heardOf, type ArrivalAnswer } from "@/components/start/arrival";
import { environmentLines, FRAMEWORKS, SNIPPETS } from "@/components/start/snippets";
import type { EndpointRow, LossCount, TailUsersAnswer, UserRow } from "@/lib/query/answers";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("the headline of a tail", () => {
  const user = (tailCount: number) => ({ tailCount }) as UserRow;
  const answer = (changes: Partial<TailUsersAnswer>) =>
    ({ users: [user(61)], other: user(39), userCount: 4_025, headline: null, ...changes }) as TailUsersAnswer;
  test.each([
    [{ headline: { users: 7, share: 0.61 } }, "7 of 4,025 users are 61 % of it."],
    [{ headline: { users: 1, share: 1 }, userCount: 1 }, "The only user is all of it."],
    [{ headline: { users: 1, share: 0.5 }, userCount: 1 }, "The only user is 50 % of it."],
    [{ headline: { users: 3, share: 1 }, userCount: 5 }, "3 of 5 users are all of it."],
    [{}, "The tail is spread over many of 4,025 users."],
    [{ users: [], other: user(0) }, "Nobody is in the tail of this range."],
    [{ users: [], userCount: 0 }, "The app tells no users: add the user option to see whose requests these are."],
  ])("%#", (changes, text) => expect(plain(headline(answer(changes as Partial<TailUsersAnswer>)))).toBe(text));
});

describe("what is missing", () => {
  const loss = (reason: string, count: number, unit: LossCount["unit"] = "requests") => ({ reason, count, unit });
  test.each([
    [[loss("user_cap", 1)], "In this range, 1 request is missing or not told apart."],
    [[loss("user_cap", 1_000), loss("refused", 204)], "In this range, 1,204 requests are missing or not told apart."],
    [[loss("unreadable", 2, "entries")], "In this range, 2 entries of batches could not be read."],
    [
      [loss("invalid", 10), loss("unreadable", 1, "entries")],
      "In this range, 10 requests are missing or not told apart, and 1 entry of a batch could not be read.",
    ],
  ])("%#", (losses, title) => expect(lossesTitle(losses)).toBe(title));
});

test("a percentile of a quarter of the samples it wants is told, of fewer not", () =>
  expect([isTooFew(99, 25), isTooFew(99, 24), isTooFew(50, 1)]).toEqual([false, true, false]));

test("time lost is told by the hour", () => {
  expect(lostPerHourUs({ tailCostUs: 3_000 }, { coveredSeconds: 3 * 3_600 })).toBe(1_000);
  expect(lostPerHourUs({ tailCostUs: 3_000 }, { coveredSeconds: 0 })).toBeNull();
});

test("a rate is told by the seconds that were counted", () => {
  expect(rateOf({ count: 600 }, { coveredSeconds: 300 })).toBe(2);
  expect(rateOf({ count: 600 }, { coveredSeconds: 0 })).toBeNull();
});

test("a search finds every word, wherever it stands", () => {
  const row = {
    method: "GET",
    route: "/users/:id/comments",
    service: "shop",
    environment: "production",
  } as EndpointRow;
  expect(["", "get comm", "shop users", "/users/:id"].map((text) => matches(row, text))).toEqual(Array(4).fill(true));
  expect(["post", "get carts"].map((text) => matches(row, text))).toEqual([false, false]);
});

test("rows that were under the pointer stay where they were", () => {
  const rows = [{ id: 3 }, { id: 1 }, { id: 9 }, { id: 2 }];
  expect(inOrder(rows, [1, 2, 3]).map(({ id }) => id)).toEqual([1, 2, 3, 9]);
});

test("links take along where one looks, and nothing else", () =>
  expect(keptSearch(new URLSearchParams("service=a%26b&q=cart&from=now-7d&sort=p99&clock=utc"))).toBe(
    "?service=a%26b&from=now-7d&clock=utc",
  ));

test("what is known better than an address says it goes before it", () =>
  expect(keptSearch(new URLSearchParams("service=all&to=now"), { service: "shop", environment: "eu" })).toBe(
    "?service=shop&environment=eu&to=now",
  ));

describe("preferences", () => {
  test.each([
    ["utc", { choice: "utc", zone: "UTC" }],
    ["utc%3AAsia%2FKolkata", { choice: "utc", zone: "Asia/Kolkata" }],
    ["%E0%A4%A", { choice: "local", zone: "UTC" }],
    ["local%3AEurope%2FBerlin", { choice: "local", zone: "Europe/Berlin" }],
    ["local:Moon/Sea", { choice: "local", zone: "UTC" }],
    ["local:<script>", { choice: "local", zone: "UTC" }],
    [undefined, { choice: "local", zone: "UTC" }],
  ])("the clock %s", (cookie, preference) => expect(readClock(cookie)).toEqual(preference));
  test("an unknown theme is the system's", () => expect(["dark", "pink"].map(readTheme)).toEqual(["dark", "system"]));
});

describe("the first request", () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 10, 0, seconds)).toISOString();
  const answer = (services: [string, string | null][], keyUsedAt: string | null = null): ArrivalAnswer => ({
    services: services.map(([name, lastSeenAt]) => ({ name, environments: ["production"], lastSeenAt })),
    keyUsedAt,
    readAt: 0,
  });
  test("of a new service arrives", () =>
    expect(
      arrivedIn(
        answer([["old", at(1)]]),
        answer([
          ["old", at(9)],
          ["new", at(9)],
        ]),
      )?.name,
    ).toBe("new"));
  test("of other apps does not count", () =>
    expect(arrivedIn(answer([["old", at(1)]]), answer([["old", at(9)]]))).toBeNull());
  test("by the new key counts for a service that was there", () =>
    expect(
      arrivedIn(
        answer([
          ["a", at(1)],
          ["b", at(1)],
        ]),
        answer(
          [
            ["a", at(1)],
            ["b", at(8)],
          ],
          at(8),
        ),
      )?.name,
    ).toBe("b"));
  test("of other services was a while ago", () => {
    const [now, shop] = [Date.parse(at(30)), { name: "shop", lastSeenAt: at(10) }];
    expect(plain(heardOf(shop, now))).toBe("shop (last 20 s ago)");
    expect(heardOf({ ...shop, lastSeenAt: null }, now)).toBe("shop");
  });
  test("is not there before its window is", () =>
    expect(arrivedIn(answer([["old", at(1)]]), answer([["old", at(1)]], at(8)))).toBeNull());
});

describe("snippets", () => {
  test.each(FRAMEWORKS)("of %s import their own adapter and name the service as a string", (framework) => {
    const code = SNIPPETS[framework].code('my "app"');
    expect(code).toContain(`from "@tailfill/sdk/${framework}"`);
    expect(code).toContain('"my \\"app\\""');
  });
  test("the environment holds the key", () =>
    expect(environmentLines({ url: "http://a", key: "tf_x" })).toBe(
      "TAILFILL_URL=http://a\nTAILFILL_API_KEY=tf_x\nTAILFILL_ENVIRONMENT=production",
    ));
});

describe("the address of a user", () => {
  test.each([
    ["u_1", "", "/users?user=u_1"],
    ["..", "?from=now-7d", "/users?user=..&from=now-7d"],
    ["a/b&c=d#é %", "?service=shop", "/users?user=a%2Fb%26c%3Dd%23%C3%A9+%25&service=shop"],
    ["u_1", "?user=u_2", "/users?user=u_1"],
    ["\ud800", "", "/users?user=%EF%BF%BD"],
  ])("%j with %s is %s", (user, kept, address) => expect(userAddress(user, kept)).toBe(address));
  test.each([" ", ".", "..", "a/b", "\0", "日本"])("leads to the same id: %j", (user) => {
    const search = new URL(userAddress(user), "http://tailfill.test").searchParams;
    expect(readUser(Object.fromEntries(search))).toBe(user);
  });
  test("without a user is nobody's", () => expect([readUser({}), readUser({ user: "" })]).toEqual([null, null]));
});

import { expect, test } from "vitest";
import { errorText, opener } from "@/lib/sdk/src/guard/address";
import { readArguments } from "@/lib/sdk/src/guard/arguments";
import { readPolicy } from "@/lib/sdk/src/guard/policy";

const URL_ARGUMENTS = ["--database-url", "postgresql://shop@localhost/shop"];

test("the command of the contract", () => {
  const args = "--every 5s --over 30 --application-name shop,jobs --application-name api --apply --terminate".split(
    " ",
  );
  expect(readArguments([...URL_ARGUMENTS, ...args], undefined)).toEqual({
    databaseUrl: "postgresql://shop@localhost/shop",
    every: "5s",
    over: 30,
    applicationNames: ["shop", "jobs", "api"],
    apply: true,
    terminate: true,
  });
});

test("by default it looks every 10 s for what runs over 20 s, and stops nothing", () => {
  const policy = readPolicy(readArguments(URL_ARGUMENTS, undefined)!);
  expect(policy).toEqual({
    everyMs: 10_000,
    overMs: 20_000,
    graceMs: 10_000,
    applicationNames: undefined,
    apply: false,
    terminate: false,
    includeWrites: false,
    maxPerMinute: 10,
    mostAtOnce: 10,
  });
});

test("without an address it takes the environment's", () => {
  expect(readArguments([], "postgresql://env")?.databaseUrl).toBe("postgresql://env");
  expect(readArguments(URL_ARGUMENTS, "postgresql://env")?.databaseUrl).toBe(URL_ARGUMENTS[1]);
});

test("help needs nothing else", () => {
  expect(readArguments(["--help"], undefined)).toBeNull();
  expect(readArguments(["-h", "--apply"], undefined)).toBeNull();
});

test.each([
  [[], "--database-url is missing"],
  [[...URL_ARGUMENTS, "--every", "often"], "--every must be a time such as 500ms, 20s or 2m, not often"],
  [[...URL_ARGUMENTS, "--max-per-minute", "0"], "--max-per-minute must be a whole number above 0, not 0"],
  [[...URL_ARGUMENTS, "--most-at-once", "1.5"], "--most-at-once must be a whole number above 0, not 1.5"],
  [[...URL_ARGUMENTS, "--aply"], "Unknown option '--aply'"],
  [[...URL_ARGUMENTS, "now"], "Unexpected argument 'now'"],
])("%j is refused: %s", (args, message) => {
  expect(() => readArguments(args, undefined)).toThrow(message);
});

test.each([
  [{ over: 0 }, "over must be a time of at least 100 ms"],
  [{ every: "x" }, 'every must be a time of at least 100 ms, such as "20s", not "x"'],
  [{ applicationNames: [] }, "applicationNames must be one name or more"],
  [{ applicationNames: ["shop", " "] }, "applicationNames must be one name or more"],
  [{ maxPerMinute: -1 }, "maxPerMinute must be a whole number above 0, not -1"],
])("the option %j is refused: %s", (options, message) => {
  expect(() => readPolicy(options)).toThrow(message);
});

test.each(["", "shop", "https://shop:s3cret@localhost/", "sqlite:s3cret"])(
  "the address %j is refused, and not shown",
  (address) => {
    expect(() => opener(address, false)).toThrow(/^the database's URL must be postgresql:\/\/…/);
  },
);

test.each([
  "postgresql://shop:p%40ss%2Fword@localhost/shop",
  "postgresql://shop@localhost/shop?password=p%40ss%2Fword",
])("no error shows the password of %s", (address) => {
  const text = errorText(new Error(`cannot use ${address}, that is p@ss/word or\n p%40ss%2Fword`), address);
  expect(text).not.toMatch(/p@ss|p%40ss/);
  expect(text).toContain("cannot use");
});

test("of several addresses that were tried, all is told", () => {
  const error = new AggregateError([
    new Error("connect ECONNREFUSED ::1:1"),
    new Error("connect ECONNREFUSED 127.0.0.1:1"),
  ]);
  expect(errorText(error, "")).toBe("connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1");
});

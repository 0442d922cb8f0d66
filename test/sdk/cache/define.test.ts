import { afterEach, describe, expect, it } from "vitest";
import { defineCached, invalidateTag } from "@/lib/sdk/src/cache/index";
import { definitionHub } from "@/lib/sdk/src/cache/definition-hub";
import { jsonBytes } from "@/lib/sdk/src/cache/measure";
import { keyPrefix, storeKey, tagKey } from "@/lib/sdk/src/cache/keys";
import type { CachedOptions } from "@/lib/sdk/src/cache/options";
import { milliseconds } from "@/lib/sdk/src/duration";
import { define } from "./defined";

afterEach(() => definitionHub().definitions.clear());

const options = (more: object): CachedOptions<number> => ({ name: "count", ttl: 60, load: () => 1, ...more });

describe("defineCached", () => {
  it("makes the definition known by its name, with what the filler asks for", async () => {
    const definition = defineCached(options({ ttl: "10m", signals: ["POST /sign-in"] }));
    expect(definitionHub().definitions.get("count")).toBe(definition);
    expect(definition).toMatchObject({ name: "count", ttlSeconds: 600, signals: ["POST /sign-in"] });
    expect(await definition.get("ada")).toBe(1);
  });

  it("refuses a second definition of a name", () => {
    defineCached(options({}));
    expect(() => defineCached(options({}))).toThrow('there is a definition named "count" already');
  });

  it.each([
    [{ name: "" }, "needs a name"],
    [{ load: 1 }, "load must be a function"],
    [{ key: "user" }, "key must be a function"],
    [{ ttl: 0 }, "ttl must be more than 0"],
    [{ ttl: -1 }, "ttl must be seconds"],
    [{ ttl: Number.NaN }, "ttl must be seconds"],
    [{ ttl: "soon" }, "ttl must be seconds"],
    [{ ttl: undefined }, "ttl must be seconds"],
    [{ ttl: "10000d" }, "ttl must be seconds"],
    [{ staleFor: "1 week" }, "staleFor must be seconds"],
  ])("refuses %j", (wrong, message) => {
    expect(() => defineCached(options(wrong))).toThrow(message);
    expect(definitionHub().definitions.size).toBe(0);
  });

  it("invalidates by tag", async () => {
    let loads = 0;
    const definition = defineCached(options({ name: "tagged", load: () => ++loads, tags: ["shop"] }));
    await definition.get("ada");
    await invalidateTag("shop");
    expect(await definition.get("ada")).toBe(2);
  });
});

it.each([
  ["90s", 90_000],
  ["1.5 m", 90_000],
  ["2h", 7_200_000],
  ["1d", 86_400_000],
  ["250ms", 250],
  [0.25, 250],
])("takes %s for %d ms", (text, ms) => expect(milliseconds(text)).toBe(ms));

describe("keys", () => {
  it("keep definitions, versions, users and tags apart", () => {
    const keys = [
      storeKey(keyPrefix("a:b", "1"), "c"),
      storeKey(keyPrefix("a", "b:1"), "c"),
      storeKey(keyPrefix("a", "1"), "b:1:c"),
      storeKey(keyPrefix("a", "2"), "c"),
      storeKey(keyPrefix("#tag", ".1"), "c"),
      tagKey("1:.c"),
      tagKey("c"),
      storeKey(keyPrefix("a", "1"), "{c}"),
      storeKey(keyPrefix("a", "1"), "c".repeat(1_000)),
      storeKey(keyPrefix("a", "1"), "c".repeat(1_001)),
      storeKey(keyPrefix("a", "1"), "\ud800"),
      storeKey(keyPrefix("a", "1"), "\ud801"),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(key).toMatch(/^[\x21-\x7a]{1,180}$/);
  });

  it.each(["", undefined, null, 42, {}])("are no %j: the value is loaded and not cached", async (key) => {
    let loads = 0;
    const definition = define<number>({ load: () => ++loads, key: () => key as string });
    expect([await definition.get("ada"), await definition.get("bob")]).toEqual([1, 2]);
    expect(await definition.fill("ada", { decision: "d", notAfterMs: Date.now() + 1e6 })).toMatchObject({
      state: "failed",
    });
    await definition.invalidate("ada");
    expect(loads).toBe(2);
  });
});

it.each([
  "text with ümläuts and \u{1f600}",
  1234567.5,
  [1, 22, 333, 4444, 55555, 666666, 7777777],
  { a: { b: [true, false, null, "x"] } },
  { at: new Date(0), of: ["a", { b: "c" }] },
])("says about how many bytes %j takes", (value) => {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  expect(Math.abs(jsonBytes(value) - bytes)).toBeLessThanOrEqual(1 + bytes * 0.1);
});

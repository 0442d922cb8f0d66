import { afterEach, beforeAll, afterAll, describe, expect, it } from "vitest";
import { tagKey } from "@/lib/sdk/src/cache/keys";
import type { CachedOptions } from "@/lib/sdk/src/cache/options";
import type { DefinitionVisit } from "@/lib/sdk/src/cache/definition-type";
import { emptyDatabase } from "@/test/support/database";
import { emptyRedis, redisOrNone } from "@/test/support/redis";
import { until } from "@/test/support/until";
import { define, order, SlowLoad, visitsTo } from "../defined";
import { KINDS, open, type Opened, type Where } from "./kinds";

const redis = redisOrNone("cached definitions on Redis");
const where: Where = {};
let dropDatabase: () => Promise<void>;
beforeAll(async () => {
  const database = await emptyDatabase();
  where.databaseUrl = database.url;
  dropDatabase = database.drop;
  if (redis) where.redisUrl = await emptyRedis(redis, 12);
});
afterAll(() => dropDatabase?.());

const kinds = KINDS.filter((kind) => redis !== undefined || !kind.includes("redis"));

describe.each(kinds)("kept in: %s", (kind) => {
  const opened: Opened[] = [];
  const another = async (): Promise<Opened> => {
    const each = await open(kind, where);
    opened.push(each);
    return each;
  };
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });
  const isShared = !kind.startsWith("memory") || kind.includes("redis");

  /** One definition as two processes have it. */
  async function twice<Value>(load: CachedOptions<Value>["load"]) {
    const name = `${kind} ${Math.random()}`;
    const [one, two] = [await another(), isShared ? await another() : undefined];
    const options = { name, load, tags: ["tag"] };
    const first = define(options, { store: one.store });
    return {
      first,
      second: two ? define(options, { store: two.store }) : first,
      stores: [one.store, (two ?? one).store],
    };
  }

  it("serves what another process has computed", async () => {
    let loads = 0;
    const { first, second } = await twice(() => ({ loads: ++loads }));
    expect(await first.get("ada")).toEqual({ loads: 1 });
    expect(await second.get("ada")).toEqual({ loads: 1 });
    expect(await second.get("bob")).toEqual({ loads: 2 });
  });

  it.each(["key", "tag"])("serves nothing that another process has invalidated by %s", async (by) => {
    let loads = 0;
    const { first, second, stores } = await twice(() => ++loads);
    for (let round = 1; round <= 5; round++) {
      expect(await first.get("ada")).toBe(round);
      expect(await second.get("ada")).toBe(round);
      await (by === "key" ? second.invalidate("ada") : stores[1]!.drop(tagKey("tag")));
    }
  });

  it("voids a load that another process invalidates", async () => {
    const slow = new SlowLoad<string>();
    const { first, second } = await twice(slow.load);
    const before = first.get("ada");
    await until("it loads", () => slow.calls.length === 1);
    await second.invalidate("ada");
    const after = second.get("ada");
    await until("it loads again, without waiting for the first", () => slow.calls.length === 2, 3_000);
    slow.calls[1]!.answer("new");
    expect(await after).toBe("new");
    slow.calls[0]!.answer("old");
    expect(await before).toBe("old");
    expect(await first.get("ada")).toBe("new");
    expect(await second.get("ada")).toBe("new");
    expect(slow.calls).toHaveLength(2);
  });

  it("joins a fill of another process, and tells its decision", async () => {
    const slow = new SlowLoad<string>();
    const { first, second } = await twice(slow.load);
    const filled = first.fill("ada", order("d1"));
    await until("it loads", () => slow.calls.length === 1);
    expect(await second.fill("ada", order("d1"))).toMatchObject({ state: "warm" });
    const { visits, stop } = visitsTo(second);
    const visit = second.get("ada");
    slow.calls[0]!.answer("value");
    expect(await visit).toBe("value");
    expect(await filled).toMatchObject({ state: "filled" });
    stop();
    expect(visits).toMatchObject([{ cache: "joined", decision: "d1" }] satisfies Partial<DefinitionVisit>[]);
    expect(slow.calls).toHaveLength(1);
  });

  it("runs a fill that two processes are asked for once", async () => {
    const slow = new SlowLoad<string>();
    const { first, second } = await twice(slow.load);
    const both = Promise.all([first.fill("ada", order("d1")), second.fill("ada", order("d1"))]);
    await until("one loads", () => slow.calls.length === 1);
    slow.calls[0]!.answer("value");
    expect((await both).map(({ state }) => state).toSorted()).toEqual(["filled", "warm"]);
    expect(slow.calls).toHaveLength(1);
  });

  it("tells a decision that another process has marked", async () => {
    const { first, second } = await twice(() => "value");
    await first.mark("ada", "withheld", Date.now() + 60_000);
    const { visits, stop } = visitsTo(second);
    await second.get("ada");
    stop();
    expect(visits).toMatchObject([{ cache: "miss", decision: "withheld" }]);
  });
});

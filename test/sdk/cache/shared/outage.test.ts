import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CachedDefinition } from "@/lib/sdk/src/cache/definition-type";
import { registry } from "@/lib/sdk/src/registry";
import { redisOrNone } from "@/test/support/redis";
import { canStartRedis, RedisServer } from "@/test/support/redis-server";
import { until } from "@/test/support/until";
import { recordingClient } from "../../adapters/recording-client";
import { define, order } from "../defined";
import { open, type Opened } from "./kinds";

const redis = redisOrNone("cached definitions while Redis is down");
const possible = redis !== undefined && canStartRedis();
if (redis !== undefined && !possible)
  console.info("left out: cached definitions while Redis is down (no redis-server)");

describe.runIf(possible)("while Redis is", () => {
  let server: RedisServer;
  let opened: Opened[];
  let loads: number;
  let one: CachedDefinition<number>;
  let two: CachedDefinition<number>;
  const client = recordingClient();

  beforeEach(async () => {
    server = await RedisServer.start();
    loads = 0;
    client.errors.length = 0;
    registry().clients.set("test", client);
    opened = [await open("redis", { redisUrl: server.url }), await open("redis", { redisUrl: server.url })];
    const options = { name: `outage ${Math.random()}`, load: () => ++loads };
    [one, two] = opened.map(({ store }) => define(options, { store })) as [typeof one, typeof two];
  });
  afterEach(async () => {
    registry().clients.delete("test");
    for (const each of opened) await each.close();
    await server.kill();
  });

  async function msOf(work: () => Promise<unknown>): Promise<number> {
    const startMs = performance.now();
    await work();
    return performance.now() - startMs;
  }

  const states: [string, () => unknown][] = [
    ["hanging", () => server.hang()],
    ["gone", () => server.kill()],
  ];

  it.each(states)("%s, visits are served from load, and soon lose no time to it", async (_state, stop) => {
    expect(await one.get("ada")).toBe(1);
    await stop();
    for (let visit = 2; visit <= 4; visit++) {
      expect(await msOf(async () => expect(await one.get("ada")).toBe(visit))).toBeLessThan(1_000);
    }
    // The breaker is open now: nothing is waited for.
    expect(await msOf(() => Promise.all(Array.from({ length: 200 }, (_, n) => one.get(`user ${n}`))))).toBeLessThan(
      200,
    );
    expect(client.errors.length).toBeGreaterThanOrEqual(3);
    expect(client.errors.length).toBeLessThan(10);
    expect(await one.fill("ada", order())).toMatchObject({ state: "failed", tookUs: 0 });
    expect(await one.isCold("bob")).toBe(false);
    await one.mark("ada", "d1", Date.now() + 1_000);
  });

  it.each(states)("%s, those who ask at once still share one load", async (_state, stop) => {
    await stop();
    for (let n = 0; n < 3; n++) await one.get("ada");
    loads = 0;
    expect(new Set(await Promise.all(Array.from({ length: 50 }, () => one.get("ada"))))).toEqual(new Set([1]));
  });

  it("hanging and then back, it is used again", async () => {
    server.hang();
    for (let n = 0; n < 4; n++) await one.get("ada");
    server.goOn();
    await until("values are cached again", async () => (await one.get("bob")) === (await one.get("bob")));
  });

  it("killed and then back, it is used again", async () => {
    await server.kill();
    for (let n = 0; n < 4; n++) await one.get("ada");
    await server.start();
    await until("values are cached again", async () => (await one.get("bob")) === (await one.get("bob")));
  });

  it("hanging, an invalidation is not forgotten: nobody is served the old value afterwards", async () => {
    expect(await one.get("ada")).toBe(1);
    expect(await two.get("ada")).toBe(1);
    server.hang();
    expect(await msOf(() => one.invalidate("ada"))).toBeLessThan(4_000);
    for (let n = 0; n < 3; n++) expect(await one.get("ada")).not.toBe(1);
    server.goOn();
    // From the process that invalidated, never; from the others, as soon as the store was told.
    for (let n = 0; n < 3; n++) expect(await one.get("ada")).not.toBe(1);
    await until("the store was told", async () => (await two.get("ada")) !== 1);
    for (let n = 0; n < 3; n++) expect(await two.get("ada")).not.toBe(1);
  });
});

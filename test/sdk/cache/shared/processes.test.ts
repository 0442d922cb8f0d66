import { Redis } from "ioredis";
import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { emptyRedis, redisOrNone } from "@/test/support/redis";
import { until } from "@/test/support/until";
import type { Kind } from "./kinds";
import { AppProcess, bundleProgram } from "./processes";

const redis = redisOrNone("cached definitions in several processes");

describe.runIf(redis)("four processes on one Redis", () => {
  let program: string;
  let redisUrl: string;
  let truth: Redis;
  const apps: AppProcess[] = [];
  beforeAll(async () => {
    redisUrl = await emptyRedis(redis!, 13);
    truth = new Redis(redisUrl);
    program = await bundleProgram();
  });
  afterEach(() => Promise.all(apps.splice(0).map((app) => app.kill())));
  afterAll(async () => {
    truth?.disconnect();
    await rm(program, { force: true });
  });

  async function start(kind: Kind, count = 4): Promise<AppProcess[]> {
    await truth.flushdb();
    const started = await Promise.all(
      Array.from({ length: count }, () => AppProcess.start(program, kind, { redisUrl })),
    );
    apps.push(...started);
    return started;
  }

  it.each(["redis", "memory before redis", "memory before redis with a bus", "redis without its connection"] as const)(
    "serve nothing stale while they write, read and fill (%s)",
    async (kind) => {
      const started = await start(kind);
      const results = await Promise.all(started.map((app) => app.do("race", 400)));
      expect(results.map(({ stale }) => stale)).toEqual([0, 0, 0, 0]);
      for (const { writes, fills } of results) expect(Math.min(writes, fills)).toBeGreaterThan(10);
    },
  );

  it("compute a value once, however many ask for it at once", async () => {
    const started = await start("redis");
    for (const user of ["one takes 30 ms", "two takes 0 ms", "three takes 150 ms"]) {
      const values = await Promise.all(started.flatMap((app) => [app.do("get", user), app.do("get", user)]));
      expect(new Set(values.map(({ by }) => by)).size).toBe(1);
      expect(await truth.get(`loads:${user}`)).toBe("1");
    }
  });

  it("run a fill once", async () => {
    const started = await start("redis");
    for (let round = 0; round < 10; round++) {
      const user = `${round} takes 20 ms`;
      const states = (await Promise.all(started.map((app) => app.do("fill", user)))).map(({ state }) => state);
      expect(states.toSorted()).toEqual(["filled", "warm", "warm", "warm"]);
      expect(await truth.get(`loads:${user}`)).toBe("1");
    }
  });

  it("have a visit wait for another process's fill, and no longer than that process lives", async () => {
    const [one, two] = (await start("redis", 2)) as [AppProcess, AppProcess];
    const user = "ada takes 700 ms";
    const filled = one.do("fill", user);
    await until("it loads", async () => (await truth.get(`loads:${user}`)) === "1");
    expect((await two.do("get", user)).by).toBe(one.pid);
    expect(await filled).toMatchObject({ state: "filled" });

    const hung = "bob takes 600000 ms";
    void one.do("fill", hung);
    await until("it loads", async () => (await truth.get(`loads:${hung}`)) === "1");
    await one.kill();
    await truth.set("truth:bob takes 600000 ms", "1");
    void two.do("get", hung);
    await until("the other takes over", async () => (await truth.get(`loads:${hung}`)) === "2", 15_000);
  });
});

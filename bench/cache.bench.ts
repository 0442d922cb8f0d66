import { BentoCache, bentostore } from "bentocache";
import { memoryDriver } from "bentocache/drivers/memory";
import { redisDriver } from "bentocache/drivers/redis";
import { Redis } from "ioredis";
import { systemClock } from "@/lib/sdk/src/clock";
import { memoryStore } from "@/lib/sdk/src/cache/default-store";
import { Definition } from "@/lib/sdk/src/cache/definition";
import { readOptions, type CachedOptions } from "@/lib/sdk/src/cache/options";
import { privateCache, sharedCache } from "@/lib/sdk/src/cache/shared-cache";
import type { CacheStore } from "@/lib/sdk/src/cache/store";
import { collect, median, type Row, short } from "./rounds.ts";

const USERS = 1_000;
const ROUNDS = 15;
/** What a page of a shop might keep of a user: 20 rows, about 1.3 KB of JSON. */
const value = Array.from({ length: 20 }, (_, at) => ({
  id: at,
  title: `comment number ${at}`,
  likes: at * 7,
  mine: at % 3 === 0,
}));
const users = Array.from({ length: USERS }, (_, at) => `user-${at}`);

type Get = (user: string) => Promise<unknown>;
/** Fills the cache; gives what is measured, a hit each time. */
type Contender = () => Promise<Get>;

function memoryBento(): BentoCache<Record<string, ReturnType<typeof bentostore>>> {
  const store = bentostore().useL1Layer(memoryDriver({ maxItems: 10_000, maxSize: 64 * 1024 * 1024 }));
  return new BentoCache({ default: "m", stores: { m: store } });
}

function bentoAlone(bento: ReturnType<typeof memoryBento>): Contender {
  return async () => {
    const get: Get = (user) => bento.getOrSet({ key: `count:${user}`, ttl: "10m", factory: () => value });
    for (const user of users) await get(user);
    return get;
  };
}

let names = 0;

function tailfill(store: CacheStore, more: Partial<CachedOptions<unknown>> = {}): Contender {
  return async () => {
    const settings = readOptions<unknown>({ name: `count ${++names}`, ttl: "10m", load: () => value, ...more });
    const definition = new Definition(settings, store, systemClock);
    for (const user of users) await definition.get(user);
    return (user) => definition.get(user);
  };
}

interface Cost {
  cpuUs: number;
  wallUs: number;
}

async function costOf(get: Get, hits: number): Promise<Cost> {
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  for (let at = 0; at < hits; at++) await get(users[(at * 7) % USERS]!);
  const wallUs = (performance.now() - startMs) * 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { cpuUs: (user + system) / hits, wallUs: wallUs / hits };
}

/** One hit after the other, the contenders in turn: medians of rounds. The first one named is what the others add to. */
async function compare(contenders: Record<string, Contender>, hits: number): Promise<Row[]> {
  const gets = await Promise.all(Object.entries(contenders).map(async ([name, make]) => [name, await make()] as const));
  const costs = new Map<string, Cost[]>(gets.map(([name]) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, get] of gets) {
      collect();
      await costOf(get, hits / 4);
      costs.get(name)!.push(await costOf(get, hits));
    }
  }
  const found = [...costs].map(([what, list]) => ({
    what,
    cpuUs: median(list.map((each) => each.cpuUs)),
    wallUs: median(list.map((each) => each.wallUs)),
  }));
  const alone = found[0]!;
  return found.map(({ what, cpuUs, wallUs }) => ({
    what,
    cpuUs: short(cpuUs, 2),
    addedCpuUs: short(cpuUs - alone.cpuUs, 2),
    times: short(cpuUs / alone.cpuUs, 2),
    wallUs: short(wallUs, 1),
  }));
}

async function onRedis(url: string): Promise<Row[]> {
  const connection = new Redis(url);
  const bentoOn = () =>
    new BentoCache({ default: "r", stores: { r: bentostore().useL2Layer(redisDriver({ connection })) } });
  try {
    return await compare(
      {
        "BentoCache alone, Redis": bentoAlone(bentoOn()),
        "tailfill, Redis": tailfill(sharedCache(bentoOn(), { redis: connection })),
        "tailfill, Redis, two tags": tailfill(sharedCache(bentoOn(), { redis: connection }), {
          tags: ["shop", "blog"],
        }),
        "tailfill, Redis, leases in BentoCache": tailfill(sharedCache(bentoOn())),
      },
      2_000,
    );
  } finally {
    connection.disconnect();
  }
}

/** What a hit costs over the cache library alone. With TEST_REDIS_URL also on Redis. */
export default async function bench(): Promise<Row[]> {
  const rows = await compare(
    {
      "BentoCache alone, memory": bentoAlone(memoryBento()),
      "tailfill, memory": tailfill(memoryStore()),
      "tailfill, memory, two tags": tailfill(memoryStore(), { tags: ["shop", "blog"] }),
      "tailfill, privateCache of a BentoCache in memory": tailfill(privateCache(memoryBento())),
      "tailfill, a BentoCache in memory as it is": tailfill(sharedCache(memoryBento())),
    },
    20_000,
  );
  const redis = process.env["TEST_REDIS_URL"];
  if (redis) return [...rows, ...(await onRedis(redis))];
  console.info("left out: Redis (TEST_REDIS_URL is not set)");
  return rows;
}

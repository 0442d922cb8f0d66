import { BentoCache, bentostore } from "bentocache";
import { memoryDriver } from "bentocache/drivers/memory";
import { expect, it } from "vitest";
import { memoryStore } from "@/lib/sdk/src/cache/default-store";
import type { FillOrder } from "@/lib/sdk/src/cache/definition-type";
import { tagKey } from "@/lib/sdk/src/cache/keys";
import { define } from "./defined";
import { MemoryTruth } from "./memory-truth";
import { raceOn } from "./shared/race";

const ROUNDS = 4_000;

it.each(["key", "tag"])(
  "serves nothing stale while one process writes, reads and fills; invalidated by %s",
  async (by) => {
    const truth = new MemoryTruth();
    const store = memoryStore();
    const defined = define({ load: (user) => truth.load(user), tags: (user) => [user] }, { store });
    const definition = {
      get: (user: string) => defined.get(user),
      fill: (user: string, order: FillOrder) => defined.fill(user, order),
      invalidate: async (user: string) =>
        void (await (by === "key" ? defined.invalidate(user) : store.drop(tagKey(user)))),
    };
    const result = await raceOn({ truth, definition, rounds: ROUNDS });
    expect(result.stale).toBe(0);
    expect(Math.min(result.writes, result.fills)).toBeGreaterThan(ROUNDS / 20);
  },
);

it("would notice: the cache library alone does serve stale values", async () => {
  const truth = new MemoryTruth();
  const bento = new BentoCache({ default: "m", stores: { m: bentostore().useL1Layer(memoryDriver({})) } });
  const fresh = (key: string) => bento.getOrSet({ key, ttl: "10m", forceFresh: true, factory: () => truth.load(key) });
  const definition = {
    get: (key: string) => bento.getOrSet({ key, ttl: "10m", factory: () => truth.load(key) }),
    fill: async (key: string) => ({ ...(await fresh(key)), state: "filled" as const, tookUs: 0, bytes: 0 }),
    invalidate: async (key: string) => void (await bento.delete({ key })),
  };
  const { stale } = await raceOn({ truth, definition, rounds: ROUNDS });
  expect(stale).toBeGreaterThan(0);
});

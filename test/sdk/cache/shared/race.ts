import type { CachedDefinition } from "@/lib/sdk/src/cache/definition-type";

/** What a race needs of Redis: the truth, and what is known to be true. */
export interface Truth {
  get(key: string): Promise<string | null>;
  incr(key: string): Promise<number>;
  eval(script: string, keys: number, key: string, value: number): Promise<unknown>;
}

export interface Race {
  truth: Truth;
  definition: Pick<CachedDefinition<{ n: number }>, "get" | "fill" | "invalidate">;
  rounds: number;
}

export interface RaceResult {
  reads: number;
  writes: number;
  fills: number;
  stale: number;
}

/** The highest number whose invalidation is over; two writers may end in another order than they began. */
const RAISE = `if tonumber(redis.call("GET", KEYS[1]) or "0") < tonumber(ARGV[1]) then redis.call("SET", KEYS[1], ARGV[1]) end`;
const USERS = ["ada", "bob", "cyd"];
/** As many things at once in each process. */
const LANES = 8;

/**
 * Reads, fills and writes at random. A write changes the truth and then invalidates; once that is over, whoever asks must
 * be given that truth or a later one: anything else is stale.
 */
export async function raceOn({ truth, definition, rounds }: Race): Promise<RaceResult> {
  const result = { reads: 0, writes: 0, fills: 0, stale: 0 };
  async function read(user: string): Promise<void> {
    const known = Number(await truth.get(`known:${user}`));
    const { n } = await definition.get(user);
    result.reads++;
    if (n < known) result.stale++;
  }
  async function write(user: string): Promise<void> {
    const n = await truth.incr(`truth:${user}`);
    await definition.invalidate(user);
    await truth.eval(RAISE, 1, `known:${user}`, n);
    result.writes++;
  }
  async function fill(user: string): Promise<void> {
    await definition.fill(user, { decision: "d1", notAfterMs: Date.now() + 60_000 });
    result.fills++;
  }
  async function lane(): Promise<void> {
    while (result.reads < rounds) {
      const user = USERS[Math.floor(Math.random() * USERS.length)] as string;
      const chance = Math.random();
      await (chance < 0.12 ? write(user) : chance < 0.24 ? fill(user) : read(user));
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane));
  return result;
}

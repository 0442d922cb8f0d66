import { Redis } from "ioredis";

/** A Redis as the job queue needs it. */
export type RedisFacts =
  | { reachable: false; why: string }
  | { reachable: true; version: string; evictionPolicy: string; isSavedToDisk: boolean };

const LIMIT_MS = 3_000;

/** Asks a Redis, and changes nothing. */
export async function redisFacts(url: string): Promise<RedisFacts> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: LIMIT_MS,
    commandTimeout: LIMIT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on("error", () => undefined); // told by the command that fails
  try {
    await redis.connect();
    const info = await redis.info();
    const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? "";
    return {
      reachable: true,
      version: field("redis_version"),
      evictionPolicy: field("maxmemory_policy"),
      isSavedToDisk: field("aof_enabled") === "1",
    };
  } catch (error) {
    return { reachable: false, why: error instanceof Error ? error.message : String(error) };
  } finally {
    redis.disconnect();
  }
}

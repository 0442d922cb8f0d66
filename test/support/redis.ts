import { Redis } from "ioredis";

/**
 * The Redis of `TEST_REDIS_URL`, for `describe.runIf`; says in one line when there is none.
 * @param suite what is left out then
 */
export function redisOrNone(suite: string): string | undefined {
  const url = process.env["TEST_REDIS_URL"];
  if (url === undefined || url === "") console.info(`left out: ${suite} (TEST_REDIS_URL is not set)`);
  return url === "" ? undefined : url;
}

/** One of Redis's numbered databases, emptied: a suite's own. */
export async function emptyRedis(url: string, number: number): Promise<string> {
  const address = new URL(url);
  address.pathname = `/${number}`;
  const redis = new Redis(address.href);
  await redis.flushdb();
  await redis.quit();
  return address.href;
}

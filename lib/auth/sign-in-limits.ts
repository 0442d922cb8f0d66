import { createHash } from "node:crypto";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { TailfillError } from "@/lib/errors";
import { db as processDb, type Db } from "@/lib/store/db";
import { SIGN_IN_TRIES, triesClient } from "@/lib/store/sign-in-tries";

/** Wrong passwords allowed for each account, each address and each known device. */
export const TRIES = 10;
export const TRIES_PER_SECONDS = 15 * 60;

/** Who tries: a device that signed in to this account before is counted by itself. */
export interface Attempt {
  account: string;
  address: string;
  /** Id of a device that this account was signed in on before (proved by its cookie). */
  device?: string | undefined;
}

const shared = globalThis as typeof globalThis & { tailfillTries?: { db: Db; limiter: RateLimiterPostgres } };

/** One count for all processes, in the database; rows that expired are removed every few minutes. */
function limiter(): RateLimiterPostgres {
  const db = processDb();
  if (shared.tailfillTries?.db !== db) {
    const options = { points: TRIES, duration: TRIES_PER_SECONDS, keyPrefix: "", tableName: SIGN_IN_TRIES };
    const storeClient = triesClient(db);
    shared.tailfillTries = {
      db,
      limiter: new RateLimiterPostgres({ ...options, storeClient, storeType: "client", tableCreated: true }),
    };
  }
  return shared.tailfillTries.limiter;
}

/**
 * Runs a check of a password under the limits. Each try counts before the check, so that many at once cannot slip
 * through, and is given back unless the password was wrong.
 *
 * A stranger who guesses uses up the counts of the account and of the address. Somebody at a device that signed in to
 * this account before has a count of their own: guessing by others never locks them out.
 * @param check gives null when the password was wrong
 * @throws TailfillError `too_many_requests` with the seconds to wait
 */
export async function underLimits<T>(attempt: Attempt, check: () => Promise<T | null>): Promise<T | null> {
  const taken: string[] = [];
  try {
    for (const key of keysOf(attempt)) {
      taken.push(key);
      await limiter().consume(key);
    }
    const result = await check();
    if (result !== null) await giveBack(taken);
    return result;
  } catch (error) {
    await giveBack(taken).catch(() => undefined); // the failure told is the first one
    throw error instanceof RateLimiterRes ? tooMany(error.msBeforeNext) : error;
  }
}

function keysOf({ account, address, device }: Attempt): string[] {
  if (device !== undefined) return [`device:${device}`];
  return [`address:${address}`, `account:${createHash("sha256").update(account).digest("hex")}`];
}

async function giveBack(keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((key) => limiter().reward(key)));
}

function tooMany(waitMs: number): TailfillError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new TailfillError(
    "too_many_requests",
    `Too many wrong passwords. Try again in ${Math.ceil(retryAfterSeconds / 60)} min.`,
    { retryAfterSeconds },
  );
}

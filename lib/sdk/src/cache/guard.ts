import type { Clock } from "../clock.ts";
import { afterFailure, CLOSED, mayAsk, type Breaker } from "./breaker.ts";

/** The store cannot be asked, or not in time. It goes no further than the cache: the app is served from `load`. */
export class StoreFailure extends Error {
  override readonly name = "StoreFailure";
}

/** Made once: taking a stack for each visit would be the dearest part of it. */
const REFUSED = new StoreFailure("the cache's store failed lately, and is left alone for a while");

/** Not by `instanceof`: it may come from the other copy of this package, ESM or CommonJS. */
export function isStoreFailure(error: unknown): boolean {
  return error instanceof Error && error.name === "StoreFailure";
}

export interface GuardOptions {
  clock: Clock;
  /** How long one call may take. */
  limitMs: number;
  /** Told of each failure, but not of calls that were refused because of earlier ones. */
  report: (error: unknown) => void;
}

/** Asks a store that may be down or slow: for a limited time, and not at all while it is known to be down. */
export class Guard {
  #breaker: Breaker = CLOSED;
  readonly #options: GuardOptions;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** Rejects with a StoreFailure only. A call that takes too long goes on, and its end is not waited for. */
  async run<Result>(what: string, call: () => Result | Promise<Result>): Promise<Result> {
    const { clock, limitMs } = this.#options;
    const [may, breaker] = mayAsk(this.#breaker, clock.monotonicMs(), limitMs);
    this.#breaker = breaker;
    if (!may) throw REFUSED;
    try {
      const result = await this.#inTime(what, call());
      this.#breaker = CLOSED;
      return result;
    } catch (error) {
      this.#breaker = afterFailure(this.#breaker, clock.monotonicMs(), clock.random());
      const failure = error instanceof StoreFailure ? error : failedTo(what, error);
      this.#options.report(failure);
      throw failure;
    }
  }

  #inTime<Result>(what: string, asked: Result | Promise<Result>): Result | Promise<Result> {
    if (!(asked instanceof Promise)) return asked;
    const { clock, limitMs } = this.#options;
    return new Promise<Result>((resolve, reject) => {
      const timer = clock.after(
        limitMs,
        () => reject(new StoreFailure(`the cache's store took longer than ${limitMs} ms to ${what}`)),
        true,
      );
      asked.finally(() => timer.cancel()).then(resolve, reject);
    });
  }
}

function failedTo(what: string, cause: unknown): StoreFailure {
  // BentoCache wraps what its driver says.
  const origin = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const why = origin instanceof Error ? origin.message : String(origin);
  return new StoreFailure(`the cache's store failed to ${what}: ${why}`, { cause });
}

/** What was asked of the store, or undefined when it cannot be asked: that has been reported. */
export async function orNothing<Result>(asked: Result | Promise<Result>): Promise<Result | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isStoreFailure(error)) return undefined;
    throw error;
  }
}

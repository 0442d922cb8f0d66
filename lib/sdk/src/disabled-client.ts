import type { AnyRequest, Client, TailfillOptions, UserId } from "./client-type.ts";
import type { Stats } from "./stats.ts";

/** A client that does nothing, for an app without URL or key. */
export class DisabledClient implements Client {
  readonly enabled = false;
  readonly userOf: ((request: AnyRequest) => UserId) | undefined;
  readonly #onError: ((error: unknown) => void) | undefined;

  constructor(options: Pick<TailfillOptions, "user" | "onError">) {
    this.userOf = options.user;
    this.#onError = options.onError;
  }

  record(): void {}

  report(error: unknown): void {
    this.#onError?.(error);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  stats(): Stats {
    return {
      sentBatches: 0,
      sentSamples: 0,
      pendingBatches: 0,
      pendingBytes: 0,
      unreportedLosses: {},
      reportedLosses: {},
      skewMs: null,
      lastFailure: null,
    };
  }
}

import type { Client } from "../client-type.ts";

/** Stands in for the Next.js adapter in the edge runtime, where there is no Node server to watch: it does nothing. */
export function tailfill(): Client {
  const nothing = (): Promise<void> => Promise.resolve();
  return { enabled: false, userOf: undefined, record() {}, report() {}, flush: nothing, stop: nothing, stats };
}

function stats(): ReturnType<Client["stats"]> {
  const counts = { sentBatches: 0, sentSamples: 0, pendingBatches: 0, pendingBytes: 0 };
  return { ...counts, unreportedLosses: {}, reportedLosses: {}, skewMs: null, lastFailure: null };
}

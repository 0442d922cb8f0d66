/** What a client did so far; all counts since its start. */
export interface Stats {
  /** Batches that the server kept, or had kept before. */
  sentBatches: number;
  /** Samples in those batches. */
  sentSamples: number;
  /** Batches that wait in memory, and their bytes on the wire. */
  pendingBatches: number;
  pendingBytes: number;
  /** Losses that no accepted batch has reported yet, by reason. */
  unreportedLosses: Record<string, number>;
  /** Losses that an accepted batch has reported, by reason. */
  reportedLosses: Record<string, number>;
  /** Server's clock minus ours in milliseconds, from the last answer's `Date` (to the second); null before any answer. */
  skewMs: number | null;
  /** Why the last send failed, null when it went well. */
  lastFailure: string | null;
}

import { HISTORY_AFTER_SECONDS, LONGEST_KEPT_SECONDS } from "../../store/tiers.ts";
import { type Batch, encodeBatch, isReserved, packBatches, type Rejection } from "../../wire/index.ts";
import { builtShape, lossesOf } from "../shape.ts";

/** Windows of a chunk of history, on their way to being stored. */
export class HistoryWindows {
  /** Histograms that are kept. */
  accepted = 0;
  readonly rejected: Rejection[] = [];
  private readonly batches: Uint8Array[] = [];

  constructor(private readonly nowMs: number) {}

  /** Takes a window in, or says why not. What of it could not be read was rejected before, and counts as a loss with it. */
  add(batch: Batch, { path, unkept }: { path: string; unkept: { requests: number; entries: number } }): void {
    const reason = this.outOfTime(batch.window);
    if (reason !== null) return void this.rejected.push({ path, reason });
    for (const [place, { method }] of batch.endpoints.entries())
      if (isReserved(method)) this.rejected.push({ path: `${path}.endpoints[${place}].method`, reason: "reserved" });
    const own = { ...batch, endpoints: batch.endpoints.filter(({ method }) => !isReserved(method)) };
    const shape = builtShape({ batch: own, rejected: [], unkept, asSent: false });
    for (const [loss, count] of lossesOf(shape))
      if (loss !== "wide_window") own.losses.set(loss, (own.losses.get(loss) ?? 0) + count); // history is told by the hour
    this.accepted += shape.histograms;
    this.batches.push(encodeBatch(own));
  }

  packed(): Uint8Array {
    return packBatches(this.batches);
  }

  private outOfTime({ startMs, seconds }: Batch["window"]): string | null {
    if (startMs + seconds * 1_000 > this.nowMs - HISTORY_AFTER_SECONDS * 1_000) return "too_recent";
    return startMs < this.nowMs - LONGEST_KEPT_SECONDS * 1_000 ? "too_old" : null;
  }
}

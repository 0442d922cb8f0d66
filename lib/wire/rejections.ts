import type { Rejection, Unkept } from "./batch.ts";

/** What of a batch is not kept, gathered while the batch is read. */
export class Rejections {
  readonly listed: Rejection[] = [];
  readonly unkept: Unkept = { requests: 0, entries: 0 };

  /** Adds a part of the batch. `requests`: how many it holds; `null` when that cannot be known. */
  add(path: string, reason: string, requests: number | null): null {
    this.listed.push({ path, reason });
    this.count(requests);
    return null;
  }

  /** Counts what is within a part that is listed already. */
  count(requests: number | null): void {
    if (requests === null) this.unkept.entries++;
    else this.unkept.requests += requests;
  }
}

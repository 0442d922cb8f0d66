import { systemClock } from "../clock.ts";
import { config } from "../config.ts";
import { type ErrorCode, TailfillError } from "../errors.ts";
import { db } from "../store/db.ts";
import { DiskWatch } from "../store/disk.ts";
import { accept, type Accepted, type IngestContext } from "./accept.ts";
import { acceptHlog, type HlogQuestion } from "./history/accept-hlog.ts";
import { acceptImport, type Imported, importProgress } from "./history/accept-import.ts";
import type { SourceName } from "./history/source.ts";
import { acceptInsight, type InsightAccepted } from "./insight/take-insight.ts";
import type { Exported } from "./otlp/store-export.ts";
import { acceptMetrics } from "./otlp/take-metrics.ts";
import { acceptTraces } from "./otlp/take-traces.ts";
import { Refusals } from "./refusals.ts";
import { acceptReport, type ReportAccepted } from "./take-report.ts";
import { TokenBuckets } from "./token-bucket.ts";

type Accept<T> = (request: Request, context: IngestContext) => Promise<T>;

/** Ample: an SDK sends a batch in 10 s, so this is thousands of instances with one key. */
const RATE = { perSecond: 500, burst: 2_000 };
/** Requests in hand at the same time; each may take some megabytes. */
const MOST_IN_HAND = 32;

/** What ingest keeps in a process. */
class Ingest {
  private readonly buckets = new TokenBuckets(RATE);
  private readonly disk = new DiskWatch(config().embedded ? config().dataDir : undefined, systemClock);
  private readonly refusals = new Refusals(db, systemClock);
  private inHand = 0;

  async take<T>(request: Request, keyId: string, accept: Accept<T>): Promise<T> {
    if (this.inHand >= MOST_IN_HAND)
      throw new TailfillError("overloaded", "Too many batches arrive at once.", { retryAfterSeconds: 1 });
    this.inHand++;
    try {
      return await accept(request, { db: db(), clock: systemClock, disk: this.disk, buckets: this.buckets, keyId });
    } finally {
      this.inHand--;
    }
  }

  refused(code: ErrorCode): void {
    this.refusals.count(code);
  }

  flush(): Promise<void> {
    return this.refusals.flush();
  }
}

// One for each copy of this module: errors of one copy are not instances of another's class.
let own: Ingest | undefined;
const ingest = (): Ingest => (own ??= new Ingest());

/** Takes in a batch for a key whose scope was checked. @throws TailfillError for what is refused */
export function takeBatch(request: Request, keyId: string): Promise<Accepted> {
  return ingest().take(request, keyId, accept);
}

/** Takes in a report of prefill decisions for a key whose scope was checked. @throws TailfillError for what is refused */
export function takeReport(request: Request, keyId: string): Promise<ReportAccepted> {
  return ingest().take(request, keyId, acceptReport);
}

/** Takes in a report of databases for a key whose scope was checked. @throws TailfillError for what is refused */
export function takeInsight(request: Request, keyId: string): Promise<InsightAccepted> {
  return ingest().take(request, keyId, acceptInsight);
}

/** Takes in metrics by OTLP for a key whose scope was checked. @throws TailfillError for what is refused */
export function takeMetrics(request: Request, keyId: string): Promise<Exported> {
  return ingest().take(request, keyId, acceptMetrics);
}

/** Takes in spans by OTLP for a key whose scope was checked. @throws TailfillError for what is refused */
export function takeTraces(request: Request, keyId: string): Promise<Exported> {
  return ingest().take(request, keyId, acceptTraces);
}

/** Takes in a chunk of history for a key whose scope was checked. @throws TailfillError for what is refused */
export function takeImport(request: Request, keyId: string): Promise<Imported> {
  return ingest().take(request, keyId, acceptImport);
}

/** Takes in an HdrHistogram log for a key whose scope was checked. @throws TailfillError for what is refused */
export function takeHlog(request: Request, keyId: string, question: HlogQuestion): Promise<Imported> {
  return ingest().take(request, keyId, (one, context) => acceptHlog(one, question, context));
}

/** How far a source of history was imported. */
export function progressOf(about: SourceName): ReturnType<typeof importProgress> {
  return importProgress({ db: db() }, about);
}

/** Counts a request that was refused whole. */
export function countRefusal(code: ErrorCode): void {
  ingest().refused(code);
}

/** Writes the counts of refused requests that are not written yet: at the end of a process. Never throws. */
export async function flushRefusals(): Promise<void> {
  await own?.flush();
}

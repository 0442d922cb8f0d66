import type { Clock } from "../clock.ts";
import type { ErrorCode } from "../errors.ts";
import { log } from "../log.ts";
import type { Db } from "../store/db.ts";
import { addRefusals, type RefusalOf } from "../store/losses.ts";

const FLUSH_MS = 5_000;
const MINUTE_MS = 60_000;
/** Minutes kept while the database is down: older ones are added to the oldest that is kept. */
const MOST_MINUTES = 60;

/**
 * Counts requests that were refused whole, by minute and code, and writes the counts every few seconds: a flood of bad
 * requests costs the database one small write. What cannot be written is kept for the next time.
 */
export class Refusals {
  private minutes = new Map<number, Map<ErrorCode, number>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: () => Db,
    private readonly clock: Clock,
  ) {}

  count(code: ErrorCode): void {
    this.add(Math.floor(this.clock.now() / MINUTE_MS) * MINUTE_MS, code, 1);
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Writes what has been counted. Never throws. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const counted = this.minutes;
    this.minutes = new Map();
    const rows = rowsOf(counted);
    try {
      await addRefusals(this.db(), rows);
    } catch (error) {
      log("ingest").warn({ err: error }, "counts of refused requests could not be written yet");
      for (const { atMs, code, count } of rows) this.add(atMs, code as ErrorCode, count);
      this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
    }
  }

  private add(minuteMs: number, code: ErrorCode, count: number): void {
    const full = this.minutes.size >= MOST_MINUTES && !this.minutes.has(minuteMs);
    const minute = full ? this.minutes.keys().next().value! : minuteMs;
    const codes = this.minutes.get(minute) ?? new Map<ErrorCode, number>();
    this.minutes.set(minute, codes.set(code, (codes.get(code) ?? 0) + count));
  }
}

function rowsOf(minutes: ReadonlyMap<number, ReadonlyMap<ErrorCode, number>>): RefusalOf[] {
  return [...minutes].flatMap(([atMs, codes]) => [...codes].map(([code, count]) => ({ atMs, code, count })));
}

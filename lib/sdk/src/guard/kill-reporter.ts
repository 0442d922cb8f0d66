import type { KillReport } from "../../../wire/index.ts";
import { batchId } from "../batch-id.ts";
import type { InsightLog } from "../insight/insight-log.ts";
import type { GuardOutcome, GuardRecord } from "./record.ts";

/** How long a signal waits for the server to have its record. Without a server the statement would run on. */
const BEFORE_SIGNAL_MS = 1_000;

/** Tells the tailfill server what a guard does. Nothing here throws or rejects. */
export class KillReporter {
  readonly #insight: InsightLog;
  readonly #reports = new WeakMap<GuardRecord, KillReport>();

  constructor(insight: InsightLog) {
    this.#insight = insight;
  }

  /** Tells of a signal before it is sent: waits until the server has it, but no longer than a second. */
  async before(record: GuardRecord): Promise<void> {
    this.report(record);
    await this.#insight.flush(BEFORE_SIGNAL_MS).catch(() => undefined);
  }

  report(record: GuardRecord): void {
    const { at, fingerprint, reason, ...rest } = record;
    const id = batchId(Date.parse(at));
    const report: KillReport = { id, ...rest, statement: fingerprint, reason, outcome: null, afterMs: null };
    this.#reports.set(record, report);
    this.#insight.add("kills", report);
  }

  outcome({ record, outcome, afterMs }: GuardOutcome): void {
    const report = this.#reports.get(record);
    if (report !== undefined) this.#insight.add("kills", { ...report, outcome, afterMs });
  }

  /** Sends what waits. */
  async flush(): Promise<void> {
    await this.#insight.flush(BEFORE_SIGNAL_MS).catch(() => undefined);
  }
}

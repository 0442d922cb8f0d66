import type { ClientInside } from "./client-inside.ts";
import type { TailfillOptions, UserId } from "./client-type.ts";
import { type RecordMany, StatementRecorder } from "./database/statement-recorder.ts";
import { InsightLog } from "./insight/insight-log.ts";
import { createPoster } from "./post.ts";
import { sourceOf } from "./prefill/source.ts";
import type { Parts } from "./running-client.ts";

const SEND_TIMEOUT_MS = 5_000;

/** What other parts of the SDK find in a client that runs. What few apps need is made when it is needed. */
export class Inside implements ClientInside {
  readonly settings: ClientInside["settings"];
  readonly pseudonymKey: TailfillOptions["pseudonymKey"];
  readonly clock: ClientInside["clock"];
  listener: ClientInside["listener"] = undefined;
  prefill: ClientInside["prefill"] = undefined;
  readonly #parts: Parts;
  readonly #recordMany: RecordMany;
  readonly #nameOf: (user: UserId) => string | undefined;
  #insight: InsightLog | undefined;
  #statements: StatementRecorder | undefined;

  constructor(parts: Parts, recordMany: RecordMany, nameOf: (user: UserId) => string | undefined) {
    this.settings = parts.settings;
    this.clock = parts.clock;
    this.pseudonymKey = parts.options.pseudonymKey;
    this.#parts = parts;
    this.#recordMany = recordMany;
    this.#nameOf = nameOf;
  }

  get insight(): InsightLog {
    return (this.#insight ??= this.#openInsight());
  }

  get statements(): StatementRecorder {
    return (this.#statements ??= this.#openStatements());
  }

  /** Sends what there is to tell; nothing when there never was anything. */
  async flush(deadlineMs: number): Promise<void> {
    await this.#insight?.flush(deadlineMs);
  }

  async stop(deadlineMs: number): Promise<void> {
    await this.#insight?.stop(deadlineMs);
  }

  #openStatements(): StatementRecorder {
    const { insight, clock } = this;
    return new StatementRecorder({ record: this.#recordMany, nameOf: this.#nameOf, insight, clock });
  }

  #openInsight(): InsightLog {
    const { clock, warn, options } = this.#parts;
    const { apiUrl, apiKey, service, environment, instance } = sourceOf(this.settings);
    const url = new URL("insight/report", apiUrl);
    const poster = createPoster({ url, apiKey, mediaType: "application/json", timeoutMs: SEND_TIMEOUT_MS, clock });
    const report = (error: unknown) => options.onError?.(error);
    return new InsightLog({ poster, clock, source: { service, environment, instance }, warn, report });
  }
}

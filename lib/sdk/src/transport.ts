import { judge, type PostResult, type Verdict } from "./answer.ts";
import { backlogGapMs, httpDateMs, retryAfterMs, retryDelayMs } from "./backoff.ts";
import type { Clock, Timer } from "./clock.ts";
import type { Losses } from "./losses.ts";
import type { Poster } from "./post.ts";

/** A batch ready for the wire. It never changes, so that a second try sends the same bytes under the same id. */
export interface Outgoing {
  body: Uint8Array;
  samples: number;
  /** The losses that it reports. */
  losses: ReadonlyMap<string, number>;
  /** It waits until then, by the monotonic clock, unless it is flushed. */
  notBeforeMs?: number;
}

export interface TransportOptions {
  poster: Poster;
  clock: Clock;
  losses: Losses;
  windowSeconds: number;
  /** Most bytes of batches kept in memory. */
  maxBytes: number;
  /** Told once of each thing that a person should know. */
  warn: (code: string, message: string) => void;
  /** Told of errors in timers; see `onError`. */
  report: (error: unknown) => void;
}

/** A backlog of so few batches is no backlog: an ordinary window, split, plus the one under way. */
const NO_BACKLOG = 2;

/** No send before `atMs` of the monotonic clock: the server named it, a send failed, or a backlog is worked off slowly. */
interface Gate {
  atMs: number;
  why: "told" | "backoff" | "pace";
}

/** Sends batches, oldest first, one at a time, and keeps those that may still arrive. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #queue: Outgoing[] = [];
  #bytes = 0;
  #sending: Promise<Verdict> | undefined;
  #timer: Timer | undefined;
  #failures = 0;
  #gate: Gate = { atMs: -Infinity, why: "pace" };
  #flushing = 0;
  #stopped = false;
  #sentBatches = 0;
  #sentSamples = 0;
  #skewMs: number | null = null;
  #lastFailure: string | null = null;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  get stats() {
    return {
      sentBatches: this.#sentBatches,
      sentSamples: this.#sentSamples,
      pendingBatches: this.#queue.length,
      pendingBytes: this.#bytes,
      skewMs: this.#skewMs,
      lastFailure: this.#lastFailure,
    };
  }

  /** Takes a batch over. The oldest waiting ones make room; the one under way stays, since it may arrive. */
  enqueue(batch: Outgoing): void {
    if (this.#stopped) return this.#lose(batch, "send_failed");
    const { notBeforeMs } = batch;
    if (this.#queue.length === 0 && this.#waitMs() <= 0 && notBeforeMs !== undefined)
      this.#gate = { atMs: notBeforeMs, why: "pace" };
    this.#queue.push(batch);
    this.#bytes += batch.body.byteLength;
    while (this.#bytes > this.#options.maxBytes && this.#dropOldestWaiting());
    if (this.#timer === undefined) this.#schedule();
  }

  /**
   * Sends what waits until nothing does or a send fails, for at most `deadlineMs`, during which the process stays alive.
   *
   * @param tryAnyway also when a back-off of our own is not over; a `Retry-After` holds in any case
   */
  async flush(deadlineMs: number, tryAnyway: boolean): Promise<void> {
    if (this.#stopped) return;
    this.#flushing++;
    let late: Timer | undefined;
    const deadline = new Promise<void>((resolve) => {
      late = this.#options.clock.after(deadlineMs, resolve, true);
    });
    await Promise.race([this.#drain(tryAnyway), deadline]);
    late?.cancel();
    this.#flushing--;
    this.#schedule();
  }

  /** Ends sending for good. What waits is lost. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#timer?.cancel();
    this.#options.poster.close();
    for (const batch of this.#queue.splice(0)) this.#lose(batch, "send_failed");
    this.#bytes = 0;
  }

  async #drain(tryAnyway: boolean): Promise<void> {
    while (this.#queue.length > 0 && !this.#stopped) {
      if (this.#sending === undefined && this.#holdsBack(tryAnyway)) return;
      const verdict = await (this.#sending ?? this.#send());
      if (verdict.kind === "retry" || this.#flushing === 0) return;
    }
  }

  #holdsBack(tryAnyway: boolean): boolean {
    if (this.#waitMs() <= 0 || this.#gate.why === "pace") return false;
    return this.#gate.why === "told" || !tryAnyway;
  }

  #waitMs(): number {
    return this.#gate.atMs - this.#options.clock.monotonicMs();
  }

  /** Arms the one timer for the next send, or sends now. A flush sends by itself. */
  #schedule(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#stopped || this.#sending || this.#flushing > 0 || this.#queue.length === 0) return;
    const waitMs = this.#waitMs();
    if (waitMs <= 0) return void this.#send().catch(this.#options.report);
    this.#timer = this.#options.clock.after(waitMs, () => {
      this.#timer = undefined;
      this.#schedule();
    });
  }

  #send(): Promise<Verdict> {
    const batch = this.#queue[0]!;
    this.#sending = this.#options.poster.post(batch.body).then((result) => {
      this.#sending = undefined;
      const verdict = this.#settle(batch, result);
      this.#schedule();
      return verdict;
    });
    return this.#sending;
  }

  #settle(batch: Outgoing, result: PostResult): Verdict {
    const verdict = judge(result);
    if (this.#stopped) return verdict;
    this.#noteSkew(result);
    this.#lastFailure = failureOf(result, verdict);
    if (verdict.kind === "retry") {
      this.#failures++;
      this.#close(this.#toldMs(result));
      return verdict;
    }
    this.#failures = 0;
    this.#queue.shift();
    this.#bytes -= batch.body.byteLength;
    if (verdict.kind === "kept") this.#count(batch, verdict.rejected);
    else this.#lose(batch, verdict.reason);
    this.#warnAbout(result, verdict);
    this.#gate = { atMs: this.#options.clock.monotonicMs() + this.#gapMs(), why: "pace" };
    return verdict;
  }

  #close(toldMs: number | null): void {
    const delayMs = retryDelayMs(this.#failures, toldMs, this.#options.clock);
    this.#gate = { atMs: this.#options.clock.monotonicMs() + delayMs, why: toldMs === null ? "backoff" : "told" };
  }

  #gapMs(): number {
    const { clock, windowSeconds } = this.#options;
    return this.#queue.length > NO_BACKLOG ? backlogGapMs(windowSeconds, clock.random()) : 0;
  }

  #toldMs(result: PostResult): number | null {
    if (result.kind === "fault") return null;
    // A date is compared with the server's own clock when it tells it: ours may be wrong.
    const serverMs = httpDateMs(result.date ?? "");
    return retryAfterMs(result.retryAfter, Number.isNaN(serverMs) ? this.#options.clock.wallMs() : serverMs);
  }

  #noteSkew(result: PostResult): void {
    const serverMs = result.kind === "answer" ? httpDateMs(result.date ?? "") : Number.NaN;
    if (!Number.isNaN(serverMs)) this.#skewMs = Math.round(serverMs - this.#options.clock.wallMs());
  }

  #count(batch: Outgoing, rejected: number): void {
    this.#sentBatches++;
    this.#sentSamples += batch.samples;
    this.#options.losses.delivered(batch.losses);
    this.#options.losses.add("rejected", rejected);
  }

  #lose(batch: Outgoing, reason: string): void {
    this.#options.losses.add(reason, batch.samples);
    this.#options.losses.returned(batch.losses);
  }

  #dropOldestWaiting(): boolean {
    const index = this.#sending ? 1 : 0;
    const [batch] = this.#queue.splice(index, 1);
    if (batch === undefined) return false;
    this.#bytes -= batch.body.byteLength;
    this.#lose(batch, "buffer_full");
    return true;
  }

  #warnAbout(result: PostResult, verdict: Verdict): void {
    if (result.kind === "fault") return;
    const { status } = result;
    if (status === 401 || status === 403) {
      this.#options.warn(
        "key",
        `the server refuses the API key (HTTP ${status}); nothing is kept until it is replaced`,
      );
    } else if (status >= 300 && status < 400) {
      this.#options.warn("redirect", `the server redirects (HTTP ${status}); set the url to where it really is`);
    } else if (status >= 200 && status < 300 && verdict.kind === "lost") {
      this.#options.warn("answer", "the answer is none of a tailfill server, so nothing is kept; is the url right?");
    }
  }
}

function failureOf(result: PostResult, verdict: Verdict): string | null {
  if (verdict.kind === "kept") return null;
  if (result.kind === "fault") return result.message;
  return result.status < 300 ? `HTTP ${result.status}, by none that is tailfill` : `HTTP ${result.status}`;
}

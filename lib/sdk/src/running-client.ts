import { BATCH_MEDIA_TYPE, isReserved, JOB_METHOD } from "../../wire/index.ts";
import type { BatchHeader, CachePart, Outcome, RecordedWindow } from "../../wire/index.ts";
import { batchId } from "./batch-id.ts";
import { INSIDE } from "./client-inside.ts";
import type { AnyRequest, Client, TailfillOptions, UserId } from "./client-type.ts";
import type { Clock } from "./clock.ts";
import type { RecordMany } from "./database/statement-recorder.ts";
import type { Settings } from "./environment.ts";
import { Inside } from "./inside.ts";
import { Losses } from "./losses.ts";
import { packWindow } from "./pack.ts";
import { createPoster } from "./post.ts";
import { Recorder } from "./recorder/recorder.ts";
import type { Stats } from "./stats.ts";
import { Transport } from "./transport.ts";
import { createNamer } from "./user-name.ts";
import { WindowClock } from "./window-clock.ts";

const PENDING_BYTES = 8 * 1024 * 1024;
const SEND_TIMEOUT_MS = 5_000;
const FLUSH_DEADLINE_MS = 10_000;
const STOP_DEADLINE_MS = 5_000;
/** Windows end at the same moment in all processes: each sends at a moment of its own, within this part of a window. */
const SPREAD_SHARE = 1 / 5;
/** Windows that wait to be encoded; more of them mean that the process is starved of time. */
const MOST_UNPACKED = 4;

export interface Parts {
  settings: Settings & { ingestUrl: URL; apiKey: string };
  options: TailfillOptions;
  clock: Clock;
  warn: (code: string, message: string) => void;
  /** Told once, when the client has stopped. */
  stopped: () => void;
}

/** Records, closes windows, packs them, hands them to the transport. */
export class RunningClient implements Client {
  readonly enabled = true;
  readonly userOf: ((request: AnyRequest) => UserId) | undefined;
  readonly [INSIDE]: Inside;
  readonly #parts: Parts;
  readonly #recorder = new Recorder();
  readonly #losses = new Losses();
  readonly #transport: Transport;
  readonly #windows: WindowClock;
  readonly #spreadMs: number;
  readonly #nameOf: (user: UserId) => string | undefined;
  #packing: Promise<void> = Promise.resolve();
  #unpacked = 0;
  #stopping: Promise<void> | undefined;

  constructor(parts: Parts) {
    const { settings, options, clock, warn } = parts;
    this.#parts = parts;
    this.userOf = options.user;
    this.#nameOf = createNamer(options.pseudonymKey, warn);
    const recordMany: RecordMany = (...sample) => {
      if (this.#stopping === undefined) this.#recorder.recordMany(...sample);
    };
    this[INSIDE] = new Inside(parts, recordMany, this.#nameOf);
    const { ingestUrl: url, apiKey, windowSeconds } = settings;
    this.#spreadMs = clock.random() * windowSeconds * 1000 * SPREAD_SHARE;
    this.#transport = new Transport({
      poster: createPoster({ url, apiKey, mediaType: BATCH_MEDIA_TYPE, timeoutMs: SEND_TIMEOUT_MS, clock }),
      clock,
      losses: this.#losses,
      windowSeconds,
      maxBytes: PENDING_BYTES,
      warn,
      report: (error) => this.report(error),
    });
    this.#windows = new WindowClock(clock, windowSeconds, (startMs) => this.#close(startMs));
  }

  // oxlint-disable-next-line max-params -- see Client
  record(method: string, route: string, outcome: Outcome, latencyUs: number, user?: UserId, part?: CachePart): void {
    if (this.#stopping) return;
    try {
      this.#recorder.record(method, route, outcome, latencyUs, this.#nameOf(user), part);
      const { listener } = this[INSIDE];
      if (listener !== undefined && isByUser(method)) listener(method, route, outcome, latencyUs, user);
    } catch (error) {
      this.report(error);
    }
  }

  report(error: unknown): void {
    this.#parts.options.onError?.(error);
  }

  async flush(): Promise<void> {
    if (this.#stopping) return this.#stopping;
    await this.#flush(FLUSH_DEADLINE_MS, false);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** The last chance of a process that ends by itself: what waits, but no longer than `deadlineMs`. */
  async flushBeforeExit(deadlineMs: number): Promise<void> {
    if (!this.#stopping) await this.#flush(deadlineMs, false);
  }

  stats(): Stats {
    const { unreported: unreportedLosses, reported: reportedLosses } = this.#losses;
    return { ...this.#transport.stats, unreportedLosses, reportedLosses };
  }

  async #flush(deadlineMs: number, tryAnyway: boolean): Promise<void> {
    try {
      this.#windows.cut();
      await this.#packing;
      await Promise.all([this.#transport.flush(deadlineMs, tryAnyway), this[INSIDE].flush(deadlineMs)]);
    } catch (error) {
      this.report(error);
    }
  }

  async #stop(): Promise<void> {
    try {
      this.#windows.stop();
      await this.#packing;
      await Promise.all([this.#transport.flush(STOP_DEADLINE_MS, true), this[INSIDE].stop(STOP_DEADLINE_MS)]);
    } catch (error) {
      this.report(error);
    }
    this.#transport.stop();
    this.#parts.stopped();
  }

  /** Called by a timer and by flushes: guarded. */
  #close(startMs: number): void {
    try {
      const window = this.#recorder.swap();
      this.#losses.addAll(window.losses);
      if (window.samples === 0 && !this.#losses.any) return;
      if (this.#unpacked >= MOST_UNPACKED) return this.#losses.add("buffer_full", window.samples);
      this.#unpacked++;
      const notBeforeMs = this.#parts.clock.monotonicMs() + this.#spreadMs;
      this.#packing = this.#packing
        .then(() => this.#pack(window, { startMs, notBeforeMs }))
        .catch((error) => this.report(error));
    } catch (error) {
      this.report(error);
    }
  }

  async #pack(
    window: RecordedWindow,
    { startMs, notBeforeMs }: { startMs: number; notBeforeMs: number },
  ): Promise<void> {
    const losses = this.#losses.take();
    try {
      const batches = await packWindow(window, { header: () => this.#header(startMs), losses });
      for (const batch of batches) this.#transport.enqueue({ ...batch, notBeforeMs });
    } catch (error) {
      this.#losses.returned(losses);
      this.#losses.add("internal", window.samples);
      throw error;
    } finally {
      this.#unpacked--;
    }
  }

  #header(startMs: number): BatchHeader {
    const { service, environment, instance, release, windowSeconds } = this.#parts.settings;
    return {
      batch: batchId(this.#parts.clock.wallMs()),
      service,
      environment,
      instance,
      ...(release === undefined ? {} : { release }),
      window: { startMs, seconds: windowSeconds },
    };
  }
}

/** Whether what is recorded under this method is a request, by which a user shows up. A job may run while they sleep. */
function isByUser(method: string): boolean {
  return method !== JOB_METHOD && !isReserved(method);
}

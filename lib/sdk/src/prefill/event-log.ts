import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { DefinitionReport, PrefillEvent, PrefillReport } from "../../../wire/index.ts";
import type { Clock, Timer } from "../clock.ts";
import { Losses } from "../losses.ts";
import type { Poster } from "../post.ts";
import { Transport } from "../transport.ts";

/** Events wait this long for others to travel with, unless so many wait. */
const GATHER_MS = 2_000;
const GATHERED = 500;
/** Most events that wait to be packed, and most bytes of packed ones that wait to be sent. */
const MOST_WAITING = 20_000;
const PENDING_BYTES = 4 * 1024 * 1024;
/** What the server takes in one body is 1 MiB, packed or not. */
const MOST_BODY_BYTES = 1024 * 1024 - 4096;
/** Definitions are told again this often: the report that told them may have been lost. */
const TELL_AGAIN_MS = 600_000;
const FLUSH_DEADLINE_MS = 5_000;

const gzipOffThread = promisify(gzip);

export interface EventLogOptions {
  poster: Poster;
  clock: Clock;
  source: Pick<PrefillReport, "service" | "environment" | "instance">;
  /** What is defined now. */
  definitions: () => DefinitionReport[];
  warn: (code: string, message: string) => void;
  report: (error: unknown) => void;
}

/** Takes events at once, and sends them in batches, in order, as batches of latencies are sent. */
export class EventLog {
  readonly #options: EventLogOptions;
  readonly #losses = new Losses();
  readonly #transport: Transport;
  #waiting: PrefillEvent[] = [];
  #timer: Timer | undefined;
  #packing: Promise<void> = Promise.resolve();
  #told = "";
  #toldAtMs = -Infinity;
  #stopped = false;

  constructor(options: EventLogOptions) {
    this.#options = options;
    const { poster, clock, warn, report } = options;
    const losses = this.#losses;
    const windowSeconds = GATHER_MS / 1000;
    this.#transport = new Transport({ poster, clock, losses, windowSeconds, maxBytes: PENDING_BYTES, warn, report });
  }

  /** Logs an event. What it tells of may be done once this has returned. */
  add(event: PrefillEvent): void {
    if (this.#stopped || this.#waiting.length >= MOST_WAITING) return this.#losses.add("buffer_full", 1);
    this.#waiting.push(event);
    if (this.#waiting.length === GATHERED) this.#pack();
    else this.#gather();
  }

  /** Tells what is defined, soon, if that has changed. */
  tellDefinitions(): void {
    this.#gather();
  }

  get stats() {
    const { sentSamples, pendingBatches, lastFailure } = this.#transport.stats;
    const lost = Object.values(this.#losses.unreported).reduce((sum, count) => sum + count, 0);
    return { sent: sentSamples, waiting: this.#waiting.length, pendingBatches, lost, lastFailure };
  }

  /** Sends what waits, for at most 5 s. */
  async flush(deadlineMs = FLUSH_DEADLINE_MS): Promise<void> {
    this.#pack();
    await this.#packing;
    await this.#transport.flush(deadlineMs, true);
  }

  /** Flushes, and takes nothing more. What could not be sent by then is lost, and counted. */
  async stop(): Promise<void> {
    await this.flush();
    this.#stopped = true;
    this.#timer?.cancel();
    this.#transport.stop();
  }

  #gather(): void {
    this.#timer ??= this.#options.clock.after(GATHER_MS, () => this.#pack());
  }

  #pack(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const events = this.#waiting;
    this.#waiting = [];
    const definitions = this.#untold();
    if (events.length === 0 && definitions === undefined) return;
    this.#packing = this.#packing.then(() => this.#packAll(events, definitions)).catch(this.#options.report);
  }

  /** The definitions, when it is time to tell them. */
  #untold(): DefinitionReport[] | undefined {
    const definitions = this.#options.definitions();
    const text = JSON.stringify(definitions);
    const nowMs = this.#options.clock.monotonicMs();
    if (definitions.length === 0 || (text === this.#told && nowMs - this.#toldAtMs < TELL_AGAIN_MS)) return undefined;
    this.#told = text;
    this.#toldAtMs = nowMs;
    return definitions;
  }

  async #packAll(events: readonly PrefillEvent[], definitions: DefinitionReport[] | undefined): Promise<void> {
    const texts = events.map((event) => JSON.stringify(event));
    let first = 0;
    do {
      const head = JSON.stringify({
        v: 1,
        ...this.#options.source,
        ...(first === 0 && definitions ? { definitions } : {}),
      });
      const end = endOfBatch(texts, first, MOST_BODY_BYTES - Buffer.byteLength(head));
      const body = `${head.slice(0, -1)},"events":[${texts.slice(first, end).join(",")}]}`;
      const packed = await gzipOffThread(body, { level: 1 });
      this.#transport.enqueue({ body: packed, samples: end - first, losses: new Map() });
      first = end;
    } while (first < texts.length);
  }
}

/** Where a batch from `first` on has to end, to stay within so many bytes; after one event at least. */
function endOfBatch(texts: readonly string[], first: number, mostBytes: number): number {
  let bytes = 0;
  let end = first;
  while (end < texts.length) {
    bytes += Buffer.byteLength(texts[end]!) + 1;
    if (bytes > mostBytes && end > first) break;
    end++;
  }
  return end;
}

import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { InsightReport, InsightSection, InsightSections } from "../../../wire/index.ts";
import type { Clock, Timer } from "../clock.ts";
import { Losses } from "../losses.ts";
import type { Poster } from "../post.ts";
import { Transport } from "../transport.ts";

/** What is added waits this long for more to travel with. */
const GATHER_MS = 2_000;
/** Running totals are told this often. */
const TOTALS_MS = 30_000;
/** Most entries that wait to be packed, and most bytes of packed ones that wait to be sent. */
const MOST_WAITING = 5_000;
const PENDING_BYTES = 2 * 1024 * 1024;
/** What the server takes in one body is 1 MiB on the wire; entries of one report are at most as many bytes unpacked. */
const MOST_BODY_BYTES = 1024 * 1024 - 4096;
const FLUSH_DEADLINE_MS = 5_000;

const gzipOffThread = promisify(gzip);

export interface InsightLogOptions {
  poster: Poster;
  clock: Clock;
  source: Pick<InsightReport, "service" | "environment" | "instance">;
  warn: (code: string, message: string) => void;
  report: (error: unknown) => void;
}

type Entry = { [Section in InsightSection]: [Section, InsightSections[Section][number]] }[InsightSection];

/** Tells the totals that changed since it was asked last; asked every 30 s, and at a flush. */
export type TotalsSource = (nowMs: number) => readonly Entry[];

/** Takes what the server should know of the app's databases, and sends it in reports. Nothing here throws or waits. */
export class InsightLog {
  readonly #options: InsightLogOptions;
  readonly #losses = new Losses();
  readonly #transport: Transport;
  readonly #sources = new Set<TotalsSource>();
  #waiting: Entry[] = [];
  #soon: Timer | undefined;
  #totals: Timer | undefined;
  #packing: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: InsightLogOptions) {
    this.#options = options;
    const { poster, clock, warn, report } = options;
    const losses = this.#losses;
    const windowSeconds = GATHER_MS / 1_000;
    this.#transport = new Transport({ poster, clock, losses, windowSeconds, maxBytes: PENDING_BYTES, warn, report });
  }

  /** Adds an entry to a section, to be told soon. */
  add(...entry: Entry): void {
    if (this.#stopped || this.#waiting.length >= MOST_WAITING) return this.#losses.add("buffer_full", 1);
    this.#waiting.push(entry);
    this.#soon ??= this.#options.clock.after(GATHER_MS, () => this.#pack());
  }

  /** Has a source of running totals asked from now on. */
  addSource(source: TotalsSource): void {
    this.#sources.add(source);
    this.#totals ??= this.#options.clock.after(TOTALS_MS, () => this.#tellTotals());
  }

  get stats() {
    const { sentSamples: sent, pendingBatches, lastFailure } = this.#transport.stats;
    const lost = Object.values(this.#losses.unreported).reduce((sum, count) => sum + count, 0);
    return { sent, waiting: this.#waiting.length, pendingBatches, lost, lastFailure };
  }

  /** Sends what waits, for at most `deadlineMs`. True when all of it was sent. */
  async flush(deadlineMs = FLUSH_DEADLINE_MS): Promise<boolean> {
    this.#gather();
    this.#pack();
    await this.#packing;
    await this.#transport.flush(deadlineMs, true);
    return this.#transport.stats.pendingBatches === 0;
  }

  /** Flushes, and takes nothing more. What could not be sent by then is lost. */
  async stop(deadlineMs = FLUSH_DEADLINE_MS): Promise<void> {
    await this.flush(deadlineMs);
    this.#stopped = true;
    this.#soon?.cancel();
    this.#totals?.cancel();
    this.#transport.stop();
  }

  #tellTotals(): void {
    this.#totals = undefined;
    if (this.#stopped) return;
    this.#gather();
    this.#pack();
    this.#totals = this.#options.clock.after(TOTALS_MS, () => this.#tellTotals());
  }

  #gather(): void {
    for (const source of this.#sources) {
      try {
        for (const entry of source(this.#options.clock.wallMs())) this.#waiting.push(entry);
      } catch (error) {
        this.#options.report(error);
      }
    }
  }

  #pack(): void {
    this.#soon?.cancel();
    this.#soon = undefined;
    const entries = this.#waiting;
    if (entries.length === 0) return;
    this.#waiting = [];
    this.#packing = this.#packing.then(() => this.#packAll(entries)).catch(this.#options.report);
  }

  async #packAll(entries: readonly Entry[]): Promise<void> {
    for (const part of inParts(entries)) {
      const sections: Partial<Record<InsightSection, unknown[]>> = {};
      for (const [section, entry] of part) (sections[section] ??= []).push(entry);
      const body = JSON.stringify({ v: 1, ...this.#options.source, ...sections });
      this.#transport.enqueue({
        body: await gzipOffThread(body, { level: 1 }),
        samples: part.length,
        losses: new Map(),
      });
    }
  }
}

/** The entries in parts that are each within what one report may hold. */
function inParts(entries: readonly Entry[]): Entry[][] {
  const parts: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const bytes = Buffer.byteLength(JSON.stringify(entry[1])) + 1;
    if (bytes > room || parts.length === 0) {
      parts.push([]);
      room = MOST_BODY_BYTES;
    }
    parts.at(-1)!.push(entry);
    room -= bytes;
  }
  return parts;
}

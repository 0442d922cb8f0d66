import { createHash } from "node:crypto";
import { TailfillError } from "../../errors.ts";
import { LONGEST_KEPT_SECONDS } from "../../store/tiers.ts";
import type { BadLine } from "./entry.ts";
import { HistoryChunk } from "./history-chunk.ts";
import type { LineReader, ReadLine } from "./line-reader.ts";
import type { ImportReport } from "./report.ts";
import type { ImportServer, Place } from "./server.ts";
import type { SourceLine, SourceLines } from "./source-lines.ts";

/** A chunk ends at whichever of these comes first. */
const MOST_SERIES = 10_000;
const MOST_BYTES = 16 << 20;

/** How a source is imported. */
export interface ImportPlan {
  reader: LineReader;
  /** `null`: nothing is sent, it is only told what would be. */
  server: ImportServer | null;
  report: ImportReport;
  nowMs: number;
  /** Lines of before are left out; the first line from `untilMs` on ends the source for now. */
  sinceMs: number;
  untilMs: number;
}

/**
 * Imports one source, from where it was left. Chunks end where known chunks ended, so that what was imported is found again by the
 * digest of everything up to there, whatever the file is called now, and also when it has grown.
 */
export class SourceImport {
  private chunk: HistoryChunk;
  private source = "";
  private known: Place[] = [];
  /** The end of the last chunk. */
  private from: Place | null = null;
  private end = 0;
  /** Whether lines were left out of the chunk, which then can only be one that is known. */
  private isSkimmed = false;
  private bad = new Map<BadLine, number>();
  /** What the line at hand is. */
  private read: ReadLine = null;

  constructor(
    private readonly lines: SourceLines,
    private readonly plan: ImportPlan,
  ) {
    this.chunk = new HistoryChunk(plan.nowMs);
  }

  async run(): Promise<void> {
    for await (const group of this.lines.lines()) {
      if (this.source === "" && group.length > 0) await this.begin(group[0]!);
      for (const line of group) {
        if (this.isTooNew(line)) return this.finish();
        await this.take(line);
      }
    }
    this.plan.report.unfinished += this.lines.unfinished;
    await this.finish();
  }

  private async begin(first: SourceLine): Promise<void> {
    this.source = createHash("sha256").update(first.text).digest("hex");
    this.known = (await this.plan.server?.known(this.source)) ?? [];
  }

  /** Reads a line; whether it is of a time that is left for later. */
  private isTooNew(line: SourceLine): boolean {
    this.read = line.isTooLong ? "too_long" : this.plan.reader.read(line.text);
    if (typeof this.read === "string" || this.read === null || this.read.atMs < this.plan.untilMs) return false;
    this.plan.report.isLeftForLater = true;
    return true;
  }

  private async take({ end }: SourceLine): Promise<void> {
    const knownEnd = this.known[0]?.offset;
    this.takeRead();
    this.end = end;
    if (knownEnd !== undefined && end >= knownEnd) return this.endKnown();
    const { series } = this.chunk;
    if (series < MOST_SERIES && end - (this.from?.offset ?? 0) < MOST_BYTES) return undefined;
    if (knownEnd === undefined) return this.sendChunk();
    this.isSkimmed = true; // what is known ends in one piece: if this is it, nothing of it is needed
    this.chunk = new HistoryChunk(this.plan.nowMs);
    return undefined;
  }

  private takeRead(): void {
    const { read } = this;
    if (read === null) return;
    const problem = typeof read === "string" ? read : this.outOfTime(read.atMs);
    if (problem !== null) this.bad.set(problem, (this.bad.get(problem) ?? 0) + 1);
    else if (typeof read !== "string" && !this.isSkimmed) read.addTo(this.chunk);
  }

  private outOfTime(atMs: number): BadLine | null {
    if (atMs < this.plan.sinceMs) return "before_since";
    return atMs < this.plan.nowMs - LONGEST_KEPT_SECONDS * 1_000 ? "too_old" : null;
  }

  /** A known chunk of some source with the same first line ends here. */
  private async endKnown(): Promise<void> {
    const places = this.known.filter(({ offset }) => offset === this.known[0]!.offset);
    this.known = this.known.slice(places.length);
    const digest = this.lines.digestUpto(this.end);
    if (places.some((place) => place.offset === this.end && place.digest === digest)) {
      this.plan.report.known(this.chunk.requests, this.end - (this.from?.offset ?? 0));
      this.next(digest);
    } else if (this.isSkimmed)
      throw new TailfillError(
        "import_failed",
        "A file with the same first line was imported before, and this one goes on otherwise: import it under another environment.",
      );
  }

  private async finish(): Promise<void> {
    if (this.end > (this.from?.offset ?? 0)) await this.sendChunk();
  }

  private async sendChunk(): Promise<void> {
    const { server, report } = this.plan;
    const digest = this.lines.digestUpto(this.end);
    const to = { offset: this.end, digest };
    if (server !== null) {
      const windows = this.chunk.body();
      const { rejected, duplicate } = await server.send({ source: this.source, from: this.from, to, windows });
      if (duplicate) report.known(this.chunk.requests, this.end - (this.from?.offset ?? 0));
      else report.sent(this.chunk.requests, { bad: this.bad, rejected });
    } else report.sent(this.chunk.requests, { bad: this.bad, rejected: [] });
    this.next(digest);
  }

  private next(digest: string): void {
    this.from = { offset: this.end, digest };
    this.chunk = new HistoryChunk(this.plan.nowMs);
    this.isSkimmed = false;
    this.bad = new Map();
  }
}

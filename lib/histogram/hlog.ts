import { bytesOf } from "./base64.ts";
import { DecodeError } from "./decode-error.ts";
import type { Payload } from "./payload.ts";
import { decodeHistogram, encodeV2Compressed, type InflateBudget } from "./v2.ts";

/** HdrHistogram's log of intervals, version 1.3 as text: a histogram a line, with its time and a tag. */

/** One interval. Times are Unix seconds. */
export interface HlogInterval {
  startSeconds: number;
  seconds: number;
  /** `null`: without. */
  tag: string | null;
  payload: Payload;
}

/** The lines before the intervals of a log that begins at a time. `notes` are told as comments. */
export function hlogHead(startSeconds: number, notes: readonly string[]): string {
  const start = startSeconds.toFixed(3);
  const lines = [
    ...notes.map((note) => `#[${note.replaceAll(/[\r\n]/g, " ")}]`),
    "#[Histogram log format version 1.3]",
    `#[BaseTime: ${start} (seconds since epoch)]`,
    `#[StartTime: ${start} (seconds since epoch), ${new Date(startSeconds * 1_000).toISOString()}]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
  ];
  return `${lines.join("\n")}\n`;
}

/** The line of an interval; its start is told relative to the log's. `maxUs` is told in milliseconds. */
export function hlogLine(
  interval: HlogInterval,
  { baseSeconds, maxUs }: { baseSeconds: number; maxUs: number },
): string {
  const { startSeconds, seconds, tag, payload } = interval;
  const numbers = [startSeconds - baseSeconds, seconds, maxUs / 1_000].map((number) => number.toFixed(3));
  const histogram = Buffer.from(encodeV2Compressed(payload)).toString("base64");
  return `${tag === null ? "" : `Tag=${tag},`}${numbers.join(",")},${histogram}\n`;
}

/** An interval as it was read, and how many of its samples were beyond the layout's range. */
export interface ReadInterval extends HlogInterval {
  count: number;
  overRange: number;
}

/** Why a line of a log is no interval. The list is closed; besides, a histogram may be refused for a `DecodeReason`. */
export type HlogReason = "fields" | "time" | "length";

export class HlogError extends Error {
  constructor(readonly reason: HlogReason) {
    super({ fields: "not four fields", time: "no time", length: "no length of an interval" }[reason]);
    this.name = "HlogError";
  }
}

const LINE = /^(?:Tag=([^,\s]{1,256}),)?([^,]{1,32}),([^,]{1,32}),[^,]{0,32},([^,]+)$/;
const NUMBER = /^\d{1,15}(\.\d{1,12})?$/;
const YEAR_SECONDS = 365 * 86_400;

/** Reads the lines of an UNTRUSTED log, one after another: what comments say of time counts for the lines behind them. */
export class HlogReader {
  private baseSeconds: number | null = null;
  private startSeconds: number | null = null;

  /** @param unitUs what a unit of the log's values is, in microseconds */
  constructor(
    private readonly unitUs = 1,
    private readonly budget?: InflateBudget,
  ) {}

  /** The interval of a line; `null` for a line that is none by right. @throws HlogError, DecodeError */
  read(line: string): ReadInterval | null {
    const text = line.trim();
    if (text === "" || text.startsWith('"StartTimestamp"')) return null;
    if (text.startsWith("#")) return this.comment(text);
    const [, tag, start = "", length = "", histogram] = LINE.exec(text) ?? [];
    if (histogram === undefined) throw new HlogError("fields");
    if (!NUMBER.test(start)) throw new HlogError("time");
    if (!NUMBER.test(length)) throw new HlogError("length");
    const { payload, count, overRange } = decodeHistogram(bytesOf(histogram), this.budget, this.unitUs);
    const startSeconds = this.absolute(Number(start));
    return { startSeconds, seconds: Number(length), tag: tag ?? null, payload, count, overRange };
  }

  private comment(text: string): null {
    const [, name, number] = /^#\[(BaseTime|StartTime): (\d{1,15}(?:\.\d{1,12})?)/.exec(text) ?? [];
    if (name === "BaseTime") this.baseSeconds = Number(number);
    if (name === "StartTime") this.startSeconds = Number(number);
    return null;
  }

  /** Logs without a base are taken as HdrHistogram's readers do: times a year before the start can only be relative to it. */
  private absolute(seconds: number): number {
    if (this.baseSeconds === null) {
      this.startSeconds ??= seconds;
      this.baseSeconds = seconds < this.startSeconds - YEAR_SECONDS ? this.startSeconds : 0;
    }
    return this.baseSeconds + seconds;
  }
}

/** Whether a line was refused for what it is, and not for a failure of ours. */
export const isBadLine = (error: unknown): error is HlogError | DecodeError =>
  error instanceof HlogError || error instanceof DecodeError;

import { TailfillError } from "../errors.ts";
import { isCalendarDate } from "../wire/index.ts";

/** Seconds in the units of a relative time. */
const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const;
const RELATIVE = /^now(?:-(\d{1,9})([smhdw]))?$/;

/** What a time in a question may look like; also the pattern in the API's description. */
export const TIME_PATTERN =
  /^(now(-\d{1,9}[smhdw])?|\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?)$/;

/** Some thousand years from 1970 on: what a Date can tell, with room for adding to it. */
const FURTHEST_MS = 8e15;

const DATE_LENGTH = "2026-11-22".length;

/** Whether a text is `now`, `now-15m` (s, m, h, d, w) or an ISO 8601 time with its offset (or a date: midnight UTC). */
export function isTime(text: string): boolean {
  if (!TIME_PATTERN.test(text) || !(Math.abs(timeOf(text, 0)) < FURTHEST_MS)) return false;
  return isRelative(text) || isCalendarDate(text.slice(0, DATE_LENGTH));
}

export const isRelative = (text: string): boolean => RELATIVE.test(text);

/** The Unix milliseconds that a text stands for; `isTime(text)` must hold. */
export function timeOf(text: string, nowMs: number): number {
  const relative = RELATIVE.exec(text);
  if (relative === null) return Date.parse(text);
  const [, number, unit] = relative;
  if (number === undefined) return nowMs;
  return nowMs - Number(number) * UNITS[unit as keyof typeof UNITS] * 1_000;
}

/** What was asked for, in Unix seconds (not aligned to anything yet). */
export interface AskedRange {
  fromSeconds: number;
  toSeconds: number;
  /** Whether the start moves with the clock: such a range may be widened so that its first step is a whole one. */
  movesWithClock: boolean;
}

/** Nothing is kept for longer: an end further ahead says "no end", and years beyond 9999 have no usual text. */
const NO_END_SECONDS = 400 * 86_400;
/** The first day of the year 100: any start before it says "no start", and a year of less than four digits has no usual text. */
const NO_START_SECONDS = Date.parse("0100-01-01") / 1_000;

/**
 * The range that a question names. An end more than 400 days ahead means now.
 * @throws TailfillError `bad_request` when it does not end after its start.
 */
export function rangeOf(question: { from: string; to: string }, nowMs: number): AskedRange {
  const fromSeconds = Math.max(NO_START_SECONDS, timeOf(question.from, nowMs) / 1_000);
  const endSeconds = timeOf(question.to, nowMs) / 1_000;
  const isEndless = endSeconds > nowMs / 1_000 + NO_END_SECONDS;
  const toSeconds = isEndless ? nowMs / 1_000 : endSeconds;
  if (!(fromSeconds < toSeconds)) {
    const why = isEndless ? "; an end more than 400 days ahead means now" : "";
    const given = `from=${question.from}, to=${question.to}${why}`;
    throw new TailfillError("bad_request", `from: must be before \`to\` (${given}).`);
  }
  return { fromSeconds, toSeconds, movesWithClock: isRelative(question.from) };
}

/** ISO 8601 in UTC, without needless milliseconds. */
export function isoOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace(".000Z", "Z");
}

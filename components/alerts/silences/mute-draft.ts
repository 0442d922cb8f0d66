import type { Zone } from "@/components/format/time";
import { fromWallClock, toWallClock } from "@/components/range/wall-clock";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";

export type Silence = AlertAnswer<"AlertSilence">;
export type Maintenance = AlertAnswer<"AlertMaintenance">;
export type Matcher = Silence["matcher"];

/** What a pattern can be about, in the order in which it is asked and told. */
export const PATTERNS = ["rule", "service", "environment", "endpoint", "user"] as const;
export type Pattern = (typeof PATTERNS)[number];
export type Patterns = Record<Pattern, string>;

export const patternsOf = (matcher: Matcher): Patterns =>
  Object.fromEntries(PATTERNS.map((one) => [one, matcher[one] ?? ""])) as Patterns;

/** Fields that are left empty match everything. */
export function matcherOf(patterns: Patterns): Matcher {
  const given = PATTERNS.map((one) => [one, patterns[one].trim()] as const).filter(([, text]) => text !== "");
  return Object.fromEntries(given) as Matcher;
}

/** How long a silence is, from when it is made; `until`: to a time that is given. */
export const LENGTHS = [
  { value: "1h", label: "1 h", ms: 3_600_000 },
  { value: "4h", label: "4 h", ms: 4 * 3_600_000 },
  { value: "1d", label: "1 d", ms: 86_400_000 },
  { value: "until", label: "until…", ms: 0 },
] as const;
export type Length = (typeof LENGTHS)[number]["value"];

export interface SilenceDraft {
  patterns: Patterns;
  reason: string;
  length: Length;
  /** As `datetime-local` has them, in the reader's clock; an empty `from` is now. */
  from: string;
  to: string;
}

/** When what is asked for is read: the server's time, and the reader's zone. */
export interface When {
  nowMs: number;
  zone: Zone;
}

export function newSilenceDraft(matcher: Matcher, { nowMs, zone }: When): SilenceDraft {
  const to = toWallClock(nowMs + LENGTHS[0].ms, zone);
  return { patterns: patternsOf(matcher), reason: "", length: "1h", from: "", to };
}

export function silenceDraftOf({ matcher, reason, from, to }: Silence, zone: Zone): SilenceDraft {
  const times = { from: toWallClock(Date.parse(from), zone), to: toWallClock(Date.parse(to), zone) };
  return { patterns: patternsOf(matcher), reason, length: "until", ...times };
}

/** What makes a silence. A time that is not filled in is sent as it is: the server says what it wants. */
export function newSilence({ patterns, reason, length, from, to }: SilenceDraft, { nowMs, zone }: When): object {
  const what = { matcher: matcherOf(patterns), reason };
  if (length === "until") return { ...what, ...(from === "" ? {} : { from: isoOf(from, zone) }), to: isoOf(to, zone) };
  const { ms } = LENGTHS.find(({ value }) => value === length)!;
  return { ...what, to: new Date(nowMs + ms).toISOString() };
}

/** What changes a silence. A time that was not touched stays to the second. */
export function silenceChanges(silence: Silence, draft: SilenceDraft, zone: Zone): object {
  const before = silenceDraftOf(silence, zone);
  const { patterns, reason, from, to } = draft;
  return {
    matcher: matcherOf(patterns),
    reason,
    ...(from === before.from ? {} : { from: isoOf(from, zone) }),
    ...(to === before.to ? {} : { to: isoOf(to, zone) }),
  };
}

export function isoOf(text: string, zone: Zone): string {
  const atMs = fromWallClock(text, zone);
  return atMs === null ? text : new Date(atMs).toISOString();
}

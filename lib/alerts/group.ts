import { SET_BACK_MS } from "./closed.ts";

/** What fired together, as far as telling is concerned. Times are Unix milliseconds. */
export interface OpenIncident {
  openedAtMs: number;
  /** When receivers were told last; `null`: not yet. */
  toldAtMs: number | null;
  /** The members that they were told of. */
  told: readonly string[];
  acknowledgedAtMs: number | null;
  waitSeconds: number;
  intervalSeconds: number;
  repeatSeconds: number;
}

export interface GroupMember {
  key: string;
  firing: boolean;
  /** Silenced, or in maintenance. */
  muted: boolean;
}

export type Telling = "opened" | "updated" | "repeated" | "resolved";

export interface GroupDecision {
  /** What receivers are told now; `null`: nothing. */
  tell: Telling | null;
  /** Whether the incident is over. */
  closes: boolean;
}

/** What receivers were told of and what still fires: what fires again after it was over is new to them. Pure. */
export function stillTold(told: readonly string[], members: readonly GroupMember[]): string[] {
  const firing = new Set(members.filter((member) => member.firing).map(({ key }) => key));
  return told.filter((key) => firing.has(key));
}

/** Rounds come every ten seconds, not to the millisecond: what is due within this is due. */
const SLACK_MS = 2_500;

/**
 * Pure. Whether receivers are told something of an incident at a time.
 * - What opens waits a little for what else fires. What is over by then was never told, and is not told.
 * - New members are told, but not more often than once an interval.
 * - While it goes on, it is repeated, unless somebody has acknowledged it.
 * - The end is told at once, to whoever was told the beginning, muted or not: nothing of theirs may stay open for ever.
 * - What is muted is not told of. When it is no longer, and still fires, it is as if it had fired just now.
 */
export function decideGroup(incident: OpenIncident, members: readonly GroupMember[], nowMs: number): GroupDecision {
  const { toldAtMs, acknowledgedAtMs } = incident;
  if (!members.some(({ firing }) => firing)) return { tell: toldAtMs === null ? null : "resolved", closes: true };
  const audible = members.filter(({ firing, muted }) => firing && !muted);
  const isDue = (fromMs: number, seconds: number) => nowMs + SLACK_MS >= fromMs + seconds * 1_000;
  // What is said to have been in time to come was before the clock was set back: nobody knows how long ago, and news is not held up.
  const isNewsDue = (fromMs: number, seconds: number) => isDue(fromMs, seconds) || fromMs - nowMs > SET_BACK_MS;
  const tell = (what: Telling | null): GroupDecision => ({ tell: what, closes: false });
  if (audible.length === 0) return tell(null);
  if (toldAtMs === null) return tell(isNewsDue(incident.openedAtMs, incident.waitSeconds) ? "opened" : null);
  const told = new Set(incident.told);
  const isNew = audible.some(({ key }) => !told.has(key));
  if (isNew && isNewsDue(toldAtMs, incident.intervalSeconds)) return tell("updated");
  return tell(acknowledgedAtMs === null && isDue(toldAtMs, incident.repeatSeconds) ? "repeated" : null);
}

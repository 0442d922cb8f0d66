import { matchesGlob } from "./glob.ts";
import { type About, endpointName } from "./subject.ts";

/** Patterns of what is muted. All that are given have to match; `*` stands for any text. */
export interface Matcher {
  rule?: string | undefined;
  service?: string | undefined;
  environment?: string | undefined;
  /** As `GET /users/*`. Matches no series about a whole service. */
  endpoint?: string | undefined;
  user?: string | undefined;
}

export interface Silence {
  id: string;
  matcher: Matcher;
  reason: string;
  fromMs: number;
  toMs: number;
}

export interface Maintenance {
  id: string;
  name: string;
  matcher: Matcher;
  fromMs: number;
  toMs: number;
  repeats: "once" | "daily" | "weekly";
  /** No time begins after this. */
  untilMs: number | null;
}

const DAY_MS = 86_400_000;
const PERIOD_MS = { once: Infinity, daily: DAY_MS, weekly: 7 * DAY_MS } as const;

export const isSilent = ({ fromMs, toMs }: Silence, atMs: number): boolean => atMs >= fromMs && atMs < toMs;

/** Whether maintenance is on at a time. It begins at the same time of the day in UTC, each day or each week. */
export function isMaintained({ fromMs, toMs, repeats, untilMs }: Maintenance, atMs: number): boolean {
  if (atMs < fromMs) return false;
  const period = PERIOD_MS[repeats];
  const sinceMs = period === Infinity ? atMs - fromMs : (atMs - fromMs) % period;
  return sinceMs < toMs - fromMs && (untilMs === null || atMs - sinceMs <= untilMs);
}

export function matches(matcher: Matcher, ruleName: string, about: About): boolean {
  const { method, route, user } = about;
  const endpoint = method === undefined || route === undefined ? undefined : endpointName({ method, route });
  const fits = (pattern: string | undefined, text: string | undefined) =>
    pattern === undefined || (text !== undefined && matchesGlob(pattern, text));
  return (
    fits(matcher.rule, ruleName) &&
    fits(matcher.service, about.service) &&
    fits(matcher.environment, about.environment) &&
    fits(matcher.endpoint, endpoint) &&
    fits(matcher.user, user)
  );
}

export interface Mutes {
  silences: readonly Silence[];
  maintenance: readonly Maintenance[];
}

/** What mutes a series at a time, in words; `null`: nothing. */
export function mutedBy(
  mutes: Mutes,
  { ruleName, about }: { ruleName: string; about: About },
  atMs: number,
): string | null {
  const silence = mutes.silences.find((one) => isSilent(one, atMs) && matches(one.matcher, ruleName, about));
  if (silence !== undefined) return `silence: ${silence.reason}`;
  const maintenance = mutes.maintenance.find((one) => isMaintained(one, atMs) && matches(one.matcher, ruleName, about));
  return maintenance === undefined ? null : `maintenance: ${maintenance.name}`;
}

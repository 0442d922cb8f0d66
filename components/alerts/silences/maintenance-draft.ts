import type { Zone } from "@/components/format/time";
import { toWallClock } from "@/components/range/wall-clock";
import { isoOf, matcherOf, patternsOf, type Maintenance, type Patterns, type When } from "./mute-draft";

export const REPEATS = [
  { value: "once", label: "once" },
  { value: "daily", label: "every day" },
  { value: "weekly", label: "every week" },
] as const;

export interface MaintenanceDraft {
  name: string;
  patterns: Patterns;
  repeats: Maintenance["repeats"];
  /** As `datetime-local` has them, in the reader's clock; an empty `until` is for ever. */
  from: string;
  to: string;
  until: string;
}

const HOUR_MS = 3_600_000;

/** The next full hour, for an hour. */
export function newMaintenanceDraft({ nowMs, zone }: When): MaintenanceDraft {
  const fromMs = Math.ceil(nowMs / HOUR_MS) * HOUR_MS;
  const times = { from: toWallClock(fromMs, zone), to: toWallClock(fromMs + HOUR_MS, zone), until: "" };
  return { name: "", patterns: patternsOf({}), repeats: "once", ...times };
}

export function maintenanceDraftOf({ name, matcher, repeats, ...times }: Maintenance, zone: Zone): MaintenanceDraft {
  const wall = (at: string | null) => (at === null ? "" : toWallClock(Date.parse(at), zone));
  const { from, to, until } = times;
  return { name, patterns: patternsOf(matcher), repeats, from: wall(from), to: wall(to), until: wall(until) };
}

export function newMaintenance(draft: MaintenanceDraft, zone: Zone): object {
  const { name, patterns, repeats, from, to, until } = draft;
  const times = { from: isoOf(from, zone), to: isoOf(to, zone) };
  const end = repeats === "once" || until === "" ? null : isoOf(until, zone);
  return { name, matcher: matcherOf(patterns), repeats, ...times, until: end };
}

/** What changes it. Times that were not touched stay to the second. */
export function maintenanceChanges(window: Maintenance, draft: MaintenanceDraft, zone: Zone): object {
  const before = newMaintenance(maintenanceDraftOf(window, zone), zone) as Record<string, unknown>;
  const after = newMaintenance(draft, zone) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(after).filter(([field, value]) => !isSame(value, before[field])));
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

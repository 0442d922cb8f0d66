const NBSP = "\u00a0";
const UNITS = [
  ["µs", 1],
  ["ms", 1_000],
  ["s", 1_000_000],
] as const;
const MINUTE_US = 60_000_000;
const HOUR_US = 60 * MINUTE_US;
const DAY_US = 24 * HOUR_US;

/** A figure and its unit, for places that set them in different sizes. */
export interface DurationParts {
  figure: string;
  unit: string;
}

/**
 * A latency in three significant digits: 840 µs, 12.4 ms, 1.24 s, 2 min 05 s.
 * @param us microseconds, not negative
 */
export function formatDuration(us: number): string {
  const { figure, unit } = durationParts(us);
  return unit === "" ? figure : `${figure}${NBSP}${unit}`;
}

/** `formatDuration` in two parts; from a minute on the whole text is the figure and the unit is empty. */
export function durationParts(us: number): DurationParts {
  for (const [unit, size] of UNITS) {
    const figure = threeDigits(us / size, unit === "µs");
    if (Number(figure) < (unit === "s" ? 60 : 1_000)) return { figure, unit };
  }
  const pair = Math.round(us / 1_000_000) < 3_600 ? sixties(us, "min", "s") : sixties(us / 60, "h", "min");
  return { figure: pair, unit: "" };
}

/** An amount of time that adds up over many requests: 12.4 s, 2 min 05 s, 41 min, 3 h 20 min, 2 d 3 h. */
export function formatSpan(us: number): string {
  if (us === 0) return `0${NBSP}s`;
  if (us < 10 * MINUTE_US) return formatDuration(us);
  if (us < HOUR_US - MINUTE_US / 2) return `${Math.round(us / MINUTE_US)}${NBSP}min`;
  if (us < DAY_US - MINUTE_US / 2) return sixties(us / 60, "h", "min");
  const hours = Math.round(us / HOUR_US);
  return `${Math.floor(hours / 24)}${NBSP}d${NBSP}${hours % 24}${NBSP}h`;
}

/** How wide a range or step is: 10 s, 15 min, 3 h, 14 d. */
export function formatWidth(seconds: number): string {
  if (seconds === 0) return `0${NBSP}s`;
  if (seconds % 86_400 === 0) return `${seconds / 86_400}${NBSP}d`;
  if (seconds % 3_600 === 0) return `${seconds / 3_600}${NBSP}h`;
  if (seconds % 60 === 0) return `${seconds / 60}${NBSP}min`;
  return seconds < 60 ? `${seconds}${NBSP}s` : formatSpan(seconds * 1_000_000);
}

/** A window that just ended may end a little ahead of this clock; more than this is another machine's clock that is fast. */
const AHEAD_MS = 30_000;

/** How long ago something was, "4 s ago", or by how much the clock of who told it is ahead of ours, "9 min ahead". */
export function formatAgo(ms: number): string {
  return ms < -AHEAD_MS ? `${formatAge(-ms)} ahead` : `${formatAge(ms)} ago`;
}

/** How long ago, coarse and calm: 4 s, 3 min, 2 h, 5 d. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds}${NBSP}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}${NBSP}min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)}${NBSP}h`;
  return `${Math.floor(seconds / 86_400)}${NBSP}d`;
}

function threeDigits(value: number, whole: boolean): string {
  if (whole || value === 0) return String(Math.round(value));
  return Number(value.toPrecision(3)) >= 1_000 ? String(Math.round(value)) : value.toPrecision(3);
}

/** Two units that go sixty to one; `us` is scaled so that the small one is a second's worth. */
function sixties(us: number, large: string, small: string): string {
  const total = Math.round(us / 1_000_000);
  const rest = String(total % 60).padStart(2, "0");
  return `${Math.floor(total / 60)}${NBSP}${large}${NBSP}${rest}${NBSP}${small}`;
}

/** A time zone's IANA name; "UTC" is one of them. */
export type Zone = string;

const cache = new Map<string, Intl.DateTimeFormat>();

function format(zone: Zone, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  const known = cache.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone, hourCycle: "h23" });
  cache.set(key, made);
  return made;
}

const CLOCK = { hour: "2-digit", minute: "2-digit" } as const;
const DAY = { day: "numeric", month: "short" } as const;

/** 09:41 */
export function formatClock(atMs: number, zone: Zone): string {
  return format(zone, CLOCK).format(atMs);
}

/** 09:41:20 */
export function formatSeconds(atMs: number, zone: Zone): string {
  return format(zone, { ...CLOCK, second: "2-digit" }).format(atMs);
}

/** 22 Nov */
export function formatDay(atMs: number, zone: Zone): string {
  return format(zone, DAY).format(atMs);
}

/** 22 Nov, 09:41 */
export function formatMoment(atMs: number, zone: Zone): string {
  return `${formatDay(atMs, zone)}, ${formatClock(atMs, zone)}`;
}

/** 22 Nov 2026, 09:41:20: below a heading that says the zone. */
export function formatMomentExactly(atMs: number, zone: Zone): string {
  return `${format(zone, { ...DAY, year: "numeric" }).format(atMs)}, ${formatSeconds(atMs, zone)}`;
}

/** Such a heading. */
export const timeColumn = (zone: Zone): string => `time (${zone})`;

/** 22 Nov 2026, 09:41:20 UTC: everything there is to say. */
export const formatMomentFully = (atMs: number, zone: Zone): string => `${formatMomentExactly(atMs, zone)} ${zone}`;

/** "09:00 to 12:00" within a day, "21 Nov, 09:00 to 22 Nov, 12:00" over several. */
export function formatRange(fromMs: number, toMs: number, zone: Zone): string {
  if (formatDay(fromMs, zone) !== formatDay(toMs - 1, zone))
    return `${formatMoment(fromMs, zone)} to ${formatMoment(toMs, zone)}`;
  return `${formatMoment(fromMs, zone)} to ${formatClock(toMs, zone)}`;
}

/** Milliseconds that the zone is ahead of UTC at a time. */
export function zoneOffsetMs(atMs: number, zone: Zone): number {
  if (zone === "UTC") return 0;
  const parts = format(zone, {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(atMs);
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return wall - Math.floor(atMs / 1_000) * 1_000;
}

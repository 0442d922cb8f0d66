/** Times as the address and the API write them: `now`, `now-15m` (s, m, h, d, w), or ISO 8601. */
const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;
const RELATIVE = /^now(?:-(\d{1,9})([smhdw]))?$/;
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

export const isRelative = (text: string): boolean => RELATIVE.test(text);

/** As far from 1970 as a question may ask. */
const FURTHEST_MS = 8e15;

/** Unix milliseconds of a time's text; NaN when it is none that the server would take. */
export function timeOf(text: string, nowMs: number): number {
  const relative = RELATIVE.exec(text);
  if (relative === null) return ISO.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : NaN;
  const [, number, unit] = relative;
  if (number === undefined) return nowMs;
  const backMs = Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS];
  return backMs < FURTHEST_MS ? nowMs - backMs : NaN;
}

/** Whether a calendar has the day: no 31st of February, which a Date would take for the 3rd of March. */
function isDay(day: string): boolean {
  const atMs = Date.parse(day);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(day);
}

/** ISO 8601 in UTC, to the second. */
export function isoOf(atMs: number): string {
  return new Date(Math.round(atMs / 1_000) * 1_000).toISOString().replace(".000Z", "Z");
}

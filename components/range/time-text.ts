/** Times as the address and the API write them: `now`, `now-15m` (s, m, h, d, w), or ISO 8601. */
const RELATIVE = /^now(?:-(\d{1,9})([smhdw]))?$/;
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

export const isRelative = (text: string): boolean => RELATIVE.test(text);

/** Unix milliseconds of a time's text; NaN when it is none. */
export function timeOf(text: string, nowMs: number): number {
  const relative = RELATIVE.exec(text);
  if (relative === null) return /^\d{4}-/.test(text) ? Date.parse(text) : NaN;
  const [, number, unit] = relative;
  return number === undefined ? nowMs : nowMs - Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** ISO 8601 in UTC, to the second. */
export function isoOf(atMs: number): string {
  return new Date(Math.round(atMs / 1_000) * 1_000).toISOString().replace(".000Z", "Z");
}

/** Seconds, or a text such as `"90s"`, `"10m"`, `"2h"`, `"1d"`. */
export type Duration = number | string;

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** No value is kept for longer: some stores take no more than this. */
const LONGEST_MS = 365 * UNIT_MS.d;

/** A duration in whole milliseconds; undefined when it is none. */
export function milliseconds(duration: Duration): number | undefined {
  if (typeof duration === "number") return within(duration * 1_000);
  const [, amount, unit] = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)$/.exec(String(duration).trim()) ?? [];
  return amount === undefined ? undefined : within(Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]);
}

function within(ms: number): number | undefined {
  return ms >= 0 && ms <= LONGEST_MS ? Math.round(ms) : undefined;
}

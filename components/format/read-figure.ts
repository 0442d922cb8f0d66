/** Figures as people type them. Each returns `null` for what cannot be read. */

const LATENCY_UNITS: Record<string, number> = { µs: 1, us: 1, ms: 1_000, s: 1e6, min: 60e6, m: 60e6 };
const WIDTH_UNITS: Record<string, number> = { s: 1, min: 60, m: 60, h: 3_600, d: 86_400, w: 604_800 };
const PART = /^(\d+(?:[.,]\d+)?)\s*([a-zµ]*)/i;

/** "500 ms", "1.2 s", "800 µs" as µs; a bare number is milliseconds. */
export const readLatency = (text: string): number | null => readUnits(text, LATENCY_UNITS, "ms");

/** "5 min", "90 s", "1 h 30 min", "2 d" as seconds; a bare number is seconds. */
export const readWidth = (text: string): number | null => readUnits(text, WIDTH_UNITS, "s");

function readUnits(text: string, units: Record<string, number>, usual: string): number | null {
  const whole = text.replaceAll("\u00a0", " ").trim().toLowerCase();
  // Beside others a bare number could mean anything: "1h30" is no hour and 30 seconds.
  if (/^\d+([.,]\d+)?$/.test(whole)) return Math.round(numberOf(whole) * units[usual]!);
  let rest = whole;
  if (rest === "") return null;
  let sum = 0;
  while (rest !== "") {
    const part = PART.exec(rest);
    const unit = part?.[2]?.replace("μ", "µ") ?? "";
    const size = Object.hasOwn(units, unit) ? units[unit] : undefined;
    if (part === null || size === undefined) return null;
    sum += numberOf(part[1]!) * size;
    rest = rest.slice(part[0].length).trim();
  }
  return Math.round(sum);
}

/** "2 %", "0.5" as a part of the whole: 0.02, 0.005. */
export function readPercent(text: string): number | null {
  const percent = readNumber(text.replace(/[%\u00a0\s]/g, ""));
  return percent === null ? null : Number((percent / 100).toPrecision(10));
}

/** "1,000", "99.9", "14.4". A comma between groups of three is none of a fraction. */
export function readNumber(text: string): number | null {
  const plain = text.replace(/[\s\u00a0]/g, "");
  if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) return Number(plain.replaceAll(",", ""));
  return /^\d+([.,]\d+)?$/.test(plain) ? numberOf(plain) : null;
}

const numberOf = (text: string): number => Number(text.replace(",", "."));

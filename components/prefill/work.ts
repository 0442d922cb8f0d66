import { formatCount } from "@/components/format/count";

const NBSP = "\u00a0";

/** Seconds of fills an hour: 0.42 s/h, 57 s/h, 1,204 s/h. */
export function formatWork(secondsPerHour: number): string {
  return `${workFigure(secondsPerHour)}${NBSP}s/h`;
}

export function workFigure(secondsPerHour: number): string {
  if (secondsPerHour >= 999.5) return formatCount(secondsPerHour);
  return String(Number(secondsPerHour.toPrecision(3)));
}

/** A count that is an estimate: 0.4, 3.2, 41, 1,204. */
export function formatEstimate(count: number): string {
  const text = Math.abs(count) < 9.95 ? String(Number(Math.abs(count).toFixed(1))) : formatCount(Math.abs(count));
  return count < 0 && text !== "0" ? `−${text}` : text;
}

/** Misses avoided per second of work, in two digits: 0.034, 0.66, 1.1, 12, 140. */
export function formatValue(value: number): string {
  return value >= 9.95 ? formatCount(Number(value.toPrecision(2))) : value.toPrecision(2);
}

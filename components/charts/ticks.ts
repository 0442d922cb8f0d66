import { formatClock, formatDay, formatSeconds, zoneOffsetMs, type Zone } from "@/components/format/time";
import type { TimeRange } from "@/components/range/view";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 4, 7, 14, 28, 56].map((n) => n * DAY),
];

export interface Tick {
  value: number;
  label: string;
}

/** Moments at whole steps of the zone's clock, at most `most` of them. A day's first moment is named by the day. */
export function timeTicks({ fromMs, toMs }: TimeRange, most: number, zone: Zone): Tick[] {
  const step = TIME_STEPS.find((s) => (toMs - fromMs) / s <= most) ?? 112 * DAY;
  const start = Math.ceil((fromMs + zoneOffsetMs(fromMs, zone)) / step) * step;
  const ticks: Tick[] = [];
  for (let wall = start; ; wall += step) {
    const value = wall - zoneOffsetMs(wall - zoneOffsetMs(fromMs, zone), zone);
    if (value > toMs) return ticks;
    ticks.push({ value, label: timeLabel(value, step, zone) });
  }
}

function timeLabel(at: number, step: number, zone: Zone): string {
  const midnight = (at + zoneOffsetMs(at, zone)) % DAY === 0;
  if (midnight) return formatDay(at, zone);
  return step < MINUTE ? formatSeconds(at, zone) : formatClock(at, zone);
}

/** Round latencies from 0 to at least the highest; the last is the top of the axis. */
export function latencyTicks(highestUs: number, most = 4): Tick[] {
  const wanted = Math.max(highestUs, 1) / most;
  const step = roundLatency(wanted);
  const count = Math.max(1, Math.ceil((highestUs / step) * 0.999));
  return Array.from({ length: count + 1 }, (_, i) => ({ value: i * step, label: latencyLabel(i * step) }));
}

/** The decades around what is shown, for the log axis. */
export function logLatencyTicks(lowestUs: number, highestUs: number): Tick[] {
  const first = Math.floor(Math.log10(Math.max(1, lowestUs)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(1, highestUs))));
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = 10 ** (first + i);
    return { value, label: latencyLabel(value) };
  });
}

/** Round figures from 0, for rates and counts. */
export function figureTicks(highest: number, write: (value: number) => string, most = 4): Tick[] {
  const step = roundUp(Math.max(highest, 1e-6) / most);
  const count = Math.max(1, Math.ceil((highest / step) * 0.999));
  return Array.from({ length: count + 1 }, (_, i) => {
    const value = Number((i * step).toPrecision(12));
    return { value, label: value === 0 ? "0" : write(value) };
  });
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((n) => n * power >= value * 0.999) ?? 10) * power;
}

/** Above a minute, latencies are round in minutes. */
function roundLatency(us: number): number {
  const minute = 60_000_000;
  if (us <= 30_000_000) return Math.max(1, roundUp(us));
  return ([0.5, 1, 2, 5, 10, 15, 20, 30, 60].find((n) => n * minute >= us) ?? 60) * minute;
}

/** 0, 50 µs, 1.5 ms, 2 s, 5 min: no digit more than the tick needs. */
export function latencyLabel(us: number): string {
  if (us === 0) return "0";
  if (us < 1_000) return `${us} µs`;
  if (us < 1_000_000) return `${us / 1_000} ms`;
  return us < 60_000_000 || us === 100_000_000 ? `${us / 1_000_000} s` : `${Math.round(us / 6_000_000) / 10} min`;
}

import type { Method } from "@/components/account/send";
import type { Maintenance, Silence } from "./mute-draft";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const PERIOD_MS = { once: Infinity, daily: DAY_MS, weekly: 7 * DAY_MS } as const;

/** How a silence that is on is ended: its end is now, and the list keeps it. One that is not a minute old cannot be that short, and is removed. */
export function endingOf({ id, from }: Silence, nowMs: number): { method: Method; path: string; body?: object } {
  const path = `/api/v1/alerts/silences/${id}`;
  if (nowMs - Date.parse(from) < MINUTE_MS) return { method: "DELETE", path };
  return { method: "PATCH", path, body: { to: new Date(nowMs).toISOString() } };
}

/** Those that are on or to come, the next to change first; then those that are over, the last to end first. */
export function silencesInOrder<S extends Silence>(silences: readonly S[]): { current: S[]; over: S[] } {
  const turn = ({ state, from, to }: Silence) => Date.parse(state === "waiting" ? from : to);
  const current = silences.filter(({ state }) => state !== "over").sort((a, b) => turn(a) - turn(b));
  const on = current.filter(({ state }) => state === "on");
  const waiting = current.filter(({ state }) => state === "waiting");
  const over = silences.filter(({ state }) => state === "over").sort((a, b) => turn(b) - turn(a));
  return { current: [...on, ...waiting], over };
}

export interface Stretch {
  fromMs: number;
  toMs: number;
}

/** The time of maintenance that is on or comes next; `null`: none comes any more. */
export function nextTime({ from, to, repeats, until }: Maintenance, nowMs: number): Stretch | null {
  const [firstMs, lengthMs] = [Date.parse(from), Date.parse(to) - Date.parse(from)];
  const period = PERIOD_MS[repeats];
  const gone = period === Infinity ? 0 : Math.max(0, Math.floor((nowMs - firstMs) / period));
  const begins = (n: number) => (period === Infinity ? firstMs : firstMs + n * period);
  const fromMs = [begins(gone), begins(gone + 1)].find((at) => at + lengthMs > nowMs);
  if (fromMs === undefined || (until !== null && fromMs > Date.parse(until))) return null;
  return { fromMs, toMs: fromMs + lengthMs };
}

/** Those that are on first, then by when they begin next; those that are over last. */
export function maintenanceInOrder<M extends Maintenance>(windows: readonly M[], nowMs: number): M[] {
  const next = (one: M) => nextTime(one, nowMs)?.fromMs ?? Infinity;
  return [...windows].sort((a, b) => Number(b.isOn) - Number(a.isOn) || order(next(a), next(b)));
}

const order = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

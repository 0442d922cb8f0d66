const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const COMMON = /^\[?(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2})(\.\d{1,9})? ([+-])(\d{2})(\d{2})\]?$/;
const ISO = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}([.,]\d{1,9})?(Z|[+-]\d{2}:?\d{2})?$/;

/** The time of the common log format, `10/Oct/2000:13:55:36 -0700`, brackets or not, as Unix ms; `null` when it is none. */
export function commonTime(text: string): number | null {
  const parts = COMMON.exec(text);
  if (parts === null) return null;
  const [, day, month, year, hour, minute, second, fraction = "", sign, zoneHours, zoneMinutes] = parts;
  const place = MONTHS.indexOf(month!);
  if (place < 0 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  const local = Date.UTC(Number(year), place, Number(day), Number(hour), Number(minute), Number(second));
  if (new Date(local).getUTCDate() !== Number(day) && Number(second) < 60) return null;
  const zoneMs = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000 * (sign === "-" ? -1 : 1);
  return local + Math.floor(Number(fraction || 0) * 1_000) - zoneMs;
}

/** An ISO 8601 time (UTC when it names no offset), as Unix ms; `null` when it is none. */
export function isoTime(text: string): number | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  const ms = Date.parse(`${text.replace(" ", "T").replace(",", ".")}${match[2] === undefined ? "Z" : ""}`);
  return Number.isNaN(ms) ? null : ms;
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size, as Unix ms; `null` when it is none. */
export function epochTime(text: string): number | null {
  if (!/^\d{9,19}(\.\d{1,9})?$/.test(text)) return null;
  const value = Number(text);
  const scale = [1e3, 1, 1e-3, 1e-6].find((factor) => value * factor < 1e13);
  return scale === undefined ? null : Math.floor(value * scale);
}

/** Any of them. */
export const anyTime = (text: string): number | null => epochTime(text) ?? isoTime(text) ?? commonTime(text);

import type { Outcome } from "../../wire/index.ts";

/** A request as a line of a log tells it. */
export interface LoggedRequest {
  /** When it was logged, Unix ms. */
  atMs: number;
  method: string;
  /** The path as it was asked for: without host and query. */
  path: string;
  outcome: Outcome;
  latencyUs: number;
  /** As the field that was named says; `null`: it says nothing. */
  user: string | null;
}

/** Why a line is not taken. The list is closed; the report tells how many there were of each. */
export const BAD_LINE = {
  format: "it is not of the format",
  time: "its time cannot be read",
  request: "its request is none of HTTP",
  status: "its status is none of HTTP",
  latency: "its request time is missing, or no time",
  json: "it is not JSON",
  histogram: "its histogram cannot be read",
  outcome: "its tag is no outcome",
  too_long: "it is longer than 1 MB",
  too_old: "it is older than anything that is kept",
  before_since: "it is before --since",
} as const;
export type BadLine = keyof typeof BAD_LINE;

/** Reads lines of one format. */
export interface LineFormat {
  read(line: string): LoggedRequest | BadLine;
}

const HIGHEST_STATUS = 599;

/** What became of a request with this status. nginx logs 499 when the client left first. */
export function outcomeOf(status: string): Outcome | null {
  if (!/^\d{3}$/.test(status)) return null;
  const code = Number(status);
  if (code < 100 || code > HIGHEST_STATUS) return null;
  if (code === 499) return "aborted";
  if (code >= 500) return "server_error";
  return code >= 400 ? "client_error" : "ok";
}

const UNITS_US = { s: 1e6, ms: 1e3, us: 1, ns: 1e-3 } as const;
export type TimeUnit = keyof typeof UNITS_US;
export const isTimeUnit = (text: string): text is TimeUnit => Object.hasOwn(UNITS_US, text);

/** A duration in whole microseconds; `null` when it is none. */
export function latencyOf(text: string, unit: TimeUnit): number | null {
  if (!/^\d{1,15}(\.\d{1,9})?$/.test(text)) return null;
  return Math.round(Number(text) * UNITS_US[unit]);
}

const METHOD = /^[A-Z][A-Z_-]{0,31}$/;

/** Method and path of a request line, `GET /path?query HTTP/1.1`; `null` when it is none. */
export function requestOf(line: string): { method: string; path: string } | null {
  const [method = "", target = "", protocol, ...more] = line.split(" ");
  if (more.length > 0 || (protocol !== undefined && !protocol.startsWith("HTTP/"))) return null;
  return METHOD.test(method) && target !== "" ? { method, path: pathOf(target) } : null;
}

export const isMethod = (text: string): boolean => METHOD.test(text);

/** The path of a target: without scheme and host, query and fragment. */
export function pathOf(target: string): string {
  const local = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "");
  const path = local.split(/[?#]/, 1)[0]!;
  return path.startsWith("/") ? path : `/${path}`;
}

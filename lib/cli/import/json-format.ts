import { TailfillError } from "../../errors.ts";
import {
  type BadLine,
  isMethod,
  isTimeUnit,
  latencyOf,
  type LineFormat,
  type LoggedRequest,
  outcomeOf,
  pathOf,
  requestOf,
  type TimeUnit,
} from "./entry.ts";
import { anyTime } from "./log-time.ts";

/** Where the members of a line are, as paths: `req.method`. */
export interface JsonFields {
  time: string;
  /** Either this, */
  request?: string;
  /** or both of these. */
  method?: string;
  path?: string;
  status: string;
  duration: string;
  durationUnit: TimeUnit;
  user?: string;
}

const KNOWN = ["time", "request", "method", "path", "status", "duration", "user"];

/**
 * Reads `--fields`: `time=ts,method=req.method,path=req.url,status=res.statusCode,duration=responseTime:ms,user=user.id`.
 * @throws TailfillError `bad_setting` that says what is wrong or lacking
 */
export function jsonFields(text: string): JsonFields {
  const given = new Map<string, string>();
  for (const pair of text.split(",").filter((one) => one.trim() !== "")) {
    const [name = "", ...rest] = pair.trim().split("=");
    if (!KNOWN.includes(name) || rest.join("=") === "")
      throw new TailfillError("bad_setting", `--fields: ${pair} is none of ${KNOWN.join("=…, ")}=….`);
    given.set(name, rest.join("="));
  }
  const [duration = "", unit = "ms"] = (given.get("duration") ?? "").split(":");
  if (!isTimeUnit(unit)) throw new TailfillError("bad_setting", "--fields: a duration is in :s, :ms, :us or :ns.");
  const fields = { ...Object.fromEntries(given), duration, durationUnit: unit } as unknown as JsonFields;
  const lacking = ["time", "status", "duration"].filter((name) => !given.get(name));
  if (!fields.request && !(fields.method && fields.path)) lacking.push("request, or method and path");
  if (lacking.length > 0) throw new TailfillError("bad_setting", `--fields lacks ${lacking.join(", ")}.`);
  return fields;
}

type Json = Record<string, unknown>;

/** One JSON object a line. @param user the member that names the user; over that of the fields */
export function jsonFormat(fields: JsonFields, user: string | null): LineFormat {
  const paths = { ...fields, ...(user === null ? {} : { user }) };
  return { read: (line) => readJson(line, paths) };
}

function readJson(line: string, fields: JsonFields): LoggedRequest | BadLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "json";
  }
  const textAt = (path: string | undefined): string => (path === undefined ? "" : textOf(memberOf(value, path)));
  const atMs = anyTime(textAt(fields.time));
  if (atMs === null) return "time";
  const request = requestIn(textAt, fields);
  if (request === null) return "request";
  const outcome = outcomeOf(textAt(fields.status));
  if (outcome === null) return "status";
  const latencyUs = latencyOf(textAt(fields.duration), fields.durationUnit);
  if (latencyUs === null) return "latency";
  const user = textAt(fields.user);
  return { atMs, ...request, outcome, latencyUs, user: user === "" || user === "-" ? null : user };
}

function requestIn(textAt: (path: string | undefined) => string, fields: JsonFields) {
  if (fields.request !== undefined) return requestOf(textAt(fields.request));
  const [method, path] = [textAt(fields.method), textAt(fields.path)];
  return isMethod(method) && path !== "" ? { method, path: pathOf(path) } : null;
}

function memberOf(value: unknown, path: string): unknown {
  let found = value;
  // A key may have dots of its own: the whole path is tried first.
  if (isObject(found) && Object.hasOwn(found, path)) return found[path];
  for (const key of path.split(".")) {
    if (!isObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "number" || !Number.isFinite(value)) return "";
  const text = String(value);
  return text.includes("e") ? value.toFixed(9) : text.replace(/(\.\d{9})\d+$/, "$1");
}

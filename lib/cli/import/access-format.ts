import { TailfillError } from "../../errors.ts";
import {
  type BadLine,
  isMethod,
  type LineFormat,
  type LoggedRequest,
  latencyOf,
  outcomeOf,
  pathOf,
  requestOf,
  type TimeUnit,
} from "./entry.ts";
import { commonTime, epochTime, isoTime } from "./log-time.ts";
import { cutLine, type Tokens, tokensOf } from "./tokens.ts";

/** What a field of a format says. */
type Meaning =
  | { says: "time"; read: (text: string) => number | null }
  | { says: "request" | "method" | "path" | "status" | "connection" | "nothing" }
  | { says: "latency"; unit: TimeUnit };

const NGINX_FIELD = /\$\{(\w+)\}|\$(\w+)/g;
const APACHE_FIELD = /%[!\d,<>]*((?:\{[^}]*\})?(?:\^t[io]|[a-zA-Z]))/g;

/** The name in a field as somebody writes it: `$remote_user`, `%u`, `%{X-User}i`. */
const USER_FIELD = /^\$\{?(\w+)\}?$|^%[!\d,<>]*(.+)$/;

const NGINX: Record<string, Meaning> = {
  time_local: { says: "time", read: commonTime },
  time_iso8601: { says: "time", read: isoTime },
  msec: { says: "time", read: epochTime },
  request: { says: "request" },
  request_method: { says: "method" },
  request_uri: { says: "path" },
  uri: { says: "path" },
  status: { says: "status" },
  request_time: { says: "latency", unit: "s" },
};

const APACHE: Record<string, Meaning> = {
  t: { says: "time", read: commonTime },
  "{sec}t": { says: "time", read: epochTime },
  "{msec}t": { says: "time", read: epochTime },
  "{usec}t": { says: "time", read: epochTime },
  r: { says: "request" },
  m: { says: "method" },
  U: { says: "path" },
  s: { says: "status" },
  X: { says: "connection" },
  D: { says: "latency", unit: "us" },
  T: { says: "latency", unit: "s" },
  "{s}T": { says: "latency", unit: "s" },
  "{ms}T": { says: "latency", unit: "ms" },
  "{us}T": { says: "latency", unit: "us" },
};

/**
 * A format in nginx's own words (`log_format`), or in Apache's (`LogFormat`): told apart by what their fields begin with.
 * @param user the field that names the user, as the format has it
 * @throws TailfillError `bad_setting` when the format lacks what a latency needs, or the user's field
 */
export function accessFormat(format: string, user: string | null): LineFormat {
  const isNginx = /\$\{?\w/.test(format);
  const text = isNginx ? format : format.replaceAll('\\"', '"'); // as it is written in Apache's configuration
  const tokens = tokensOf(text, isNginx ? NGINX_FIELD : APACHE_FIELD);
  const meanings = tokens.fields.map(({ name }): Meaning => (isNginx ? NGINX : APACHE)[name] ?? { says: "nothing" });
  const userName =
    user === null
      ? null
      : (USER_FIELD.exec(user)
          ?.slice(1)
          .find((name) => name !== undefined) ?? user);
  const userAt = userName === null ? -1 : tokens.fields.findIndex(({ name }) => name === userName);
  check(meanings, { user, userAt });
  return new AccessFormat(tokens, meanings, userAt);
}

function check(meanings: readonly Meaning[], { user, userAt }: { user: string | null; userAt: number }): void {
  const says = (what: Meaning["says"]) => meanings.some((meaning) => meaning.says === what);
  const lacking = [
    ...(says("time") ? [] : ["a time ($time_local, $time_iso8601, $msec; %t)"]),
    ...(says("request") || (says("method") && says("path")) ? [] : ['the request ("$request"; "%r")']),
    ...(says("status") ? [] : ["the status ($status; %>s)"]),
    ...(says("latency") ? [] : ["the request time ($request_time; %D, %T)"]),
    ...(user === null || userAt >= 0 ? [] : [`the user's field ${user}`]),
  ];
  if (lacking.length > 0) throw new TailfillError("bad_setting", `--format lacks ${lacking.join(", ")}.`);
}

class AccessFormat implements LineFormat {
  constructor(
    private readonly tokens: Tokens,
    private readonly meanings: readonly Meaning[],
    private readonly userAt: number,
  ) {}

  read(line: string): LoggedRequest | BadLine {
    const values = cutLine(line, this.tokens);
    if (values === null) return "format";
    const found: Partial<LoggedRequest> = {};
    let isCut = false;
    for (const [place, meaning] of this.meanings.entries()) {
      const problem = take(found, meaning, values[place]!);
      if (problem !== null) return problem;
      isCut ||= meaning.says === "connection" && values[place] === "X";
    }
    if (isCut) found.outcome = "aborted"; // Apache's word for a connection that ended before the answer did
    const user = this.userAt < 0 ? "" : values[this.userAt]!;
    return { ...(found as LoggedRequest), user: user === "" || user === "-" ? null : user };
  }
}

/** Takes over what a field says; what is wrong with it, if something is. */
function take(found: Partial<LoggedRequest>, meaning: Meaning, text: string): BadLine | null {
  switch (meaning.says) {
    case "time": {
      const atMs = meaning.read(text);
      if (atMs === null) return "time";
      found.atMs = atMs;
      return null;
    }
    case "request": {
      const request = requestOf(text);
      return request === null ? "request" : (Object.assign(found, request), null);
    }
    case "method":
      found.method = text;
      return isMethod(text) ? null : "request";
    case "path":
      found.path = pathOf(text);
      return text === "" || text === "-" ? "request" : null;
    case "status": {
      const outcome = outcomeOf(text);
      if (outcome === null) return "status";
      found.outcome = outcome;
      return null;
    }
    case "latency": {
      const latencyUs = latencyOf(text, meaning.unit);
      if (latencyUs === null) return "latency";
      found.latencyUs = latencyUs;
      return null;
    }
    default:
      return null;
  }
}

import type { JsonFields } from "./json-format.ts";

const COMBINED_NGINX =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';

/** Formats by name. */
export const ACCESS_PRESETS: Readonly<Record<string, string>> = {
  /** nginx: combined, and the request time behind it. */
  nginx: `${COMBINED_NGINX} $request_time`,
  /** Apache: combined, and %D behind it. */
  apache: '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %D',
  /** Combined, and the request time in seconds behind it, whoever writes it. */
  "combined-time": `${COMBINED_NGINX} $request_time`,
};

export const JSON_PRESETS: Readonly<Record<string, JsonFields>> = {
  /** Caddy's access log. */
  caddy: {
    time: "ts",
    method: "request.method",
    path: "request.uri",
    status: "status",
    duration: "duration",
    durationUnit: "s",
    user: "user_id",
  },
  /** pino-http. */
  pino: {
    time: "time",
    method: "req.method",
    path: "req.url",
    status: "res.statusCode",
    duration: "responseTime",
    durationUnit: "ms",
  },
};

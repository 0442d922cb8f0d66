import { parseArgs } from "node:util";
import { importEnvironment } from "../../config.ts";
import { TailfillError } from "../../errors.ts";
import { isApiKey } from "../../key-format.ts";
import { isTime, timeOf } from "../../query/time.ts";
import { HISTORY_AFTER_SECONDS } from "../../store/tiers.ts";
import { type Outcome, OUTCOMES } from "../../wire/index.ts";
import { isTimeUnit, type TimeUnit } from "./entry.ts";
import type { Destination } from "./server.ts";

export const IMPORT_USAGE = `Usage: tailfill import FILE… --service NAME [--environment NAME] --format FORMAT
  FILE             log files, gzip or not, oldest first; - is stdin
  --url, --key     the server, and an API key with the scope ingest (else TAILFILL_URL, TAILFILL_API_KEY)
  --format         nginx, apache, combined-time, caddy, pino, json, hlog, or a format in nginx's or Apache's own words
  --fields         for json: time=ts,method=req.method,path=req.url,status=res.status,duration=ms:ms[,user=user.id]
  --route          a route, as /users/:id/comments or /static/*; may be given often. For hlog: the endpoint's route
  --method         for hlog: the endpoint's method (GET)
  --unit           for hlog: what values are counted in: us, ns, ms, s (us)
  --user           the field that names the user: $remote_user, %u, user.id
  --pseudonym-key  seal ids of users (else TAILFILL_PSEUDONYM_KEY)
  --since, --until a time, as 2026-11-01 or now-30d; --until is now-1h at the latest
  --max-routes     endpoints at most (500); the rest becomes (other)
  --dry-run        only tell which endpoints would come out`;

export interface ImportArguments {
  files: string[];
  /** `null` for a dry run without a server. */
  destination: Destination | null;
  format: string;
  fields: string | null;
  routes: string[];
  method: string;
  unit: TimeUnit;
  untagged: Outcome;
  user: string | null;
  pseudonymKey: string | null;
  sinceMs: number;
  untilMs: number;
  mostRoutes: number;
  isDry: boolean;
}

const MOST_ROUTES = 500;
/** The server keeps no more endpoints of a service and environment apart. */
const HIGHEST_ROUTES = 1_000;
const text = { type: "string" } as const;

/**
 * Reads the arguments of `tailfill import`.
 * @throws TailfillError `bad_setting` that lists what is wrong
 */
export function readImportArguments(argv: readonly string[], nowMs: number): ImportArguments {
  const { values, positionals } = parse(argv);
  const env = importEnvironment();
  const problems: string[] = [];
  const isDry = values["dry-run"] ?? false;
  const latestMs = nowMs - HISTORY_AFTER_SECONDS * 1_000;
  const [service, url, key] = [values.service ?? env.service, values.url ?? env.url, values.key ?? env.apiKey];
  if (positionals.length === 0) problems.push("name at least one file, or - for stdin");
  if (values.format === undefined) problems.push("--format is missing");
  if (!isDry && !service) problems.push("--service is missing");
  if (!isDry && !isHttp(url)) problems.push("--url must be the address of a tailfill, as https://tailfill.example.com");
  if (!isDry && !(key && isApiKey(key))) problems.push("--key must be an API key, tf_…, with the scope ingest");
  const unit = values.unit ?? "us";
  if (!isTimeUnit(unit)) problems.push("--unit must be us, ns, ms or s");
  const untagged = OUTCOMES.find((name) => name === (values.outcome ?? "ok"));
  if (untagged === undefined) problems.push(`--outcome must be one of ${OUTCOMES.join(", ")}`);
  const mostRoutes = Number(values["max-routes"] ?? MOST_ROUTES);
  if (!(Number.isInteger(mostRoutes) && mostRoutes >= 1 && mostRoutes <= HIGHEST_ROUTES))
    problems.push(`--max-routes must be from 1 to ${HIGHEST_ROUTES}`);
  const [sinceMs, untilMs] = [values.since, values.until].map((time, place) => {
    if (time === undefined) return place === 0 ? -Infinity : latestMs;
    if (!isTime(time)) problems.push(`--${place === 0 ? "since" : "until"} must be a time, as 2026-11-01 or now-30d`);
    return timeOf(time, nowMs);
  }) as [number, number];
  if (problems.length > 0) throw new TailfillError("bad_setting", `${problems.join("; ")}.\n${IMPORT_USAGE}`);
  const environment = values.environment ?? env.environment ?? "production";
  return {
    files: positionals,
    destination: isDry ? null : { url: url!.replace(/\/+$/, ""), apiKey: key!, service: service!, environment },
    format: values.format!,
    fields: values.fields ?? null,
    routes: values.route ?? [],
    method: values.method ?? "GET",
    unit: unit as TimeUnit,
    untagged: untagged!,
    user: values.user ?? null,
    pseudonymKey: values["pseudonym-key"] ?? env.pseudonymKey ?? null,
    sinceMs,
    untilMs: Math.min(untilMs, latestMs),
    mostRoutes,
    isDry,
  };
}

const isHttp = (url: string | undefined): boolean =>
  url !== undefined && /^https?:\/\/\S+$/.test(url) && URL.canParse(url);

function parse(argv: readonly string[]) {
  const options = {
    url: text,
    key: text,
    service: text,
    environment: text,
    format: text,
    fields: text,
    route: { type: "string", multiple: true },
    method: text,
    unit: text,
    outcome: text,
    user: text,
    "pseudonym-key": text,
    since: text,
    until: text,
    "max-routes": text,
    "dry-run": { type: "boolean" },
  } as const;
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TailfillError("bad_setting", `${message}\n${IMPORT_USAGE}`);
  }
}

import { parseArgs } from "node:util";
import { milliseconds, type Duration } from "../duration.ts";
import type { GuardOptions } from "./options.ts";

export const USAGE = `Usage: tailfill-guard --database-url URL [options]

Stops statements of the app's own role that run for too long. Without --apply it only says what it would do.

  --database-url URL        postgresql://…, mysql://… or mariadb://… with the app's own role; not a pooler's
                            address. Default DATABASE_URL, which others on the machine do not see
  --every TIME              how often it looks; default 10s
  --over TIME               how long a statement may run; default 20s
  --application-name NAMES  only those of these applications, as shop,jobs
  --apply                   cancel them
  --terminate               close the connection of one that does not heed that
  --grace TIME              how long it has before that; default 10s
  --include-writes          those that write, too: their work is rolled back
  --max-per-minute N        most statements stopped in any minute; default 10
  --most-at-once N          stop none when more than this many qualify at once; default 10
  --help

One JSON line for each action on stdout, everything else on stderr. Times are as 500ms, 20s or 2m.
`;

const TEXT = { type: "string" } as const;
const SWITCH = { type: "boolean" } as const;
const OPTIONS = {
  "database-url": TEXT,
  every: TEXT,
  over: TEXT,
  "application-name": { ...TEXT, multiple: true },
  apply: SWITCH,
  terminate: SWITCH,
  grace: TEXT,
  "include-writes": SWITCH,
  "max-per-minute": TEXT,
  "most-at-once": TEXT,
  help: { ...SWITCH, short: "h" },
} as const;

/** Null when help was asked for. @throws an error in words for arguments that make no sense */
export function readArguments(args: readonly string[], defaultUrl: string | undefined): GuardOptions | null {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help) return null;
  const databaseUrl = values["database-url"] ?? defaultUrl;
  if (databaseUrl === undefined)
    throw new Error("--database-url is missing, and DATABASE_URL is not set (--help lists all options)");
  const given = {
    every: time("every", values.every),
    over: time("over", values.over),
    grace: time("grace", values.grace),
    applicationNames: values["application-name"]?.flatMap((names) => names.split(",")),
    apply: values.apply,
    terminate: values.terminate,
    includeWrites: values["include-writes"],
    maxPerMinute: number("max-per-minute", values["max-per-minute"]),
    mostAtOnce: number("most-at-once", values["most-at-once"]),
  };
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { databaseUrl, ...present };
}

/** A bare number is seconds. */
function time(option: string, text: string | undefined): Duration | undefined {
  if (text === undefined) return undefined;
  const given = /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (milliseconds(given) === undefined)
    throw new Error(`--${option} must be a time such as 500ms, 20s or 2m, not ${text}`);
  return given;
}

function number(option: string, text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d*$/.test(text)) return text === undefined ? text : Number(text);
  throw new Error(`--${option} must be a whole number above 0, not ${text}`);
}

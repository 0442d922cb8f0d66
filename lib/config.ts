import { isIP } from "node:net";
import { z } from "zod";
import { TailfillError } from "./errors.ts";
import { plainWords } from "./input-problems.ts";
import { isApiKey } from "./key-format.ts";

/** The only reader of the environment. Every problem is listed at once; a secret has no default. */
const port = z.coerce.number().int().min(0).max(65535);
const blankIsUnset = (value: unknown) => (value === "" ? undefined : value);
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blankIsUnset, schema.optional());

const networks = z
  .string()
  .default("")
  .refine((text) => listOf(text).every(isNetwork), "must be addresses or CIDRs, separated by commas");

const Settings = z.object({
  PORT: z.preprocess(blankIsUnset, port.default(3000)),
  HOST: z.preprocess(blankIsUnset, z.string().default("127.0.0.1")),
  TAILFILL_PUBLIC_URL: optional(z.url({ protocol: /^https?$/ })),
  TAILFILL_DATA_DIR: z.preprocess(blankIsUnset, z.string().default(".tailfill")),
  DATABASE_URL: optional(z.string().regex(/^postgres(ql)?:\/\//, "must begin with postgresql://")),
  DATABASE_READ_URL: optional(z.string().regex(/^postgres(ql)?:\/\//, "must begin with postgresql://")),
  REDIS_URL: optional(z.string().regex(/^rediss?:\/\//, "must begin with redis://")),
  TAILFILL_SECRET: optional(z.string().min(32, "must have at least 32 bytes")),
  TAILFILL_ADMIN_EMAIL: optional(z.email()),
  TAILFILL_ADMIN_PASSWORD: optional(z.string().min(8, "must have at least 8 characters")),
  TAILFILL_API_KEY: optional(
    z
      .string()
      .regex(/^tf_[A-Za-z0-9]{46}$/, { error: "must be tf_ and 46 characters (see docs/api-keys.md)", abort: true })
      .refine(isApiKey, "is mistyped: its last 6 characters do not fit the 40 before (see docs/api-keys.md)"),
  ),
  TAILFILL_WEBHOOK_ALLOW: networks,
  TAILFILL_HEARTBEAT_URL: optional(z.url({ protocol: /^https?$/ })),
  TAILFILL_SMTP_URL: optional(z.string().regex(/^smtps?:\/\/[^/]/, "must begin with smtp:// or smtps://")),
  TAILFILL_SMTP_FROM: optional(z.string().regex(/^[^\r\n]*@[^\r\n]*$/, "must be an e-mail address")),
  TAILFILL_TRUSTED_PROXIES: networks,
  TAILFILL_DRAIN_SECONDS: z.preprocess(blankIsUnset, z.coerce.number().int().min(0).max(300).default(0)),
  LOG_LEVEL: z.preprocess(
    blankIsUnset,
    z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  ),
  /** Set by `start` for its children: the database is the embedded one, in the data directory. */
  TAILFILL_EMBEDDED: optional(z.literal("1")),
});

/** What settings want of each other. Not part of the schema: a setting that is wrong by itself would hide it. */
function togetherProblems(env: Record<string, string | undefined>): string[] {
  const problems: string[] = [];
  const isOutside = env["DATABASE_URL"] && env["TAILFILL_EMBEDDED"] !== "1"; // of the embedded one, it may be yet to come
  if (isOutside && !env["TAILFILL_SECRET"]) problems.push("TAILFILL_SECRET is required with DATABASE_URL");
  if (env["DATABASE_READ_URL"] && !env["DATABASE_URL"])
    problems.push("DATABASE_READ_URL goes with DATABASE_URL, of which it is a replica");
  if (Boolean(env["TAILFILL_ADMIN_EMAIL"]) !== Boolean(env["TAILFILL_ADMIN_PASSWORD"]))
    problems.push("TAILFILL_ADMIN_EMAIL and TAILFILL_ADMIN_PASSWORD go together");
  if (Boolean(env["TAILFILL_SMTP_URL"]) !== Boolean(env["TAILFILL_SMTP_FROM"]))
    problems.push("TAILFILL_SMTP_URL and TAILFILL_SMTP_FROM go together");
  return problems;
}

export interface Config {
  port: number;
  host: string;
  publicUrl: string;
  dataDir: string;
  databaseUrl: string | undefined;
  /** A streaming replica of it, which pages and the read API may ask. */
  databaseReadUrl: string | undefined;
  embedded: boolean;
  redisUrl: string | undefined;
  secret: string | undefined;
  adminEmail: string | undefined;
  adminPassword: string | undefined;
  apiKey: string | undefined;
  webhookAllow: string[];
  /** Told every minute that alerts are judged. */
  heartbeatUrl: string | undefined;
  /** The mail server, with its password, and who its mails are from. */
  smtpUrl: string | undefined;
  smtpFrom: string | undefined;
  /** Addresses and CIDRs of reverse proxies whose X-Forwarded-For is believed. */
  trustedProxies: string[];
  /** How long a web process that was asked to stop goes on answering, while it says that it is no longer ready. */
  drainSeconds: number;
  logLevel: string;
  /** Whether the pages are Next.js's own development server, which is no web process of ours. */
  isDevelopment: boolean;
}

/** Every setting there is. */
export const SETTING_NAMES: ReadonlySet<string> = new Set(Object.keys(Settings.shape));

function parsed(env: Record<string, string | undefined>) {
  const { data, error } = Settings.safeParse(env, { error: plainWords });
  const issues = error?.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`) ?? [];
  return { data, problems: [...issues, ...togetherProblems(env)] };
}

/** What is wrong with the settings of an environment, by name, without their values. */
export const settingProblems = (env: Record<string, string | undefined>): string[] => parsed(env).problems;

/**
 * Reads settings from an environment.
 * @throws TailfillError `bad_setting` that names every bad setting, never its value.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const { data: s, problems } = parsed(env);
  if (s === undefined || problems.length > 0)
    throw new TailfillError("bad_setting", `Bad settings:\n  ${problems.join("\n  ")}`);
  return {
    port: s.PORT,
    host: s.HOST,
    publicUrl: (s.TAILFILL_PUBLIC_URL ?? `http://${urlHost(s.HOST)}:${s.PORT}`).replace(/\/+$/, ""),
    dataDir: s.TAILFILL_DATA_DIR,
    databaseUrl: s.DATABASE_URL,
    databaseReadUrl: s.DATABASE_READ_URL,
    embedded: s.TAILFILL_EMBEDDED === "1" || s.DATABASE_URL === undefined,
    redisUrl: s.REDIS_URL,
    secret: s.TAILFILL_SECRET,
    adminEmail: s.TAILFILL_ADMIN_EMAIL,
    adminPassword: s.TAILFILL_ADMIN_PASSWORD,
    apiKey: s.TAILFILL_API_KEY,
    webhookAllow: listOf(s.TAILFILL_WEBHOOK_ALLOW),
    heartbeatUrl: s.TAILFILL_HEARTBEAT_URL,
    smtpUrl: s.TAILFILL_SMTP_URL,
    smtpFrom: s.TAILFILL_SMTP_FROM,
    trustedProxies: listOf(s.TAILFILL_TRUSTED_PROXIES),
    drainSeconds: s.TAILFILL_DRAIN_SECONDS,
    logLevel: s.LOG_LEVEL,
    isDevelopment: env["NODE_ENV"] === "development", // `npm run dev` sets it for its children: no setting of people
  };
}

function listOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

function isNetwork(text: string): boolean {
  const [address = "", bits] = text.split("/");
  const family = isIP(address);
  return family !== 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)));
}

/** A link to a wildcard address leads nowhere, and a literal IPv6 address wants brackets. */
function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/** Whether a host is this machine, seen from itself alone. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || host === "::1" || /^127(\.\d+){3}$/.test(host);

let current: Config | undefined;

/** The settings of this process, read once. */
export function config(): Config {
  current ??= readConfig(process.env);
  return current;
}

/** What `tailfill import` takes from the environment when no flag says it: keys on a command line are seen by everybody on the machine. */
export function importEnvironment(env: Record<string, string | undefined> = process.env) {
  return {
    url: env["TAILFILL_URL"] || undefined,
    apiKey: env["TAILFILL_API_KEY"] || undefined,
    service: env["TAILFILL_SERVICE"] || undefined,
    environment: env["TAILFILL_ENVIRONMENT"] || undefined,
    pseudonymKey: env["TAILFILL_PSEUDONYM_KEY"] || undefined,
  };
}

/** The environment for a child process: this one's, with changes. */
export function childEnvironment(changes: Record<string, string | undefined>): NodeJS.ProcessEnv {
  return { ...process.env, ...QUIET, ...changes } as NodeJS.ProcessEnv;
}

/** Telemetry of dependencies, off: a fresh start makes no outgoing connection that nobody configured. */
export const QUIET = {
  NEXT_TELEMETRY_DISABLED: "1",
  CHECKPOINT_DISABLE: "1",
  PRISMA_HIDE_UPDATE_MESSAGE: "1",
  BETTER_AUTH_TELEMETRY: "0",
  DO_NOT_TRACK: "1",
} as const;

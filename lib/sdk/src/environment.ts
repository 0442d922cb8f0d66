import { hostname } from "node:os";
import { randomBytes } from "node:crypto";

import type { TailfillOptions } from "./client-type.ts";

export interface Settings {
  /** Where batches are posted; undefined when there is no usable URL. */
  ingestUrl: URL | undefined;
  apiKey: string | undefined;
  service: string;
  environment: string;
  release: string | undefined;
  instance: string;
  windowSeconds: number;
  /** What is wrong with the settings, for the one warning; empty when all is well. */
  problems: string[];
}

const DEFAULT_WINDOW_SECONDS = 10;
const LONGEST_WINDOW_SECONDS = 300;

/** The options, completed from the environment. This file is the only reader of `process.env` in the SDK. */
export function readSettings(
  options: TailfillOptions,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Settings {
  const problems: string[] = [];
  const given = (option: string | undefined, variable: string) => text(option) ?? text(env[variable]);
  return {
    ingestUrl: ingestUrl(given(options.url, "TAILFILL_URL"), problems),
    apiKey: apiKey(given(options.apiKey, "TAILFILL_API_KEY"), problems),
    service: given(options.service, "TAILFILL_SERVICE") ?? "app",
    environment: given(options.environment, "TAILFILL_ENVIRONMENT") ?? text(env["NODE_ENV"]) ?? "production",
    release: text(options.release),
    instance: text(options.instance) ?? instanceId(),
    windowSeconds: windowSeconds(options.windowSeconds, problems),
    problems,
  };
}

/** Where the queue of fills lives, from `TAILFILL_QUEUE_URL`; undefined when it is not set. */
export function queueUrl(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  return text(env["TAILFILL_QUEUE_URL"]);
}

/** The app's database for the query guard, from `DATABASE_URL`: an argument is shown to everybody on the machine. */
export function databaseUrl(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  return text(env["DATABASE_URL"]);
}

/** Where the server is, as the environment says; for programs that do without one. */
export function tailfillUrl(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  return text(env["TAILFILL_URL"]);
}

/** Unique per process, also for two containers with one host name and the same process id 1. */
export function instanceId(): string {
  return `${hostname()}:${process.pid}:${randomBytes(6).toString("base64url")}`;
}

function text(value: unknown): string | undefined {
  const trimmed = typeof value === "string" ? value.trim() : "";
  return trimmed === "" ? undefined : trimmed;
}

function ingestUrl(base: string | undefined, problems: string[]): URL | undefined {
  if (base === undefined) {
    problems.push("there is no url (option `url` or TAILFILL_URL)");
    return undefined;
  }
  const url = URL.canParse(base) ? new URL(base) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    problems.push("the url is not an http or https address");
    return undefined;
  }
  // The server may live below a path; a query or a fragment means nothing there.
  return new URL("api/v1/ingest", `${url.origin}${url.pathname.replace(/\/*$/, "/")}`);
}

function apiKey(key: string | undefined, problems: string[]): string | undefined {
  if (key === undefined) problems.push("there is no API key (option `apiKey` or TAILFILL_API_KEY)");
  else if (!/^[\x21-\x7e]+$/.test(key)) problems.push("the API key has characters that no header can carry");
  else return key;
  return undefined;
}

function windowSeconds(seconds: number | undefined, problems: string[]): number {
  if (seconds === undefined) return DEFAULT_WINDOW_SECONDS;
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_WINDOW_SECONDS) return seconds;
  problems.push(
    `windowSeconds must be a whole number from 1 to ${LONGEST_WINDOW_SECONDS}; ${DEFAULT_WINDOW_SECONDS} is used`,
  );
  return DEFAULT_WINDOW_SECONDS;
}

/** Whether modules may be loaded again in this process because they changed. */
export function isDevelopment(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return env["NODE_ENV"] === "development";
}

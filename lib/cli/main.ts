#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ErrorCode, TailfillError } from "../errors.ts";
import { type Invocation, readCommand, readInvocation } from "./arguments.ts";
import { makeBackup } from "./backup.ts";
import { distributeTables } from "./distribute.ts";
import { doctor } from "./doctor.ts";
import { importHistory } from "./import/program.ts";
import { printPasswordLink } from "./link.ts";
import { restore } from "./restore.ts";
import { refuseSecondStart, runServer } from "./start.ts";

/**
 * Runs a command to its end.
 * @returns the process' exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  // It may be killed at any point, and then goes on where it was: nothing has to be put in order at its end.
  if (argv[0] === "import") return telling(() => importHistory(argv.slice(1)).then(() => 0));
  const asked = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => asked.abort());
  return telling(async () => {
    if (readCommand(argv).command === "doctor") return doctor(argv, asked.signal); // it wants no settings that can be used
    await runCommand(readInvocation(argv), asked.signal);
    return 0;
  });
}

function runCommand(invocation: Invocation, signal: AbortSignal): Promise<void> {
  if (invocation.command === "link") return printPasswordLink(invocation);
  if (invocation.command === "distribute") return distributeTables(invocation);
  if (invocation.command === "backup") return makeBackup(invocation, signal);
  if (invocation.command === "restore") return restore(invocation, signal);
  return runServer(invocation, signal);
}

/** For `scripts/start.mjs`, before it builds: a build would change the files under a running server. */
export async function checkNotRunning(argv: readonly string[]): Promise<number> {
  return telling(() => refuseSecondStart(readInvocation(argv)).then(() => 0));
}

/** Tells an error in two lines, what happened and what to do, never as a stack trace. */
async function telling(run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    const { message, next } = error instanceof TailfillError ? atTerminal(error) : unexpected(error);
    console.error(`tailfill: ${message}\n${next}`);
    return 1;
  }
}

/** What to do about errors of the API when they come up at a terminal, where nobody sent a request. */
const AT_TERMINAL: Partial<Record<ErrorCode, string>> = {
  database_unavailable: "Start the database, or correct DATABASE_URL, and start again.",
  not_found: "Check the e-mail address.",
};

const atTerminal = ({ code, message, next }: TailfillError) => ({ message, next: AT_TERMINAL[code] ?? next });

function unexpected(error: unknown): { message: string; next: string } {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") return new TailfillError("disk_full", `No space left: ${message}`);
  return { message: String(message), next: "If this names nothing that you can mend, report it with LOG_LEVEL=debug." };
}

const started = process.argv[1];
if (started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url))
  process.exit(await main(process.argv.slice(2)));

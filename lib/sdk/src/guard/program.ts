import { createTailfill } from "../client.ts";
import { databaseUrl, tailfillUrl } from "../environment.ts";
import { errorText } from "./address.ts";
import { readArguments, USAGE } from "./arguments.ts";
import { createGuard } from "./create.ts";
import { GuardRefused } from "./database.ts";
import type { Guard, GuardOptions } from "./options.ts";
import type { GuardOutcome } from "./record.ts";

const LONG_MS = 2 ** 30;

/** The program `tailfill-guard`: runs until SIGTERM or SIGINT, and exits with 1 when it cannot start or may not go on. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const given = readArguments(args, databaseUrl());
    if (given === null) return void process.stdout.write(USAGE);
    await run(given);
  } catch (error) {
    fail(error, "");
  }
}

async function run(given: GuardOptions): Promise<void> {
  let isReady = false;
  const client =
    tailfillUrl() === undefined ? undefined : createTailfill({ onError: (error) => say(errorText(error, "")) });
  const guard = createGuard({
    ...given,
    ...(client === undefined ? {} : { client }),
    onKill: sayLine,
    onReport: sayLine,
    onOutcome: ({ record, pid, outcome, afterMs }: GuardOutcome) =>
      say(`${record.action} of ${pid}: ${outcome.replace("_", " ")} after ${afterMs} ms`),
    onNote: say,
    onError: (error) => {
      if (error instanceof GuardRefused && isReady) fail(error, given.databaseUrl);
      else if (isReady) sayTrouble(error.message);
    },
  });
  stopOnSignals(guard);
  // It goes on while the database is away, when nothing else keeps the process.
  setInterval(() => undefined, LONG_MS);
  await guard.ready.catch((error: unknown) => fail(error, given.databaseUrl));
  isReady = true;
  say("ready");
}

function stopOnSignals(guard: Guard): void {
  const stop = () => void guard.stop().finally(() => process.exit(0));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);
  // Whoever read the lines is gone: nothing may be stopped that is not recorded.
  process.stdout.once("error", () => void guard.stop().finally(() => process.exit(1)));
}

/** Resolves once it is written: a signal is sent after that. */
function sayLine(record: object): Promise<void> {
  return new Promise((written, failed) => {
    process.stdout.write(`${JSON.stringify(record)}\n`, (error) => (error ? failed(error) : written()));
  });
}

function say(text: string): void {
  process.stderr.write(`tailfill-guard: ${text}\n`);
}

let trouble = "";

/** When it changes: it may last. */
function sayTrouble(text: string): void {
  if (text === trouble) return;
  trouble = text;
  say(`${text}; trying again`);
}

function fail(error: unknown, address: string): never {
  say(errorText(error, address));
  process.exit(1);
}

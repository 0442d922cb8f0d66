import { parseArgs } from "node:util";
import { type Config, childEnvironment, readConfig } from "../config.ts";
import { TailfillError } from "../errors.ts";

export const COMMANDS = ["start", "demo", "dev", "link", "backup", "restore", "doctor", "distribute"] as const;
export type Command = (typeof COMMANDS)[number];

/** The processes of a server that may run on different machines. */
export const PARTS = ["web", "worker"] as const;
export type Part = (typeof PARTS)[number];

export interface Invocation {
  command: Command;
  /** The environment with the flags written into it: what the children get. */
  env: NodeJS.ProcessEnv;
  config: Config;
  /** Whom `link` is for; no other command has it. */
  email?: string;
  /** The one process that `start` is to run; both when absent. */
  only?: Part;
  /** Of `backup` and `restore`. */
  file?: string;
  /** Whether `backup` writes the secret into the file. */
  withSecret: boolean;
  /** Whether `restore` may lose what is there. */
  replace: boolean;
  /** Whether `doctor` answers as JSON. */
  json: boolean;
}

const USAGE = `Usage: npm start [-- --port N --host ADDRESS --data-dir FOLDER]   (also: npm run demo, npm run dev)
       npm start -- --only web|worker   (one of the two processes, on the PostgreSQL of DATABASE_URL)
       node dist/cli.js link --email ADDRESS [--data-dir FOLDER]   (a link for a new password)
       node dist/cli.js backup FILE [--with-secret] [--data-dir FOLDER]
       node dist/cli.js restore FILE [--replace] [--data-dir FOLDER]
       node dist/cli.js doctor [--json] [--data-dir FOLDER]
       node dist/cli.js distribute   (places the tables of DATABASE_URL on the machines of its Citus cluster)`;

/** Flags that go with one command only, and what else of the command line belongs to it. */
const OWN = { email: "link", only: "start", "with-secret": "backup", replace: "restore", json: "doctor" } as const;
const WITH_FILE: ReadonlySet<Command> = new Set<Command>(["backup", "restore"]);

/** What is asked for, before any setting is looked at. @throws TailfillError `bad_setting` that tells how to say it */
export function readCommand(argv: readonly string[]) {
  const { values, positionals } = parse(argv);
  const [name = "start", ...rest] = positionals;
  const command = COMMANDS.find((known) => known === name);
  if (command === undefined || rest.length > (WITH_FILE.has(command) ? 1 : 0)) throw unknown(positionals);
  const [file] = rest;
  if (WITH_FILE.has(command) && !file) throw misused(`${command} wants the name of a file.`);
  for (const [flag, owner] of Object.entries(OWN))
    if (values[flag as keyof typeof OWN] && owner !== command) throw misused(`--${flag} goes with ${owner}.`);
  if (command === "link" && !values.email) throw misused("link goes with --email.");
  return { command, file, values };
}

const unknown = (words: readonly string[]) => misused(`Unknown command ${words.join(" ")}.`);
const misused = (what: string) => new TailfillError("bad_setting", `${what}\n${USAGE}`);

/**
 * Reads command, flags and settings. Flags win over settings.
 * @throws TailfillError `bad_setting` that lists every problem of the settings at once
 */
export function readInvocation(argv: readonly string[]): Invocation {
  const { command, file, values } = readCommand(argv);
  const env = environmentOf(command, values);
  const config = readConfig(env);
  return {
    command,
    env,
    config,
    ...(values.only ? { only: partOf(values.only, config) } : {}),
    ...(values.email ? { email: values.email } : {}),
    ...(file ? { file } : {}),
    withSecret: values["with-secret"] ?? false,
    replace: values.replace ?? false,
    json: values.json ?? false,
  };
}

function partOf(name: string, { databaseUrl }: Config): Part {
  const part = PARTS.find((known) => known === name);
  if (part === undefined) throw misused("--only goes with start, and is web or worker.");
  if (databaseUrl === undefined) throw misused("--only needs DATABASE_URL: the embedded database serves one machine.");
  return part;
}

/** This process' environment with the flags written into it. */
export function environmentOf(
  command: Command,
  values: { port?: string; host?: string; "data-dir"?: string },
): NodeJS.ProcessEnv {
  const flags = { PORT: values.port, HOST: values.host, TAILFILL_DATA_DIR: values["data-dir"] };
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const env = childEnvironment(given);
  if (command === "demo" && !env["TAILFILL_DATA_DIR"]) env["TAILFILL_DATA_DIR"] = ".tailfill-demo";
  return env;
}

function parse(argv: readonly string[]) {
  const options = {
    port: { type: "string" },
    host: { type: "string" },
    "data-dir": { type: "string" },
    email: { type: "string" },
    only: { type: "string" },
    "with-secret": { type: "boolean" },
    replace: { type: "boolean" },
    json: { type: "boolean" },
  } as const;
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (cause) {
    throw new TailfillError("bad_setting", `${cause instanceof Error ? cause.message : String(cause)}\n${USAGE}`);
  }
}

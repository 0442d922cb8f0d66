import { parseArgs } from "node:util";
import { type Config, childEnvironment, readConfig } from "../config.ts";
import { TailfillError } from "../errors.ts";

export const COMMANDS = ["start", "demo", "dev", "link", "distribute"] as const;
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
}

const USAGE = `Usage: npm start [-- --port N --host ADDRESS --data-dir FOLDER]   (also: npm run demo, npm run dev)
       npm start -- --only web|worker   (one of the two processes, on the PostgreSQL of DATABASE_URL)
       node dist/cli.js link --email ADDRESS [--data-dir FOLDER]   (a link for a new password)
       node dist/cli.js distribute   (places the tables of DATABASE_URL on the machines of its Citus cluster)`;

/**
 * Reads command, flags and settings. Flags win over settings.
 * @throws TailfillError `bad_setting` that lists every problem of the settings at once
 */
export function readInvocation(argv: readonly string[]): Invocation {
  const { values, positionals } = parse(argv);
  const [name = "start", ...rest] = positionals;
  const command = COMMANDS.find((known) => known === name);
  if (command === undefined || rest.length > 0)
    throw new TailfillError("bad_setting", `Unknown command ${positionals.join(" ")}.\n${USAGE}`);
  if ((command === "link") !== Boolean(values.email))
    throw new TailfillError("bad_setting", `--email goes with link, and link with --email.\n${USAGE}`);
  const flags = { PORT: values.port, HOST: values.host, TAILFILL_DATA_DIR: values["data-dir"] };
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const env = childEnvironment(given);
  if (command === "demo" && !env["TAILFILL_DATA_DIR"]) env["TAILFILL_DATA_DIR"] = ".tailfill-demo";
  const config = readConfig(env);
  const only = values.only === undefined ? undefined : partOf(values.only, command, config);
  return { command, env, config, ...(values.email ? { email: values.email } : {}), ...(only ? { only } : {}) };
}

function partOf(name: string, command: Command, { databaseUrl }: Config): Part {
  const part = PARTS.find((known) => known === name);
  if (part === undefined || command !== "start")
    throw new TailfillError("bad_setting", `--only goes with start, and is web or worker.\n${USAGE}`);
  if (databaseUrl === undefined)
    throw new TailfillError("bad_setting", "--only needs DATABASE_URL: the embedded database serves one machine.");
  return part;
}

function parse(argv: readonly string[]) {
  const options = {
    port: { type: "string" },
    host: { type: "string" },
    "data-dir": { type: "string" },
    email: { type: "string" },
    only: { type: "string" },
  } as const;
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (cause) {
    throw new TailfillError("bad_setting", `${cause instanceof Error ? cause.message : String(cause)}\n${USAGE}`);
  }
}

import { parseArgs } from "node:util";
import { type Config, childEnvironment, readConfig } from "../config.ts";
import { TailfillError } from "../errors.ts";

export const COMMANDS = ["start", "demo", "dev", "link"] as const;
export type Command = (typeof COMMANDS)[number];

export interface Invocation {
  command: Command;
  /** The environment with the flags written into it: what the children get. */
  env: NodeJS.ProcessEnv;
  config: Config;
  /** Whom `link` is for; no other command has it. */
  email?: string;
}

const USAGE = `Usage: npm start [-- --port N --host ADDRESS --data-dir FOLDER]   (also: npm run demo, npm run dev)
       node dist/cli.js link --email ADDRESS [--data-dir FOLDER]   (a link for a new password)`;

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
  return { command, env, config: readConfig(env), ...(values.email ? { email: values.email } : {}) };
}

function parse(argv: readonly string[]) {
  const options = {
    port: { type: "string" },
    host: { type: "string" },
    "data-dir": { type: "string" },
    email: { type: "string" },
  } as const;
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (cause) {
    throw new TailfillError("bad_setting", `${cause instanceof Error ? cause.message : String(cause)}\n${USAGE}`);
  }
}

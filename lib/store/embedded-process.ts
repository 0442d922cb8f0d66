import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { childEnvironment } from "../config.ts";
import { log } from "../log.ts";
import type { Account } from "./embedded-account.ts";

/** How a program of PostgreSQL is run: where the binaries and the cluster are, and as whom. */
export interface Place {
  binaries: string;
  /** The cluster's folder, absolute. */
  folder: string;
  /** The cluster's folder as the programs are told it: see `asSeenBy` in embedded.ts. */
  dataPath: string;
  account: Account | undefined;
}

export interface Server {
  pid: number;
  /** Settles when the process has ended, for whatever reason, with its last lines. */
  ended: Promise<string[]>;
  /** Stops it: open transactions are rolled back, everything acknowledged is on disk. */
  stop(): Promise<void>;
}

const FAST_STOP_LIMIT_MS = 4_000;
/** What still stands then is stuck, and recovers at the next start: the whole stop has to be over in 10 s. */
const HARD_STOP_LIMIT_MS = 6_000;
const LAST_LINES = 20;

/**
 * Replaces itself by PostgreSQL, and leaves a guard of one small shell behind that reads the pipe from our process.
 * The pipe ends when our process ends, however it ends; the guard then asks PostgreSQL to stop. Without it a
 * `kill -9` of `npm start` would leave a database server behind that nobody owns.
 */
const GUARDED = `exec 3<&0 </dev/null
( { read -r _ <&3; read -r now < postmaster.pid && [ "$now" = "$$" ] && kill -INT "$$"; } >/dev/null 2>&1 & )
exec "$@" 3<&-`;

/** Starts `postgres` with these settings; it may not be ready for connections yet. */
export function spawnServer(place: Place, settings: Record<string, string>): Server {
  const args = [
    "-D",
    place.dataPath,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
  const child = spawnProgram(place, "postgres", args);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    if (stream) createInterface({ input: stream }).on("line", (line) => keepLine(lines, line));
  const ended = new Promise<string[]>((resolve) => {
    child.once("error", (error) => resolve([...lines, error.message]));
    child.once("exit", () => {
      child.stdin?.destroy(); // lets the guard go
      setImmediate(resolve, lines);
    });
  });
  return { pid: child.pid ?? 0, ended, stop: () => stopServer(child, place, ended) };
}

function keepLine(lines: string[], line: string): void {
  lines.push(line);
  if (lines.length > LAST_LINES) lines.shift();
  log("database")[levelOf(line)](line);
}

/** Ordinary life: our own probes while it starts, and connections that end with it. */
const EXPECTED =
  /starting up|not yet accepting connections|shutting down|terminating connection due to administrator command/;

function levelOf(line: string): "error" | "warn" | "debug" {
  if (EXPECTED.test(line)) return "debug";
  return /^(FATAL|PANIC)/.test(line) ? "error" : /^(ERROR|WARNING)/.test(line) ? "warn" : "debug";
}

async function stopServer(child: ChildProcess, place: Place, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  if (process.platform === "win32") await runProgram(place, "pg_ctl", ["stop", "-m", "fast", "-D", place.dataPath]);
  else child.kill("SIGINT");
  const hard = setTimeout(() => child.kill("SIGQUIT"), FAST_STOP_LIMIT_MS);
  const hardest = setTimeout(() => child.kill("SIGKILL"), HARD_STOP_LIMIT_MS);
  await ended;
  clearTimeout(hard);
  clearTimeout(hardest);
}

/**
 * Runs a program of PostgreSQL to its end.
 * @returns its exit code and what it printed
 */
export async function runProgram(
  place: Place,
  name: string,
  args: string[],
): Promise<{ code: number; output: string }> {
  const child = spawnProgram(place, name, args);
  let output = "";
  child.stdout?.on("data", (chunk) => (output += String(chunk)));
  child.stderr?.on("data", (chunk) => (output += String(chunk)));
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? -1, output };
}

/** Its own session, so that Ctrl-C in the terminal reaches us alone and we stop things in order. */
function spawnProgram(place: Place, name: string, args: string[]): ChildProcess {
  const program = join(place.binaries, "bin", name);
  if (process.platform === "win32") return spawn(program, args, { cwd: place.folder, env: childEnvironment({}) });
  const command =
    name === "postgres" ? ["-c", GUARDED, "sh", program, ...args] : ["-c", 'exec "$@"', "sh", program, ...args];
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" } as Record<string, string>;
  return spawn("/bin/sh", command, {
    cwd: place.folder,
    env: env as NodeJS.ProcessEnv,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    ...place.account,
  });
}

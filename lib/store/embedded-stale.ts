import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { TailfillError } from "../errors.ts";

/** Fast shutdown, then immediate shutdown; both leave a cluster that opens with everything acknowledged. */
const STEPS: [signal: NodeJS.Signals, limitMs: number][] = [
  ["SIGINT", 8_000],
  ["SIGQUIT", 5_000],
];

/**
 * Ends a server that an earlier start left on this cluster, and removes a `postmaster.pid` whose number now belongs
 * to another program (pid reuse, a restarted container): PostgreSQL would refuse to start for it.
 * The caller holds the data directory, so a running server here has no owner.
 * @throws TailfillError `database_start_failed` when it does not end.
 */
export async function endStaleServer(folder: string): Promise<void> {
  const file = join(folder, "postmaster.pid");
  if (!existsSync(file)) return;
  const pid = Number.parseInt(readFileSync(file, "utf8"), 10);
  if (!(pid > 0) || !isServerOf(pid, folder)) return rmSync(file, { force: true });
  for (const [signal, limitMs] of STEPS) {
    if (!send(pid, signal)) return;
    const end = performance.now() + limitMs;
    while (performance.now() < end) {
      if (!isServerOf(pid, folder)) return;
      await pause(20);
    }
  }
  const message = `An earlier PostgreSQL (process ${pid}) still runs on ${folder} and does not stop. End it, then start again.`;
  throw new TailfillError("database_start_failed", message);
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Whether a live process is the server of this cluster. PostgreSQL's working directory is its cluster. */
function isServerOf(pid: number, folder: string): boolean {
  if (!send(pid, 0)) return false;
  try {
    if (process.platform === "linux") return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder);
    if (process.platform === "win32")
      return execFileSync("tasklist", ["/FI", `PID eq ${pid}`])
        .toString()
        .includes("postgres");
    return /postgres/.test(execFileSync("/bin/ps", ["-p", String(pid), "-o", "command="]).toString());
  } catch {
    return false;
  }
}

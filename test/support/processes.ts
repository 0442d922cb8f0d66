import { execFileSync } from "node:child_process";

/** A process and all that it started, and what those started. */
export function familyOf(pid: number): number[] {
  const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number) as [pid: number, parent: number]);
  const family = [pid];
  for (const member of family) family.push(...pairs.filter(([, parent]) => parent === member).map(([child]) => child));
  return family;
}

/** Processes whose command line contains a text. */
export function processesWith(text: string): string[] {
  const rows = execFileSync("ps", ["-A", "-ww", "-o", "pid=,args="], { encoding: "utf8" }).split("\n");
  return rows.filter((row) => row.includes(text) && !row.includes("ps -A"));
}

/** Whether a process runs (one that ended and was not yet collected does not). */
export function isRunning(pid: number): boolean {
  try {
    const state = execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return state !== "" && !state.startsWith("Z");
  } catch {
    return false;
  }
}

/** The process whose command line contains a text, among those that another one started. */
export function processOf(parent: number, text: string): number | undefined {
  const family = new Set(familyOf(parent));
  return processesWith(text)
    .map((row) => Number.parseInt(row, 10))
    .find((pid) => family.has(pid));
}

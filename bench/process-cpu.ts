import { readdirSync, readFileSync } from "node:fs";

/** CPU time, in milliseconds, of a process' children and theirs, by what they are. Linux only; empty elsewhere. */
export function cpuOfChildren(rootPid: number): Map<string, number> {
  const times = new Map<string, number>();
  for (const one of familyOf(rootPid)) {
    const name = nameOf(one.pid);
    times.set(name, (times.get(name) ?? 0) + one.cpuMs);
  }
  return times;
}

/** The ids of a process, its children and theirs. Linux only; empty elsewhere. */
export const pidsOf = (rootPid: number): number[] => familyOf(rootPid).map(({ pid }) => pid);

function familyOf(rootPid: number): Process[] {
  const processes = all();
  return processes.filter(({ pid }) => descends(pid, rootPid, processes));
}

interface Process {
  pid: number;
  parent: number;
  cpuMs: number;
}

/** The kernel counts in hundredths of a second. */
const TICK_MS = 10;

function all(): Process[] {
  return pids().flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      // 0 is the state, 1 the parent; 11 to 14 are user and system time, of itself and of children that ended.
      const cpuMs = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]) * TICK_MS, 0);
      return [{ pid, parent: Number(fields[1]), cpuMs }];
    } catch {
      return []; // it has ended since
    }
  });
}

function pids(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function descends(pid: number, rootPid: number, processes: readonly Process[]): boolean {
  for (let at = pid; at > 1;) {
    if (at === rootPid) return true;
    at = processes.find((one) => one.pid === at)?.parent ?? 0;
  }
  return false;
}

function nameOf(pid: number): string {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return (
      /dist\/(web|worker|cli)\.js/.exec(command)?.[1] ??
      (command.startsWith("postgres") || /postgres/.test(command) ? "postgres" : "start")
    );
  } catch {
    return "gone";
  }
}

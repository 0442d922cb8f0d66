import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** Whether processes can be bound to one processor each: Linux with util-linux, and two processors to tell apart. */
export const canPin = (): boolean =>
  availableParallelism() > 1 && spawnSync("taskset", ["-p", String(process.pid)]).status === 0;

/** Binds a process, all its threads, to one processor: what it costs then does not depend on who runs beside it there. */
export function pin(pid: number, processor: number): void {
  spawnSync("taskset", ["-a", "-c", "-p", String(processor), String(pid)]);
}

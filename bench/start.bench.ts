// Time to "ready" with a build in place, and memory of all processes at rest (PSS: shared pages count once).
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { pidsOf } from "./process-cpu.ts";
import { type Row, short } from "./rounds.ts";
import { type DataDir, newDataDir, startServer } from "./start-server.ts";

const REST_MS = 20_000;

export default async function bench(): Promise<Row[]> {
  const dataDir = newDataDir();
  try {
    return [await measured("first start, empty data directory", dataDir), await measured("next start", dataDir)];
  } finally {
    dataDir.remove();
  }
}

async function measured(start: string, dataDir: DataDir): Promise<Row> {
  const server = await startServer(dataDir);
  try {
    await pause(REST_MS);
    const pids = pidsOf(server.child.pid!);
    const kib = pids.reduce((sum, pid) => sum + pssKib(pid), 0);
    return {
      start,
      "ready s": short(server.readyMs / 1_000),
      processes: pids.length,
      "memory MB": Math.round(kib / 1024),
    };
  } finally {
    await server.stop();
  }
}

const pssKib = (pid: number): number => Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);

/** Empty when the process has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

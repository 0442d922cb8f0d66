import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { newApiKey } from "@/lib/key-format";

/** tailfill as `npm start` runs it: web, worker and embedded PostgreSQL. */
export interface Server {
  url: string;
  key: string;
  child: ChildProcess;
  /** From its start to "ready", in milliseconds. */
  readyMs: number;
  /** Ends it; its data stay. */
  stop(): Promise<void>;
}

export interface DataDir {
  path: string;
  remove(): void;
}

export function newDataDir(): DataDir {
  const path = mkdtempSync(join(tmpdir(), "tailfill-bench-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts a server on a port of its own, with these settings besides. */
export async function startServer(dataDir: DataDir, settings: Record<string, string> = {}): Promise<Server> {
  const startedMs = performance.now();
  const key = newApiKey();
  const args = ["scripts/start.mjs", "start", "--port", "0", "--data-dir", dataDir.path];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, TAILFILL_API_KEY: key, LOG_LEVEL: "warn", ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^tailfill ready: (\S+)/.exec(line)?.[1];
    if (url !== undefined) return { url, key, child, readyMs: performance.now() - startedMs, stop };
  }
  throw new Error("the server ended before it was ready");
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { newApiKey } from "@/lib/key-format";
import { prepareEmbedded } from "@/lib/store/embedded";
import { freePort } from "@/test/support/free-port";
import { cpuOfChildren } from "./process-cpu.ts";
import { newDataDir } from "./start-server.ts";

/** Web and worker processes, each started by itself, on one PostgreSQL with the settings of `npm start`. */
export interface Machines {
  /** Where the web processes listen. */
  urls: string[];
  databaseUrl: string;
  key: string;
  /** CPU time so far, milliseconds, by what it went into: `web`, `worker`, `postgres`. */
  cpuMs(): Map<string, number>;
  stop(): Promise<void>;
}

const SECRET = "a secret of the benches, never of a server";

export async function startMachines({ webs, workers }: { webs: number; workers: number }): Promise<Machines> {
  const folder = newDataDir();
  const embedded = await prepareEmbedded(join(folder.path, "database"), { max_connections: "200" });
  const database = await embedded.start();
  const key = newApiKey();
  const env = { DATABASE_URL: embedded.url, TAILFILL_SECRET: SECRET, TAILFILL_API_KEY: key, LOG_LEVEL: "warn" };
  const started: Started[] = [];
  const urls: string[] = [];
  const stop = async () => {
    await Promise.all(started.map((one) => one.stop()));
    await database.stop();
    embedded.close();
    rmSync(folder.path, { recursive: true, force: true });
  };
  try {
    for (let at = 0; at < webs; at++) {
      const port = await freePort();
      started.push(await startPart(["--only", "web", "--port", String(port)], env));
      urls.push(`http://127.0.0.1:${port}`);
    }
    for (let at = 0; at < workers; at++) started.push(await startPart(["--only", "worker"], env));
  } catch (error) {
    await stop();
    throw error;
  }
  return { urls, databaseUrl: embedded.url, key, cpuMs: () => cpuOfChildren(process.pid), stop };
}

interface Started {
  stop(): Promise<void>;
}

async function startPart(args: string[], env: Record<string, string>): Promise<Started> {
  const child: ChildProcess = spawn(process.execPath, ["scripts/start.mjs", "start", ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const end = () => void child.kill("SIGKILL"); // a bench that fails leaves nobody behind
  process.once("exit", end);
  const stop = async () => {
    process.off("exit", end);
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
  };
  for await (const line of createInterface({ input: child.stdout! }))
    if (line.startsWith("tailfill ready")) return { stop };
  throw new Error(`start ${args.join(" ")} ended before it was ready`);
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { testDatabase, type TestDatabase } from "./database.ts";
import { API_KEY, atRest, type Shown } from "./fault-run.ts";
import { freePort } from "./free-port.ts";
import { processOf } from "./processes.ts";
import { roundRobin, type RoundRobin } from "./round-robin.ts";
import { ServerProcess } from "./server-process.ts";
import { type Sent, StubbornClient } from "./stubborn-client.ts";

const SECRET = "a secret of the tests, never of a server";
const READY_MS = 90_000;

/** One machine of many: `tailfill start --only …`, started again whenever it is gone. */
export class Machine {
  private server: ServerProcess;
  readonly outputs: string[] = [];

  constructor(
    readonly part: "web" | "worker",
    private readonly settings: { env: Record<string, string>; args: string[] },
  ) {
    this.server = this.begin();
  }

  ready(): Promise<string> {
    return this.server.ready(READY_MS);
  }

  /** Ends the machine in one of the ways in which machines end, and starts it again. */
  async fail(how: "crash" | "power" | "stop"): Promise<void> {
    if (how === "crash") return this.crash();
    if (how === "power") this.server.killAll();
    else this.server.signal("SIGTERM");
    await this.server.over(60_000);
    this.outputs.push(this.server.stderr);
    this.server = this.begin();
  }

  async stop(): Promise<void> {
    if (this.server.ended === undefined) this.server.signal("SIGTERM");
    await this.server.over(60_000);
  }

  /** The process is killed, and its `start` starts it again. */
  private crash(): void {
    const pid = processOf(this.server.pid, `dist/${this.part}.js`);
    if (pid !== undefined) process.kill(pid, "SIGKILL");
  }

  private begin(): ServerProcess {
    const { env, args } = this.settings;
    return new ServerProcess({ env, args: ["--only", this.part, ...args], isLeader: true });
  }
}

export interface Many {
  database: TestDatabase;
  webs: Machine[];
  workers: Machine[];
  /** Where each web process listens. */
  urls: string[];
  proxy: RoundRobin;
  stop(): Promise<void>;
}

/** Machines on one PostgreSQL database of their own, the web processes behind a proxy. */
export async function manyMachines(plan: {
  webs: number;
  workers: number;
  asksReady?: boolean;
  env?: Record<string, string>;
}): Promise<Many> {
  const database = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), "tailfill-many-"));
  const env = { DATABASE_URL: database.url, TAILFILL_SECRET: SECRET, TAILFILL_API_KEY: API_KEY, ...plan.env };
  const ports: number[] = [];
  for (let at = 0; at < plan.webs; at++) ports.push(await freePort());
  const machine = (part: "web" | "worker", args: string[]) =>
    new Machine(part, { env, args: [...args, "--data-dir", join(folder, "data")] });
  const webs = ports.map((port) => machine("web", ["--port", String(port)]));
  const workers = Array.from({ length: plan.workers }, () => machine("worker", []));
  const proxy = await roundRobin(ports, plan);
  const stop = async () => {
    await Promise.all([...webs, ...workers].map((one) => one.stop()));
    await proxy.stop();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all([...webs, ...workers].map((one) => one.ready()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { database, webs, workers, urls: ports.map((port) => `http://127.0.0.1:${port}`), proxy, stop };
}

export interface ManyRun {
  sent: Sent;
  /** What each web process shows in the end. */
  shown: Shown[];
  /** Batches that the database knows. */
  receipts: number;
  failures: Record<"crash" | "power" | "stop", number>;
}

const HOWS = ["crash", "power", "stop"] as const;

/** Lets machines end at random, in all ways, while clients send through the proxy; then lets all come to rest, and counts. */
export async function manyRun(plan: {
  webs: number;
  workers: number;
  forMs: number;
  everyMs: number;
}): Promise<ManyRun> {
  const many = await manyMachines(plan);
  try {
    const client = new StubbornClient({ url: many.proxy.url, apiKey: API_KEY }, 6);
    const failures = { crash: 0, power: 0, stop: 0 };
    const machines = [...many.webs, ...many.workers];
    const under = new Set<Promise<void>>();
    for (const endMs = performance.now() + plan.forMs; performance.now() < endMs;) {
      await pause(plan.everyMs * (0.5 + Math.random()));
      const how = HOWS[Math.floor(Math.random() * HOWS.length)]!;
      const failing = machines[Math.floor(Math.random() * machines.length)]!.fail(how);
      failures[how] += 1;
      under.add(failing);
      void failing.finally(() => under.delete(failing));
      if (under.size >= machines.length) await Promise.race(under);
    }
    await Promise.all(under);
    await Promise.all(machines.map((one) => one.ready()));
    const sent = await client.finish();
    const shown: Shown[] = [];
    for (const url of many.urls) shown.push(await atRest(url));
    return { sent, shown, receipts: await many.database.db.batchReceipt.count(), failures };
  } finally {
    await many.stop();
  }
}

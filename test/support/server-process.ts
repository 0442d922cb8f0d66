import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { until } from "./until.ts";

/** Settings of the machine that runs the tests are not those of the servers under test. */
const SETTING = /^(PORT|HOST|DATABASE_URL|REDIS_URL|LOG_LEVEL|NODE_ENV|TAILFILL_.*|PG.*|VITEST.*|TEST_.*)$/;

export interface StartOptions {
  /** What it is to do; `start` unless told. */
  command?: string;
  args?: string[];
  env?: Record<string, string>;
  /** The folder with `dist/`; this repository unless told. */
  root?: string;
  /** Leads a process group of its own, so that everything of it can be killed at once. */
  isLeader?: boolean;
}

/** A `tailfill` process as it is run by `npm start`, after the build. */
export class ServerProcess {
  stdout = "";
  stderr = "";
  /** Exit code, or the signal's name; undefined while it runs. */
  ended: number | string | undefined;
  readonly exit: Promise<number | string>;
  private readonly child: ChildProcess;

  constructor({ command = "start", args = [], env = {}, root = ".", isLeader = false }: StartOptions = {}) {
    const cli = resolve(root, "dist/cli.js");
    if (!existsSync(cli)) throw new Error("dist/cli.js is missing: run `node scripts/build.mjs` first");
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTING.test(name)));
    this.child = spawn(process.execPath, [cli, command, ...args], {
      cwd: resolve(root),
      env: { ...own, ...env } as unknown as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe"],
      detached: isLeader,
    });
    this.child.stdout?.on("data", (chunk) => (this.stdout += String(chunk)));
    this.child.stderr?.on("data", (chunk) => (this.stderr += String(chunk)));
    this.exit = new Promise((done) => {
      this.child.once("close", (code, signal) => done((this.ended = code ?? String(signal))));
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Kills the process and all that it started, at one moment. It must lead its group. */
  killAll(): void {
    process.kill(-this.pid, "SIGKILL");
  }

  /** Waits for the line that says it is ready. */
  async ready(limitMs = 60_000): Promise<string> {
    const line = await until(
      "tailfill is ready",
      () => {
        if (this.ended !== undefined) throw new Error(`it ended (${this.ended}):\n${this.stderr}`);
        return /tailfill ready: (\S+)\n/.exec(this.stdout);
      },
      limitMs,
    );
    return line[1] ?? "";
  }

  /** Waits for its end. */
  async over(limitMs = 15_000): Promise<number | string> {
    await until("tailfill has ended", () => this.ended !== undefined, limitMs);
    return this.exit;
  }
}

/** A data directory of a test's own, and the servers on it. */
export async function serverSuite() {
  const folder = await mkdtemp(join(tmpdir(), "tailfill-cli-"));
  const servers: ServerProcess[] = [];
  return {
    folder,
    start(options: StartOptions = {}): ServerProcess {
      const args = ["--port", "0", "--data-dir", join(folder, "data"), ...(options.args ?? [])];
      const server = new ServerProcess({ ...options, args });
      servers.push(server);
      return server;
    },
    async clean(): Promise<void> {
      for (const server of servers) if (server.ended === undefined) server.signal("SIGTERM");
      await Promise.all(servers.map((server) => server.over(20_000)));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "@/test/support/until";
import type { Project } from "../../packed/package";
import type { Backend } from "./backends";

/** The module that app and worker share: a fill says when it begins and ends, and ends when the file `go` is there. */
const CACHED = `
  import { appendFileSync, existsSync, readFileSync } from "node:fs";
  import { setTimeout as pause } from "node:timers/promises";
  import { bullmqQueue } from "@tailfill/sdk/prefill";
  const at = (name) => new URL(name, import.meta.url);
  const said = () => (existsSync(at("said")) ? readFileSync(at("said"), "utf8") : "");
  const say = (what, user) => appendFileSync(at("said"), what + " " + user + " " + process.pid + "\\n");
  export const feed = {
    name: "feed", ttlSeconds: 1800, signals: [],
    get: async (user) => user,
    invalidate: async () => undefined,
    mark: async () => undefined,
    isCold: async (user) => !said().includes("end " + user + " "),
    async fill(user, { signal }) {
      say("begin", user);
      while (!existsSync(at("go")) && !signal.aborted) await pause(10);
      if (signal.aborted) return { state: "dropped", tookUs: 1, bytes: 0 };
      say("end", user);
      return { state: "filled", tookUs: 1000, bytes: 10 };
    },
  };
  export const queue = bullmqQueue({ url: process.env.QUEUE_URL, name: process.env.QUEUE_NAME });
`;

let folders = 0;

/** The worker of a project with the packed SDK, with a module of its own. */
export class WorkerProgram {
  readonly #project: Project;
  readonly #folder = `worker-${++folders}`;
  readonly #children: ChildProcess[] = [];

  private constructor(project: Project) {
    this.#project = project;
  }

  static async make(project: Project): Promise<WorkerProgram> {
    const program = new WorkerProgram(project);
    await project.write(`${program.#folder}/cached.mjs`, CACHED);
    return program;
  }

  /** Starts a worker, and waits until it is ready. */
  async start(backend: Backend, serverUrl: string, args: string[] = []): Promise<ChildProcess> {
    const program = join(this.#project.folder, "node_modules/@tailfill/sdk/dist/esm/tailfill-worker.js");
    const env = {
      ...process.env,
      QUEUE_URL: backend.url,
      QUEUE_NAME: backend.name,
      TAILFILL_URL: serverUrl,
      TAILFILL_API_KEY: "tf_test",
      TAILFILL_SERVICE: "shop",
      TAILFILL_ENVIRONMENT: "test",
    };
    const cwd = join(this.#project.folder, this.#folder);
    const child = fork(program, ["./cached.mjs", ...args], { cwd, env, stdio: "pipe" });
    this.#children.push(child);
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => (output += String(chunk)));
    child.stderr?.on("data", (chunk: Buffer) => (output += String(chunk)));
    await until("the worker is ready", () => {
      if (child.exitCode !== null) throw new Error(`the worker ended: ${output}`);
      return output.includes("ready");
    });
    return child;
  }

  /** What the fills said: `begin` or `end`, the user, the process. */
  async said(): Promise<{ what: string; user: string; pid: number }[]> {
    const text = await readFile(join(this.#project.folder, this.#folder, "said"), "utf8").catch(() => "");
    return text
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split(" "))
      .map(([what = "", user = "", pid]) => ({ what, user, pid: Number(pid) }));
  }

  /** Lets fills end. */
  async go(): Promise<void> {
    await this.#project.write(`${this.#folder}/go`, "");
  }

  async stop(): Promise<void> {
    for (const child of this.#children) await kill(child);
  }
}

export async function kill(child: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
  return child.exitCode;
}

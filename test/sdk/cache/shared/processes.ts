import { build } from "esbuild";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FillResult } from "@/lib/sdk/src/cache/definition-type";
import type { Kind, Where } from "./kinds";
import type { RaceResult } from "./race";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../../../..");

interface Answers {
  get: { n: number; by: number };
  fill: FillResult;
  invalidate: undefined;
  isCold: boolean;
  race: RaceResult;
}

/** A process of its own that has the shared definition. */
export class AppProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (message: { answer?: unknown; error?: string; tookMs?: number }) => void>();
  #last = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", (message: { id: number; answer?: unknown }) => this.#waiting.get(message.id)?.(message));
  }

  static async start(program: string, kind: Kind, where: Where): Promise<AppProcess> {
    const child = fork(program, [kind, where.redisUrl ?? "", where.databaseUrl ?? ""], { stdio: "inherit" });
    const app = new AppProcess(child);
    await new Promise<void>((ready, fail) => {
      app.#waiting.set(0, () => ready());
      child.once("exit", () => fail(new Error("the process ended before it was ready")));
    });
    return app;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  async do<Order extends keyof Answers>(order: Order, argument: string | number): Promise<Answers[Order]> {
    return (await this.timed(order, argument)).answer;
  }

  /** What came back, and how long that took in the process. */
  async timed<Order extends keyof Answers>(
    order: Order,
    argument: string | number,
  ): Promise<{ answer: Answers[Order]; tookMs: number }> {
    const id = ++this.#last;
    const message = await new Promise<{ answer?: unknown; error?: string; tookMs?: number }>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({ id, order, argument: String(argument) });
    });
    if (message.error !== undefined) throw new Error(message.error);
    return { answer: message.answer as Answers[Order], tookMs: message.tookMs ?? 0 };
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await gone;
  }
}

/** The program as one file below node_modules, so that what stays outside of it is found. */
export async function bundleProgram(): Promise<string> {
  const outfile = join(root, `node_modules/.cache/tailfill-test/cache-process-${process.pid}.mjs`);
  await build({
    entryPoints: [join(here, "process-program.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    alias: { "@": root },
    logLevel: "error",
  });
  return outfile;
}

import { transform } from "esbuild";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "@/test/support/until";
import { installSdk } from "../packed/package";
import { snippets } from "../packed/snippets";
import { linkPackage } from "./hard-links";
import type { Sample } from "./recording-client";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../../..");

/** A copy of the test app with one version of Next below node_modules, so that it finds what is installed. */
export class NextApp {
  private constructor(
    private readonly folder: string,
    private readonly bin: string,
  ) {}

  /** Builds the app with the package that `node_modules/<next>` is. */
  static async build(next: string): Promise<NextApp> {
    const above = join(root, "node_modules/.cache/tailfill-test", await nameAndVersion(next));
    const folder = join(above, String(process.pid));
    await rm(folder, { recursive: true, force: true });
    await cp(join(here, "next-app"), folder, { recursive: true });
    // Next asks for parts of itself as `next/…`, so under an alias it must lie where that name is found.
    const installed = join(above, "node_modules/next");
    await linkPackage(join(root, "node_modules", next), installed);
    await installSdk(folder);
    const snippet = (await snippets()).find(({ name }) => name === "next instrumentation.ts");
    await writeFile(join(folder, "snippet.js"), (await transform(snippet?.code ?? "", { loader: "ts" })).code);
    const app = new NextApp(folder, join(installed, "dist/bin/next"));
    const { child, output } = app.run(["build", "--turbopack"], {});
    const [code] = (await once(child, "exit")) as [number];
    if (code !== 0) throw new Error(`next build failed:\n${output()}`);
    return app;
  }

  async start(env: Record<string, string> = {}): Promise<NextServer> {
    const { child, output } = this.run(["start", "-H", "127.0.0.1", "-p", "0"], env);
    await until("Next is ready", () => child.exitCode !== null || /Ready in/.test(output()), 60_000);
    const port = /127\.0\.0\.1:(\d+)/.exec(output())?.[1];
    if (port === undefined || child.exitCode !== null) throw new Error(`next start failed:\n${output()}`);
    return new NextServer(Number(port), child, output);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private run(args: string[], more: Record<string, string>): { child: ChildProcess; output: () => string } {
    const env = { ...process.env, TEST_ROOT: root, NEXT_TELEMETRY_DISABLED: "1", ...more };
    for (const name of ["VITEST", "NODE_ENV", "NODE_OPTIONS"]) Reflect.deleteProperty(env, name);
    const child = spawn(process.execPath, [this.bin, ...args], { cwd: this.folder, env });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (text += String(chunk)));
    return { child, output: () => text };
  }
}

async function nameAndVersion(next: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, "node_modules", next, "package.json"), "utf8")) as {
    version: string;
  };
  return `${next}-${version}`;
}

/** A running `next start`, whose client prints its samples. */
export class NextServer {
  private seen = 0;

  constructor(
    readonly port: number,
    private readonly child: ChildProcess,
    readonly output: () => string,
  ) {}

  /** All lines of a kind so far. */
  lines<T>(kind: string): T[] {
    return [...this.output().matchAll(new RegExp(`^${kind} (.*)$`, "gm"))].map(
      (match) => JSON.parse(match[1] ?? "") as T,
    );
  }

  /** The next samples, that many; fails when there are more. */
  async samples(count: number): Promise<Sample[]> {
    const fresh = (): Sample[] => this.lines<Sample>("SAMPLE").slice(this.seen);
    const found = await until(`${count} samples`, () => (fresh().length >= count ? fresh() : null));
    this.seen += found.length;
    return found;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }
}

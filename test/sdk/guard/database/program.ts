import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { until } from "@/test/support/until";
import type { Project } from "../../packed/package";

export interface Program {
  child: ChildProcess;
  /** The lines of stdout, as they were read. */
  lines(): Record<string, unknown>[];
  out(): string;
  err(): string;
  ready(): Promise<unknown>;
  /** The exit code, or the signal. */
  over(): Promise<number | string>;
}

/** `tailfill-guard` as it would be installed. */
export function guardProgram(project: Project, args: string[], cleanup: (() => unknown)[]): Program {
  const file = join(project.folder, "node_modules/@tailfill/sdk/dist/esm/tailfill-guard.js");
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, DATABASE_URL: "" },
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.out += String(chunk)));
  child.stderr.on("data", (chunk: Buffer) => (said.err += String(chunk)));
  const ended = once(child, "close").then(([code, signal]) => (code ?? signal) as number | string);
  cleanup.push(() => {
    child.kill("SIGKILL");
    return ended;
  });
  const lines = () =>
    said.out
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const ready = () =>
    until("the guard is ready", () => {
      if (child.exitCode !== null) throw new Error(said.err);
      return said.err.includes("tailfill-guard: ready");
    });
  return { child, lines, out: () => said.out, err: () => said.err, ready, over: () => ended };
}

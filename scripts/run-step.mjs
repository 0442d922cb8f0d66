import { spawn } from "node:child_process";
import { root } from "./sources.mjs";

/** Telemetry and update notices of tools, off; Prisma gets an executable so that it downloads none. */
const QUIET = {
  NEXT_TELEMETRY_DISABLED: "1",
  CHECKPOINT_DISABLE: "1",
  PRISMA_HIDE_UPDATE_MESSAGE: "1",
  DO_NOT_TRACK: "1",
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
};

/** Runs a Node program to its end in the repository's root. Its output is collected and given back with its code. */
export function runNode(args, env = {}) {
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...QUIET, ...env } });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: 1, output: error.message }));
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

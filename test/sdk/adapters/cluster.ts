import { build } from "esbuild";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Sample } from "./recording-client";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../../..");

/** Serves a fixture from two cluster workers, asks `/users/…` that many times, and gives each worker's samples. */
export async function clusterSamples(fixture: string, requests: number): Promise<Sample[][]> {
  const script = await bundle(fixture);
  const { stdout } = await promisify(execFile)(process.execPath, [script, fixture, String(requests)]);
  return JSON.parse(stdout) as Sample[][];
}

/** Below node_modules, so that what stays outside of the bundle is found. */
async function bundle(fixture: string): Promise<string> {
  const outfile = join(root, "node_modules/.cache/tailfill-test", `cluster-${fixture}.mjs`);
  await build({
    entryPoints: [join(here, "cluster-program.ts")],
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

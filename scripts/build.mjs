// Builds what `npm start` runs: Prisma client, SDK, dist/ (command line and children), and the pages.
// `--if-stale` does nothing when the build is complete and the sources have not changed since.
import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runNode } from "./run-step.mjs";
import { hashOf, isFresh, root } from "./sources.mjs";

const STAMP = "dist/built-from";
const SOURCES = ["app", "components", "lib", "prisma", "public", "package-lock.json", "scripts/build.mjs"];
const CONFIGS = ["next.config.ts", "postcss.config.mjs", "proxy.ts", "instrumentation.ts", "tsconfig.json"];
const MADE = [
  "dist/cli.js",
  "dist/web.js",
  "dist/worker.js",
  "dist/sdk.tgz",
  ".next/BUILD_ID",
  "lib/store/generated/client.ts",
  "lib/demo/generated/client.ts",
];

const sourcesHash = () => hashOf([...SOURCES, ...CONFIGS]);

/** Whether what is built is what the sources say. */
export function buildIsFresh() {
  return isFresh(STAMP, sourcesHash(), MADE);
}

async function step(name, args) {
  const start = performance.now();
  const { code, output } = await runNode(args);
  if (code !== 0) throw new Error(`${name} failed:\n${output}`);
  console.error(`  ${name}  ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** One file for each process. Packages stay outside: they are in node_modules at run time as well. */
const processes = {
  absWorkingDir: root,
  entryPoints: {
    cli: "lib/cli/main.ts",
    prepare: "lib/cli/prepare.ts",
    "password-link": "lib/cli/password-link.ts",
    backup: "lib/cli/backup-child.ts",
    restore: "lib/cli/restore-child.ts",
    doctor: "lib/cli/doctor-child.ts",
    web: "lib/cli/web.ts",
    worker: "lib/cli/worker.ts",
    demo: "lib/cli/demo.ts",
  },
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  packages: "external",
  alias: { "@": root },
  sourcemap: "linked",
  logLevel: "warning",
};

async function bundleProcesses() {
  const esbuild = await import("esbuild");
  rmSync(join(root, "dist"), { recursive: true, force: true });
  await esbuild.build(processes);
  await esbuild.stop();
}

/** The SDK as one file, which the server hands out: an app installs from there what belongs to its server. */
function packSdk() {
  const args = ["pack", "--ignore-scripts", "--silent", "--pack-destination", join(root, "dist")];
  const options = { cwd: join(root, "lib", "sdk"), encoding: "utf8", shell: process.platform === "win32" };
  const { status, stdout, stderr, error } = spawnSync("npm", args, options);
  if (status !== 0) throw new Error(`npm pack failed: ${error?.message ?? stderr}`);
  renameSync(join(root, "dist", stdout.trim().split("\n").at(-1)), join(root, "dist", "sdk.tgz"));
}

/** For `npm run dev`: builds dist/ now and again on every change. The pages are Next.js' own business there. */
export async function watchProcesses() {
  await step("client", ["scripts/generate.mjs", "--if-stale"]);
  await step("sdk", ["scripts/build-sdk.mjs", "--if-stale"]);
  const { context } = await import("esbuild");
  rmSync(join(root, STAMP), { force: true });
  const watched = await context(processes);
  await watched.rebuild();
  packSdk();
  await watched.watch();
}

/** Builds everything. @throws Error with the failing step's output */
export async function build() {
  const hash = sourcesHash();
  console.error("Building tailfill (about half a minute) …");
  await step("client", ["scripts/generate.mjs", "--if-stale"]);
  await step("sdk", ["scripts/build-sdk.mjs", "--if-stale"]);
  await bundleProcesses();
  packSdk();
  await step("pages", ["node_modules/next/dist/bin/next", "build"]);
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(join(root, STAMP), hash);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    if (!process.argv.includes("--if-stale") || !buildIsFresh()) await build();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

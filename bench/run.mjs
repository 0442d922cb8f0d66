// `npm run bench [-- NAME…]`: runs bench/NAME.bench.ts (all without a name), each in a process of its own.
// A bench exports a default async function that returns rows; they are printed as a table and written as JSON lines.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const folder = dirname(fileURLToPath(import.meta.url));
const root = dirname(folder);
const SUFFIX = ".bench.ts";

const known = readdirSync(folder)
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length))
  .sort();

async function bundle(name) {
  const outfile = join(root, "node_modules", ".cache", "tailfill-bench", `${name}.mjs`);
  await build({
    entryPoints: [join(folder, name + SUFFIX)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
    tsconfig: join(root, "tsconfig.json"),
  });
  return outfile;
}

async function runHere(name) {
  const { default: bench } = await import(pathToFileURL(await bundle(name)).href);
  const rows = await bench();
  console.log(`\n${name} · Node ${process.version}, ${cpus().length} × ${cpus()[0].model}`);
  console.table(rows);
  const stamp = { bench: name, at: new Date().toISOString(), node: process.version, cpus: cpus().length };
  const out = join(folder, "out");
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, `${name}.jsonl`), rows.map((row) => JSON.stringify({ ...stamp, ...row }) + "\n").join(""));
}

// Benches collect garbage between contenders. V8 would take code that slept through a few collections for unneeded, and
// every round would measure the compiler.
const FLAGS = ["--expose-gc", "--no-flush-bytecode"];

const [first, ...rest] = process.argv.slice(2);
if (first === "--here") {
  await runHere(rest[0]);
  // Some peers leave timers running.
  process.exit(0);
} else {
  const wanted = first ? [first, ...rest] : known;
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`No bench called ${unknown.join(", ")}. There are: ${known.join(", ")}`);
    process.exit(1);
  }
  const self = fileURLToPath(import.meta.url);
  const results = wanted.map((name) =>
    spawnSync(process.execPath, [...FLAGS, self, "--here", name], { stdio: "inherit", cwd: root }),
  );
  process.exit(results.every((result) => result.status === 0) ? 0 : 1);
}

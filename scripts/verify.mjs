// Format, lint, types, import layers, documents, unit tests: everything that needs no database and no build.
// `--without-unit` leaves the unit tests to the caller. Two steps run at a time.
import { runNode } from "./run-step.mjs";

const prepare = [
  ["client", ["scripts/generate.mjs", "--if-stale"]],
  ["sdk", ["scripts/build-sdk.mjs", "--if-stale"]],
  ["routes", ["node_modules/next/dist/bin/next", "typegen"]],
];

const steps = [
  ["lint", ["node_modules/oxlint/bin/oxlint", "--type-aware", "--quiet"]],
  ["types", ["node_modules/typescript/bin/tsc", "--noEmit"]],
  ["format", ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level=warn", "--cache", "."]],
  ["layers", ["scripts/check-layers.mjs"]],
  ["documents", ["scripts/check-documents.mjs"]],
];
if (!process.argv.includes("--without-unit"))
  steps.unshift(["unit", ["node_modules/vitest/vitest.mjs", "run", "--project", "unit"]]);

let failed = false;

async function run([name, args]) {
  const start = performance.now();
  const { code, output } = await runNode(args);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${code === 0 ? "ok  " : "FAIL"}  ${name}  ${seconds} s`);
  if (code !== 0) console.log(output);
  failed ||= code !== 0;
}

async function runAll(queue) {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) await run(next);
}

for (const step of prepare) await run(step);
if (!failed) await Promise.all([runAll(steps), runAll(steps)]);
process.exitCode = failed ? 1 : 0;

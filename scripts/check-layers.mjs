// Who may import whom (the table of docs/architecture.md), enforced. A message says what to import instead.
import { readdirSync, readFileSync, existsSync } from "node:fs";
import { dirname, join, normalize, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** layer → layers it may import, besides itself. `base` is lib/{config,errors,clock,log,version}.ts. */
const MAY = {
  app: [
    "components",
    "auth",
    "ingest",
    "query",
    "prefill",
    "alerts",
    "insight",
    "jobs-status",
    "base",
    "histogram-types",
    "wire-types",
  ],
  components: ["types", "base-types"],
  cli: ["*"],
  demo: ["*"],
  jobs: ["rollup", "store", "prefill", "alerts", "insight", "query", "auth", "base", "ingest", "histogram", "wire"],
  prefill: ["query", "store", "histogram", "wire", "base"],
  alerts: ["query", "store", "base"],
  insight: ["query", "store", "loading", "base"],
  ingest: ["wire", "histogram", "store", "base"],
  rollup: ["histogram", "store", "wire", "base"],
  query: ["store", "histogram", "loading", "base", "wire"],
  auth: ["store", "base"],
  store: ["histogram", "base", "wire"],
  sdk: ["wire", "histogram", "loading"],
  loading: ["histogram"],
  wire: ["histogram"],
  histogram: [],
  base: [],
};

const INSTEAD = {
  store: "ask lib/query (reads) or lib/ingest (writes) instead; only lib/* below app may touch the database",
  histogram: "take the numbers from lib/query's answers; percentiles are computed there and nowhere else",
  components: "lib must not know the page; move the type to lib and import it from there",
  app: "app is routing only and nothing imports it; move the code to lib or components",
  sdk: "the server never imports the SDK; what both need lives in lib/wire or lib/histogram",
  auth: "authorise in app (or pass the identity as an argument); lower layers do not know sessions",
};

/** External packages that only one layer may know. */
const OWNED = [
  [/^hdr-histogram-js/, "histogram", "use the functions of lib/histogram"],
  [/^(@prisma\/|pg$|.*store\/generated)/, "store", "add a function to lib/store and call it"],
  [/^bullmq/, "jobs", "add a job to lib/jobs"],
  [/^better-auth/, "auth", "use lib/auth"],
  [/^nodemailer/, "alerts", "use lib/alerts"],
];

const layerOf = (path) => {
  const [top, second] = path.split(sep);
  if (top === "app" || top === "components") return top;
  if (top !== "lib") return null;
  return second.endsWith(".ts") ? "base" : second;
};

function* sources(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!/^(node_modules|generated|dist|\.next)$/.test(entry.name)) yield* sources(path);
    } else if (/\.(ts|tsx|mts)$/.test(entry.name)) yield path;
  }
}

const IMPORT =
  /(?:^|\n)\s*(import|export)\s+(type\s+)?([^'"]*?from\s+)?["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/g;

function* importsOf(text) {
  for (const m of text.matchAll(IMPORT)) {
    const names = m[3] ?? "";
    const onlyTypes =
      Boolean(m[2]) ||
      (/\{/.test(names) &&
        names
          .replace(/[{}]|from/g, "")
          .split(",")
          .every((n) => !n.trim() || n.trim().startsWith("type ")));
    yield { target: m[4] ?? m[5], onlyTypes };
  }
}

function allowed(from, to, onlyTypes) {
  if (from === to || MAY[from].includes("*") || MAY[from].includes(to)) return true;
  if (from === "app" && to === "jobs") return true; // the table of jobs and its last runs, for the settings page and health
  return onlyTypes && (from === "components" || from === "app");
}

const problems = [];
for (const folder of ["app", "components", "lib"])
  for (const file of sources(join(root, folder))) {
    const path = relative(root, file);
    const from = layerOf(path);
    if (from === null || !(from in MAY)) {
      problems.push(`${path}: '${from}' is not a part of the import table`);
      continue;
    }
    for (const { target, onlyTypes } of importsOf(readFileSync(file, "utf8"))) {
      for (const [pattern, owner, hint] of OWNED)
        if (
          pattern.test(target) &&
          from !== owner &&
          from !== "sdk" &&
          from !== "demo" &&
          !(onlyTypes && from === "cli")
        )
          problems.push(`${path}: only lib/${owner} may import ${target}: ${hint}`);
      const local = target.startsWith("@/")
        ? target.slice(2)
        : target.startsWith(".")
          ? relative(root, normalize(join(dirname(file), target)))
          : null;
      if (local === null) continue;
      const to = layerOf(
        local.startsWith("lib") && local.split(sep).length === 2 ? `${local.replace(/\.ts$/, "")}.ts` : local,
      );
      if (to === null || to === "base" || !(to in MAY)) continue;
      if (!allowed(from, to, onlyTypes))
        problems.push(
          `${path}: ${from} may not import ${to} (${target}): ${INSTEAD[to] ?? "see the import table in docs/architecture.md"}`,
        );
    }
    if (/process\.env/.test(readFileSync(file, "utf8")) && !/^lib[/\\](config\.ts|sdk[/\\])/.test(path))
      problems.push(`${path}: only lib/config.ts reads process.env: add the setting there`);
  }

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log("layers: ok");

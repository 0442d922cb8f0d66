// Builds lib/sdk/dist: ES modules and CommonJS by esbuild, types by tsc.
// `--if-stale` does nothing when dist is newer than all sources.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const sdk = join(root, "lib/sdk");
const target = join(sdk, "dist");
/** Built aside and renamed, so that nobody sees half of it. */
const dist = join(root, "node_modules/.cache", `tailfill-sdk-${process.pid}`);
const STAMP = "built";

const files = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** The public modules and programs: what package.json names, read from there so that the two cannot differ. */
function entries() {
  const { exports, bin } = JSON.parse(readFileSync(join(sdk, "package.json"), "utf8"));
  const names = new Set(
    [...JSON.stringify({ exports, bin }).matchAll(/dist\/esm\/([a-z-]+)\.js/g)].map(([, name]) => name),
  );
  return [...names].map((name) => ({ name, path: sourceOf(name) }));
}

/** `index` is the package itself; an adapter and a program are a file, every other part a folder. */
function sourceOf(name) {
  if (name === "index") return "./src/index.ts";
  const single = [`./src/adapters/${name}.ts`, `./src/bin/${name}.ts`];
  return single.find((path) => existsSync(join(sdk, path))) ?? `./src/${name}/index.ts`;
}

function isFresh() {
  const stamp = join(target, STAMP);
  if (!existsSync(stamp)) return false;
  const builtMs = statSync(stamp).mtimeMs;
  const sources = ["lib/histogram", "lib/wire", "lib/sdk/src"].flatMap((folder) => files(join(root, folder)));
  const inputs = [...sources, join(sdk, "package.json"), fileURLToPath(import.meta.url)];
  return inputs.every((path) => statSync(path).mtimeMs < builtMs);
}

async function buildCode() {
  const shared = { platform: "node", target: "node20.19", legalComments: "none", logLevel: "warning" };
  await build({
    ...shared,
    absWorkingDir: sdk,
    entryPoints: entries().map(({ name, path }) => ({ in: path, out: name })),
    bundle: true,
    // Frameworks are the app's own; an optional peer is never bundled.
    packages: "external",
    format: "esm",
    // What the adapters share goes into one module, so that they share it at run time as well.
    splitting: true,
    entryNames: "[name]",
    chunkNames: "chunk-[hash]",
    outdir: join(dist, "esm"),
  });
  // CommonJS is the same modules once more, so that it shares as much.
  const modules = files(join(dist, "esm"));
  const outdir = join(dist, "cjs");
  await build({ ...shared, entryPoints: modules, format: "cjs", outdir, outExtension: { ".js": ".cjs" } });
  for (const path of files(outdir)) {
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(/require\("(\.\/[^"]+)\.js"\)/g, 'require("$1.cjs")'));
  }
}

function buildTypes() {
  const config = join(dist, "tsconfig.json");
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(root, "tsconfig.json"),
      compilerOptions: {
        noEmit: false,
        incremental: false,
        declaration: true,
        emitDeclarationOnly: true,
        rootDir: join(root, "lib"),
        outDir: join(dist, "esm"),
        paths: {},
        plugins: [],
      },
      include: [],
      files: entries().map(({ path }) => join(sdk, path)),
    }),
  );
  const tsc = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", config], {
    cwd: root,
    encoding: "utf8",
  });
  rmSync(config);
  if (tsc.status !== 0) throw new Error(`the SDK's types do not build:\n${tsc.stdout}${tsc.stderr}`);
  for (const path of files(join(dist, "esm")).filter((name) => name.endsWith(".d.ts"))) spreadTypes(path);
}

/** Declarations import each other by their real extension, once for ES modules and once for CommonJS. */
function spreadTypes(path) {
  const text = readFileSync(path, "utf8");
  const importing = (extension) => text.replaceAll(/(["'])(\.\.?\/[^"']*)\.ts\1/g, `$1$2${extension}$1`);
  const twin = join(dist, "cjs", path.slice(join(dist, "esm").length).replace(/\.d\.ts$/, ".d.cts"));
  mkdirSync(dirname(twin), { recursive: true });
  writeFileSync(twin, importing(".cjs"));
  writeFileSync(path, importing(".js"));
}

if (process.argv.includes("--if-stale") && isFresh()) process.exit(0);
const startedAt = new Date();
mkdirSync(dist, { recursive: true });
try {
  await buildCode();
  buildTypes();
  writeFileSync(join(dist, STAMP), "");
  // The sources as they were at the start are what was built.
  utimesSync(join(dist, STAMP), startedAt, startedAt);
  rmSync(target, { recursive: true, force: true });
  renameSync(dist, target);
} finally {
  rmSync(dist, { recursive: true, force: true });
}

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blankProject, run, type Project } from "./package";

const ADAPTERS = ["/node", "/express", "/fastify", "/koa", "/hono", "/next"];
const MODULES: [path: string, name: string][] = [
  ["", "createTailfill"],
  ["", "wrap"],
  ...ADAPTERS.map((path): [string, string] => [path, "tailfill"]),
  ["/prefill", "createPrefill"],
  ["/guard", "createGuard"],
  ["/prisma", "tailfillPrisma"],
  ["/pg", "tailfillPool"],
  ["/pg", "expectStatements"],
];

let project: Project;
beforeAll(async () => {
  project = await blankProject();
});
afterAll(() => project?.remove());

describe.each(MODULES)("@tailfill/sdk%s in a project with nothing else", (path, name) => {
  test("is imported as an ES module", async () => {
    const program = `import { ${name} } from "@tailfill/sdk${path}"; console.log(typeof ${name});`;
    const file = await project.write("program.mjs", program);
    expect((await run(process.execPath, [file])).stdout).toBe("function\n");
  });

  test("is required as CommonJS", async () => {
    const file = await project.write("program.cjs", `console.log(typeof require("@tailfill/sdk${path}").${name});`);
    expect((await run(process.execPath, [file])).stdout).toBe("function\n");
  });
});

test("ES module and CommonJS share one client in a process", async () => {
  const file = await project.write(
    "both.mjs",
    `import { createRequire } from "node:module";
     import { createTailfill } from "@tailfill/sdk";
     const other = createRequire(import.meta.url)("@tailfill/sdk");
     const options = { url: "http://127.0.0.1:9", apiKey: "tf_x", service: "a" };
     console.log(createTailfill(options) === other.createTailfill(options));
     process.exit();`,
  );
  expect((await run(process.execPath, ["--no-warnings", file])).stdout).toBe("true\n");
});

test("the edge runtime gets a module without any import of Node's", async () => {
  const file = await project.write("edge.mjs", `console.log(import.meta.resolve("@tailfill/sdk/next"));`);
  const { stdout } = await run(process.execPath, ["--conditions=edge-light", file]);
  const text = await readFile(new URL(stdout.trim()), "utf8");
  expect(stdout).toMatch(/next-edge\.js\n$/);
  expect(text).not.toMatch(/\bimport\b|require\(/);
});

test("the package has no dependency, and only what an app needs", async () => {
  const folder = join(project.folder, "node_modules/@tailfill/sdk");
  const { dependencies, peerDependenciesMeta, peerDependencies } = JSON.parse(
    await readFile(join(folder, "package.json"), "utf8"),
  ) as Record<string, Record<string, { optional?: boolean }> | undefined>;
  expect(dependencies ?? {}).toEqual({});
  for (const peer of Object.keys(peerDependencies ?? {})) expect(peerDependenciesMeta?.[peer]?.optional).toBe(true);
  expect((await readdir(folder)).toSorted()).toEqual(["LICENSE", "README.md", "dist", "package.json"]);
});

test("the programs are there, and say how they are used", async () => {
  for (const name of ["tailfill-guard", "tailfill-worker"]) {
    const file = join(project.folder, "node_modules/@tailfill/sdk/dist/esm", `${name}.js`);
    expect((await run(process.execPath, [file, "--help"])).stdout).toMatch(new RegExp(`^Usage: ${name} `));
  }
});

test.each([
  ["pg", "postgresql://shop@127.0.0.1/shop"],
  ["mysql2", "mysql://shop@127.0.0.1/shop"],
])("without %s the guard says what is missing", async (driver, url) => {
  const file = join(project.folder, "node_modules/@tailfill/sdk/dist/esm/tailfill-guard.js");
  const { stderr } = await run(process.execPath, [file, "--database-url", url]).catch(
    (error: { stderr: string }) => error,
  );
  expect(stderr).toBe(`tailfill-guard: the package ${driver} is missing: npm install ${driver}\n`);
});

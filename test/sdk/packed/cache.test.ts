import { afterAll, beforeAll, expect, test } from "vitest";
import { blankProject, frameworkProject, run, type Project } from "./package";

let project: Project;
beforeAll(async () => {
  project = await frameworkProject();
});
afterAll(() => project?.remove());

const USE = `
  let loads = 0;
  const count = defineCached({ name: "count", ttl: "10m", load: (user) => ({ user, loads: ++loads }) });
  const use = async () => [await count.get("ada"), await count.get("ada")];
  use().then((values) => console.log(JSON.stringify(values)));
`;
const USED = '[{"user":"ada","loads":1},{"user":"ada","loads":1}]\n';

test("the cache works as an ES module", async () => {
  const file = await project.write("cache.mjs", `import { defineCached } from "@tailfill/sdk/cache"; ${USE}`);
  expect(await run(process.execPath, [file])).toEqual({ stdout: USED, stderr: "" });
});

test("the cache works in CommonJS, though BentoCache is an ES module", async () => {
  const file = await project.write("cache.cjs", `const { defineCached } = require("@tailfill/sdk/cache"); ${USE}`);
  expect(await run(process.execPath, [file])).toEqual({ stdout: USED, stderr: "" });
});

test("an ES module and CommonJS know each other's definitions, caches and tags", async () => {
  const file = await project.write(
    "both-caches.mjs",
    `import { createRequire } from "node:module";
     import { BentoCache, bentostore } from "bentocache";
     import { memoryDriver } from "bentocache/drivers/memory";
     import { defineCached, privateCache } from "@tailfill/sdk/cache";
     const other = createRequire(import.meta.url)("@tailfill/sdk/cache");
     const bento = new BentoCache({ default: "m", stores: { m: bentostore().useL1Layer(memoryDriver({})) } });
     let loads = 0;
     const one = defineCached({ name: "one", ttl: 60, load: () => ++loads, tags: ["t"], cache: privateCache(bento) });
     const two = other.defineCached({ name: "two", ttl: 60, load: () => ++loads, tags: ["t"], cache: other.privateCache(bento) });
     const both = async () => [await one.get("ada"), await two.get("ada")];
     console.log(...await both(), ...await both());
     await other.invalidateTag("t");
     console.log(...await both());
     try { other.defineCached({ name: "one", ttl: 60, load: () => 1 }); } catch (error) { console.log(error.message); }`,
  );
  const { stdout } = await run(process.execPath, [file]);
  expect(stdout.split("\n")).toEqual(["1 2 1 2", "3 4", 'defineCached: there is a definition named "one" already', ""]);
});

test("without BentoCache, the cache says what is missing", async () => {
  const blank = await blankProject();
  const file = await blank.write("cache.mjs", `import "@tailfill/sdk/cache";`);
  const { stderr } = await run(process.execPath, [file]).catch((error: { stderr: string }) => error);
  await blank.remove();
  expect(stderr).toContain("Cannot find package 'bentocache'");
});

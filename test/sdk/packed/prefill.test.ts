import { fork } from "node:child_process";
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "@/lib/cli/free-port";
import { until } from "@/test/support/until";
import { ask } from "../adapters/http";
import { PlanServer } from "../prefill/support/plan-server";
import { plannedDefinition, plannedUser, planOf } from "../prefill/support/plans";
import { blankProject, frameworkProject, run, type Project } from "./package";
import { snippets } from "./snippets";

let blank: Project;
let project: Project;
beforeAll(async () => {
  [blank, project] = await Promise.all([blankProject(), frameworkProject()]);
});
afterAll(() => Promise.all([blank?.remove(), project?.remove()]));

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

async function serverOf() {
  const users = [plannedUser("ada", { costUs: 1_000 })];
  const server = await PlanServer.start(planOf({ definitions: [plannedDefinition({ users })] }));
  cleanup.push(() => server.stop());
  const env = { ...process.env, TAILFILL_URL: server.url, TAILFILL_API_KEY: "tf_test", TAILFILL_SERVICE: "shop" };
  return { server, env };
}

test("the program of docs/prefill-sdk.md fills before the visit, and ends when it is told to", async () => {
  const { server, env } = await serverOf();
  for (const { name, code } of await snippets("docs/prefill-sdk.md")) {
    await project.write(name.includes(".") ? name : `${name}.mjs`, code);
  }
  const port = await freePort("127.0.0.1", 0);
  const child = fork("app.mjs", { cwd: project.folder, env: { ...env, PORT: String(port) }, stdio: "pipe" });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said += String(chunk)));
  const get = (path: string) => ask(port, { path, headers: { "x-user": "ada" } });
  await until("it has a plan, and something in its bucket", async () => {
    if (child.exitCode !== null) throw new Error(said);
    return server.asks.length > 2;
  });
  await get("/");
  await until("it is filled", () => server.of("fill").length === 1);
  expect((await get("/feed")).body).toBe('{"of":"ada","posts":[]}');
  child.kill("SIGTERM");
  await once(child, "exit");
  expect(said).toBe("");
  expect(server.of("visit")).toMatchObject([{ id: server.of("decision")[0]!.id, cache: "hit" }]);
});

/** Decides on somebody, then has nothing to do any more. */
const PROGRAM = `
  const client = createTailfill({});
  const feed = {
    name: "feed", ttlSeconds: 60, signals: [], get: async () => 1, invalidate: async () => undefined,
    isCold: async () => true, mark: async () => undefined,
    fill: async () => ({ state: "filled", tookUs: 1, bytes: 1 }),
  };
  const prefill = createPrefill({ client, definitions: [feed] });
  const look = setInterval(() => {
    if (prefill.stats().spent.level < 0.01) return;
    clearInterval(look);
    prefill.signal("ada");
  }, 20);
`;

describe.each([
  ["an ES module", "ends.mjs", (name: string, path: string) => `import { ${name} } from "${path}";`],
  ["CommonJS", "ends.cjs", (name: string, path: string) => `const { ${name} } = require("${path}");`],
])("%s in a project with nothing else", (_, file, load) => {
  test("ends by itself, and sends its last events before", async () => {
    const { server, env } = await serverOf();
    const imports = [load("createTailfill", "@tailfill/sdk"), load("createPrefill", "@tailfill/sdk/prefill")];
    const path = await blank.write(file, [...imports, PROGRAM].join("\n"));
    await run(process.execPath, [path], { env, timeout: 30_000 });
    expect(server.of("decision").length).toBe(1);
    expect(server.of("fill")).toMatchObject([{ id: server.of("decision")[0]!.id, state: "filled" }]);
  });

  test("without bullmq a queue on it delivers nothing, and says why", async () => {
    const { server, env } = await serverOf();
    const imports = [load("createTailfill", "@tailfill/sdk"), load("createPrefill", "@tailfill/sdk/prefill")];
    const program = PROGRAM.replace("createTailfill({})", "createTailfill({ onError: (e) => console.log(e.message) })");
    const path = await blank.write(file, [...imports, program].join("\n"));
    const { stdout } = await run(process.execPath, [path], {
      env: { ...env, TAILFILL_QUEUE_URL: "redis://127.0.0.1:1" },
      timeout: 30_000,
    });
    expect(stdout).toContain("bullmq");
    expect(server.of("fill")).toMatchObject([{ state: "undelivered" }]);
  });
});

test("a client that CommonJS made is known to the ES module, and the other way round", async () => {
  const { env } = await serverOf();
  const path = await blank.write(
    "both.mjs",
    `import { createRequire } from "node:module";
     import { createTailfill } from "@tailfill/sdk";
     import { createPrefill } from "@tailfill/sdk/prefill";
     const require = createRequire(import.meta.url);
     const client = require("@tailfill/sdk").createTailfill({});
     const prefill = createPrefill({ client });
     console.log(prefill.enabled, require("@tailfill/sdk/prefill").createPrefill({ client: createTailfill({}) }) === prefill);
     process.exit();`,
  );
  expect((await run(process.execPath, ["--no-warnings", path], { env })).stdout).toBe("true true\n");
});

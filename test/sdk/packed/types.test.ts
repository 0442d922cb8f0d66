import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { frameworkProject, root, run, type Project } from "./package";
import { snippets } from "./snippets";

let project: Project;
beforeAll(async () => {
  project = await frameworkProject();
});
afterAll(() => project?.remove());

/** Compiles files of the project; gives what tsc says. */
async function compile(files: string[]): Promise<string> {
  const target = { module: "nodenext", target: "es2023", experimentalDecorators: true };
  const compilerOptions = { ...target, strict: true, noEmit: true, types: ["node"] };
  const settings = { compilerOptions: { ...compilerOptions, skipLibCheck: true, esModuleInterop: true }, files };
  const config = await project.write("tsconfig.json", JSON.stringify(settings));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  return run(process.execPath, [tsc, "-p", config]).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

/** The line of each adapter as the README has it, and a client in place of options. */
const USES = `
  const client = createTailfill({ service: "shop", user: (req) => req.user.id });
  express().use(tailfillExpress({ service: "shop", user: (req) => req.user?.id })).use(tailfillExpress(client));
  express().use(tailfillExpress({ user: (req) => req.session?.userId ?? req.get("x-user") }));
  void Fastify().register(tailfillFastify, { service: "shop", user: (request) => request.user?.id });
  void Fastify().register(tailfillFastify, client);
  new Koa().use(tailfillKoa({ service: "shop", user: (ctx) => ctx.state.user?.id })).use(tailfillKoa(client));
  new Hono<{ Variables: { id: string } }>().use(tailfillHono({ user: (c) => c.get("id") })).use(tailfillHono(client));
  createServer(tailfillNode({ service: "shop" }, (req, res) => res.end(req.url)));
  createServer(tailfillNode(client, (req, res) => res.end(req.url)));
  createHttp2Server(tailfillNode(client, (req: Http2ServerRequest, res: Http2ServerResponse) => void res.end(req.url)));
  tailfillNext({ user: (req) => req.headers.get("x-user") });
  const feed = defineCached({ name: "feed", ttl: "30m", load: async (user: string) => ({ of: user }) });
  const queue: FillQueue = bullmqQueue({ url: "redis://127.0.0.1" });
  const prefill: Prefill = createPrefill({ client, definitions: [feed], queue, work: false });
  prefill.signal("ada", "push");
  prefill.signal(7);
  const filled: number = prefill.stats().fills.filled;
  createPrefill({ service: "shop", user: (req) => req.user.id, sessionGapSeconds: filled });
  void createFillWorker({ client, queue, concurrency: 2 }).stop();
  const guard: Guard = createGuard({ databaseUrl: "postgresql://shop@localhost", over: "20s", onKill: (record) => record.pid });
  void guard.ready.then(() => guard.stop());
  const killed: QueryKilledError | undefined = wasKilled(new Error("x"), { pid: guard.stats().rounds });
  void killed?.record?.endpoint;
  const pool: pg.Pool = tailfillPool(new pg.Pool({ max: 2 }));
  const Pool: typeof pg.Pool = tailfillPool(pg.Pool, { comment: false });
  const mail = wrap(async (job: { user: string }) => job.user.length, { endpoint: "mail", user: (job) => job.user });
  const sent: Promise<number> = mail({ user: "ada" });
  const made: { adapter: PrismaPg } = tailfillPrisma({ adapter: new PrismaPg(pool), client: ({ adapter }) => ({ adapter }) });
  const rows: Promise<number> = expectStatements(2, async () => (await new Pool().query("select 1")).rowCount ?? 0);
  onStatements(({ statements }) => statements.byFingerprint.map(({ count }) => count + filled));
  const counted: Promise<Count> = approximateCount(pool, "select count(*) from t where id = $1", [1], { budgetMs: 5 });
  void counted.then((count) => about(count).length + (count.qErrorP95 ?? 0));
  onCounts(({ because }) => because === "large");
  approximateCounts({ threshold: 5 }).name;
  void [sent, made, rows];
`;

const NAMES = ["express", "fastify", "koa", "hono", "node", "next"];
const alias = (name: string): string => `tailfill${name.replace(/^./, (first) => first.toUpperCase())}`;

test("an ES module sees the types of every adapter", async () => {
  const imports = NAMES.map((name) => `import { tailfill as ${alias(name)} } from "@tailfill/sdk/${name}";`);
  const head = `
    import { createTailfill, wrap } from "@tailfill/sdk";
    import { approximateCounts, tailfillPrisma } from "@tailfill/sdk/prisma";
    import { about, approximateCount, expectStatements, onCounts, onStatements, tailfillPool, type Count } from "@tailfill/sdk/pg";
    import { PrismaPg } from "@prisma/adapter-pg";
    import { defineCached } from "@tailfill/sdk/cache";
    import { bullmqQueue, createFillWorker, createPrefill, type FillQueue, type Prefill } from "@tailfill/sdk/prefill";
    import { createGuard, wasKilled, type Guard, type QueryKilledError } from "@tailfill/sdk/guard";
    import express from "express"; import pg from "pg"; import Fastify from "fastify"; import Koa from "koa"; import { Hono } from "hono";
    import { createServer } from "node:http";
    import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
  `;
  await project.write("uses.mts", [...imports, head, USES].join("\n"));
  expect(await compile(["uses.mts"])).toBe("");
});

test("a CommonJS module sees the types of every adapter", async () => {
  const imports = NAMES.map((name) => `import { tailfill as ${alias(name)} } from "@tailfill/sdk/${name}";`);
  const head = `
    import { createTailfill, wrap } from "@tailfill/sdk";
    import { approximateCounts, tailfillPrisma } from "@tailfill/sdk/prisma";
    import { about, approximateCount, expectStatements, onCounts, onStatements, tailfillPool, type Count } from "@tailfill/sdk/pg";
    import { PrismaPg } from "@prisma/adapter-pg";
    import { defineCached } from "@tailfill/sdk/cache";
    import { bullmqQueue, createFillWorker, createPrefill, type FillQueue, type Prefill } from "@tailfill/sdk/prefill";
    import { createGuard, wasKilled, type Guard, type QueryKilledError } from "@tailfill/sdk/guard";
    import express = require("express"); import pg = require("pg"); import { fastify as Fastify } from "fastify"; import Koa = require("koa");
    import { Hono } from "hono"; import { createServer } from "node:http";
    import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
  `;
  await project.write("uses.cts", [...imports, head, USES].join("\n"));
  expect(await compile(["uses.cts"])).toBe("");
});

test("the programs of docs/mounting.md compile", async () => {
  const all = await snippets();
  for (const { name, code } of all) await project.write(`${name}.mts`, code);
  expect(await compile(all.map(({ name }) => `${name}.mts`))).toBe("");
});

test("the program of docs/query-guard.md compiles", async () => {
  const [program] = await snippets("docs/query-guard.md");
  await project.write("guard.mts", program?.code ?? "");
  expect(program?.code).toContain("createGuard");
  expect(await compile(["guard.mts"])).toBe("");
});

test("a wrong option is an error", async () => {
  await project.write("wrong.mts", `import { tailfill } from "@tailfill/sdk/express"; tailfill({ servise: "shop" });`);
  expect(await compile(["wrong.mts"])).toContain("servise");
});

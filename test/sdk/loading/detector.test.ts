import { PrismaPg } from "@prisma/adapter-pg";
import { readFile } from "node:fs/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shapeOf } from "@/lib/loading/index";
import { tailfillPool } from "@/lib/sdk/src/pg/index";
import { tailfillPrisma } from "@/lib/sdk/src/prisma/index";
import { repeatedStatements, type RepeatedStatement } from "@/lib/sdk/src/repeats/process-repeats";
import { wrap } from "@/lib/sdk/src/wrap";
import { emptyDatabase } from "@/test/support/database";
import { recordingClient } from "../adapters/recording-client";
import { blogClient } from "./blog/client";
import { fillBlog } from "./blog/tables";
import { HANDLERS, type Databases } from "./handlers";

/** Sizes of the requests of each handler, in an order that looks like none: from 0 to 16. */
const SIZES = Array.from({ length: 17 }, (_, at) => (at * 7) % 17);

const client = recordingClient();
let databases: Databases;
let found: RepeatedStatement[];
const cleanup: (() => unknown)[] = [];

beforeAll(async () => {
  const [database, blog] = await Promise.all([emptyDatabase(), blogClient()]);
  cleanup.push(database.drop, blog.remove);
  // What is written is not waited for until it is on the disk.
  const connectionString = `${database.url}?options=${encodeURIComponent("-c synchronous_commit=off")}`;
  await fillBlog(database.url, 1_000);
  const pool = tailfillPool(new pg.Pool({ connectionString, max: 4 }));
  const prisma = tailfillPrisma({
    adapter: new PrismaPg({ connectionString, max: 4 }),
    client: blog.PrismaClient,
  });
  cleanup.push(
    () => pool.end(),
    () => prisma.$disconnect(),
  );
  databases = { pool, prisma };
  for (const [name, { run }] of Object.entries(HANDLERS)) {
    const handler = wrap((size: number) => run(databases, size), { endpoint: name, client });
    for (const size of SIZES) await handler(size);
  }
  found = repeatedStatements({ client, all: true });
});
afterAll(async () => {
  for (const undo of cleanup.toReversed()) await undo();
});

const told = ({ kind, statement }: RepeatedStatement) => `${kind} ${shapeOf(statement).table}`;
const PROBLEMS = ["n_plus_one", "duplicates", "write_loop"];

/** What is said of a handler, against what is in it. */
function judged() {
  const problems = found.filter(({ kind }) => PROBLEMS.includes(kind));
  const wrong: string[] = [];
  const missed: string[] = [];
  let right = 0;
  for (const [name, handler] of Object.entries(HANDLERS)) {
    const said = problems.filter(({ endpoint }) => endpoint === `JOB ${name}`).map(told);
    right += handler.found.filter((each) => said.includes(each)).length;
    missed.push(...handler.found.filter((each) => !said.includes(each)).map((each) => `${name}: ${each}`));
    wrong.push(...said.filter((each) => !handler.found.includes(each)).map((each) => `${name}: ${each}`));
  }
  return { right, wrong, missed };
}

test("of 40 handlers, what is in them is found, and nothing else", () => {
  const { right, wrong, missed } = judged();
  expect(Object.keys(HANDLERS).length).toBeGreaterThanOrEqual(30);
  expect(client.errors).toEqual([]);
  expect({ wrong, missed }).toEqual({ wrong: [], missed: [] });
  expect(right / (right + wrong.length)).toBeGreaterThanOrEqual(0.95);
  expect(right / (right + missed.length)).toBeGreaterThanOrEqual(0.95);
});

const of = (name: string): RepeatedStatement => found.find(({ endpoint }) => endpoint === `JOB ${name}`)!;

test.each([
  ["pg: one after the other", "select id, name from author where id = any($1)"],
  ["pg: nested", "select post_id, id, text from comment where post_id = any($1)"],
  ["pg: one row is written after the other", "insert into visit (…) select * from unnest($1::…[], $2::…[])"],
  ["Prisma: findFirst at the same time", "prisma.post.findMany({ …, include: { comments: true } })"],
  ["Prisma: the other way round", "prisma.author.findMany({ …, include: { posts: true } })"],
  [
    "Prisma: counts one after the other",
    "prisma.post.findMany({ …, include: { _count: { select: { comments: true } } } })",
  ],
  ["Prisma: create one after the other", "prisma.visit.createMany({ data: rows })"],
  [
    "Prisma: findFirst one after the other",
    "prisma.post.findMany({ …, include: { author: true } })   // or: prisma.post.findMany({ …, include: { editor: true } })",
  ],
  [
    "Prisma: the same tag for each row",
    "const tag = await prisma.tag.findUnique(…);   // once for a request, before the loop; then pass it on",
  ],
])("what to write instead: %s", (name, fix) => {
  expect(found.filter(({ endpoint }) => endpoint === `JOB ${name}`).map((each) => each.fix)).toContain(fix);
});

test.each([
  ["Prisma: through a service", /return \(await this\.prisma\.author\.findFirst/],
  ["Prisma: in an interactive transaction", /tx\.author\.findFirst/],
  ["Prisma: update one after the other", /prisma\.post\.update/],
  ["pg: one row is changed after the other", /update post set shown/],
  ["pg: in a transaction", /select text from comment/],
])("where it stands: %s", async (name, line) => {
  const [file = "", number] = of(name).site?.split(":") ?? [];
  expect(file).toBe("test/sdk/loading/handlers.ts");
  expect((await readFile(file, "utf8")).split("\n")[Number(number) - 1]).toMatch(line);
});

test("what it costs: requests, statements, and whether they wait for each other", () => {
  expect(of("pg: one after the other")).toMatchObject({ requests: 16, affected: 12, parallel: false, medianN: 8 });
  expect(of("pg: at the same time")).toMatchObject({ parallel: true, slope: expect.closeTo(1) as number });
  expect(of("pg: only for some of the rows").slope).toBeCloseTo(0.5, 1);
  expect(of("pg: one after the other").savedP95Us).toBeGreaterThan(0);
});

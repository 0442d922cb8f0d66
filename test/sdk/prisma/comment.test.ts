import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { tailfillPool } from "@/lib/sdk/src/pg/index";
import { tailfillPrisma, type ByFunction, type TailfillPrismaOptions } from "@/lib/sdk/src/prisma/index";
import { createOps } from "@/lib/sdk/src/prisma/op";
import { PrismaClient } from "@/lib/store/generated/client";
import { testDatabase, type TestDatabase } from "@/test/support/database";
import { sendingClient } from "../support/sent";
import { statementsIn } from "../support/work";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

const open: PrismaClient[] = [];
afterEach(() => Promise.all(open.splice(0).map((client) => client.$disconnect())));

type Options = Partial<TailfillPrismaOptions<PrismaPg> & ByFunction<PrismaPg, PrismaClient>>;

function listened(options: Options = {}, pgOptions: ConstructorParameters<typeof PrismaPg>[1] = {}) {
  const { Client, sent } = sendingClient();
  const adapter = new PrismaPg({ connectionString: database.url, max: 1, Client } as pg.PoolConfig, pgOptions);
  const prisma = tailfillPrisma({ adapter, client: (given) => new PrismaClient(given), ...options });
  open.push(prisma);
  return { prisma, sent };
}

test("says route and op in front, and nothing of ours behind", async () => {
  const { prisma, sent } = listened();
  await statementsIn(() => prisma.service.findMany(), "mail");
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatch(/^\/\*tf:route=JOB%20mail%20\d+,op=Service\.findMany\*\/ SELECT .*\$1$/);
});

test("the database shows it while the statement runs", async () => {
  const { prisma } = listened();
  const shown = await prisma.$queryRaw<
    { query: string }[]
  >`select query from pg_stat_activity where pid = pg_backend_pid()`;
  expect(shown[0]?.query).toMatch(/^\/\*tf:op=queryRaw\*\/ select query/);
});

test("a transaction's statements say it, in both kinds", async () => {
  const { prisma, sent } = listened();
  await prisma.$transaction(async (tx) => void (await tx.service.count()));
  await prisma.$transaction([prisma.service.findFirst()]);
  expect(sent.filter((text) => /op=Service\.(aggregate|findFirst)\*\/ SELECT/.test(text))).toHaveLength(2);
});

test("comments of the app's own plugins stay behind", async () => {
  const { prisma, sent } = listened({
    client: (options) =>
      new PrismaClient({ ...options, comments: [...options.comments, () => ({ app: "it's", z: "a,b" })] }),
  });
  await prisma.service.count();
  expect(sent[0]).toMatch(/^\/\*tf:op=Service\.aggregate\*\/ SELECT .* \/\*app='it\\'s',z='a%2Cb'\*\/$/);
});

test("what begins with a comment of its own is sent as it is", async () => {
  const { prisma, sent } = listened();
  await prisma.$queryRawUnsafe("/*+ SeqScan(t) */ select 1");
  expect(sent).toEqual(["/*+ SeqScan(t) */ select 1"]);
});

test("switched off, the texts are Prisma's own", async () => {
  const { prisma, sent } = listened({ comment: false });
  const bare = new PrismaClient({
    adapter: new PrismaPg({ connectionString: database.url, max: 1 }),
    log: [{ emit: "event", level: "query" }],
  });
  open.push(bare as PrismaClient);
  const own: string[] = [];
  bare.$on("query", ({ query }) => own.push(query));
  const counted = await statementsIn(() => prisma.service.findMany());
  await bare.service.findMany();
  expect(sent).toEqual(own);
  expect(counted.count).toBe(1);
});

test("prepared statements stay prepared: one for each text", async () => {
  const names = new Map<string, string>();
  const statementNameGenerator = ({ sql }: { sql: string }) => {
    if (!names.has(sql)) names.set(sql, `s${names.size}`);
    return names.get(sql)!;
  };
  const { prisma } = listened({}, { statementNameGenerator });
  for (let n = 0; n < 5; n++) await prisma.service.findMany({ where: { id: n } });
  const prepared = await prisma.$queryRaw<{ statement: string }[]>`select statement from pg_prepared_statements`;
  expect(prepared.filter(({ statement }) => statement.includes("op=Service.findMany"))).toHaveLength(1);
});

test("over a pool that is wrapped as well, each statement is counted once and says it once", async () => {
  const { Client, sent } = sendingClient();
  const pool = tailfillPool(new pg.Pool({ connectionString: database.url, max: 1, Client }));
  const prisma = tailfillPrisma({ adapter: new PrismaPg(pool), client: PrismaClient });
  const { count } = await statementsIn(
    () => prisma.$transaction(async (tx) => void (await tx.service.count())),
    "both",
  );
  expect(count).toBe(3);
  expect(sent.map((text) => text.match(/tf:/g)?.length)).toEqual([1, 1, 1]);
  expect(sent[1]).toContain("op=Service.aggregate");
  await prisma.$disconnect();
  await pool.end();
});

test("a statement other than the one that Prisma has just told of says no op", () => {
  const ops = createOps();
  const tell = () => ops.plugin({ query: { modelName: "User", action: "findMany" }, sql: "select 1" });
  expect(tell()).toEqual({});
  expect(ops.take("COMMIT")).toBeUndefined();
  expect(ops.take("select 1")).toBeUndefined();
  tell();
  expect(ops.take("select 1 /*app='x'*/")).toBe("User.findMany");
  expect(ops.take("select 1")).toBeUndefined();
});

test("statements side by side say their own op", async () => {
  const { prisma, sent } = listened();
  const ask = () => [prisma.service.count(), prisma.endpoint.findMany(), prisma.release.findFirst()];
  await Promise.all(Array.from({ length: 20 }, ask).flat());
  const tables = { service: "Service.aggregate", endpoint: "Endpoint.findMany", release: "Release.findFirst" };
  for (const [table, op] of Object.entries(tables)) {
    const own = sent.filter((text) => text.includes(`FROM "public"."${table}"`));
    expect(own).toHaveLength(20);
    expect(own.filter((text) => text.startsWith(`/*tf:op=${op}*/`))).toHaveLength(20);
  }
});

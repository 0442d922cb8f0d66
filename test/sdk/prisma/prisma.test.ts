import { PrismaPg } from "@prisma/adapter-pg";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { tailfillPrisma } from "@/lib/sdk/src/prisma/index";
import { Prisma, PrismaClient } from "@/lib/store/generated/client";
import { testDatabase, type TestDatabase } from "@/test/support/database";
import { linesOf, statementsIn } from "../support/work";

let database: TestDatabase;
let bare: PrismaClient;
let prisma: ReturnType<typeof wrapped>;
const wrapped = () =>
  tailfillPrisma({ adapter: new PrismaPg({ connectionString: database.url, max: 4 }), client: PrismaClient });
beforeAll(async () => {
  database = await testDatabase();
  bare = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url, max: 2 }) });
  prisma = wrapped();
  await bare.service.createMany({ data: [{ name: "shop" }, { name: "blog" }, { name: "mail" }] });
  const [shop] = await bare.service.findMany({ where: { name: "shop" } });
  const about = { environment: "test", method: "GET", serviceId: shop!.id };
  await bare.endpoint.createMany({ data: ["/a", "/b"].map((route) => ({ ...about, route })) });
});
afterAll(async () => {
  await Promise.all([prisma?.$disconnect(), bare?.$disconnect()]);
  await database?.drop();
});

const counted = async (run: () => unknown): Promise<string[]> => linesOf(await statementsIn(run));

describe("every statement is counted", () => {
  test("of a model query", async () => {
    const lines = await counted(() => prisma.service.findMany({ where: { name: { in: ["shop", "blog"] } } }));
    expect(lines).toEqual(['1 × select "public"."service"."id", "public"."service" (2 rows)']);
  });

  test("of an include, which is one for each table", async () => {
    const { count, rows } = await statementsIn(() => prisma.service.findMany({ include: { endpoints: true } }));
    expect({ count, rows }).toEqual({ count: 2, rows: 5 });
  });

  test("of raw queries", async () => {
    const lines = await counted(async () => {
      await prisma.$queryRaw`select ${"ada"}::text as who from generate_series(1, ${3}::int)`;
      await prisma.$executeRaw`update service set name = name where name <> ${"ada"}`;
      await prisma.$queryRawUnsafe("select 'secret'");
    });
    expect(lines).toEqual([
      "1 × select ? (1 rows)",
      "1 × select ?::text as who from generate_series(?) (3 rows)",
      "1 × update service set name = name where name <> ? (3 rows)",
    ]);
  });

  test("of a transaction, interactive or a batch, from its begin to its end", async () => {
    const interactive = await counted(() => prisma.$transaction(async (tx) => void (await tx.$queryRaw`select 1`)));
    expect(interactive).toEqual(["1 × begin (0 rows)", "1 × commit (0 rows)", "1 × select ? (1 rows)"]);
    const batch = await counted(() => prisma.$transaction([prisma.$queryRaw`select 1`, prisma.$queryRaw`select 2`]));
    expect(batch).toEqual(["1 × begin (0 rows)", "1 × commit (0 rows)", "2 × select ? (2 rows)"]);
  });

  test("of a transaction that is rolled back", async () => {
    const lines = await counted(() =>
      prisma
        .$transaction(async (tx) => {
          await tx.service.deleteMany();
          throw new Error("no");
        })
        .catch(() => undefined),
    );
    expect(lines).toContain("1 × rollback (0 rows)");
    expect(await bare.service.count()).toBe(3);
  });

  test("of a client that was extended", async () => {
    const extended = prisma.$extends({
      model: { service: { named: (name: string) => prisma.service.findFirst({ where: { name } }) } },
      query: {
        service: { findFirst: ({ args, query }) => query({ ...args, where: { ...args.where, id: { gt: 0 } } }) },
      },
    });
    const { count } = await statementsIn(async () => {
      expect(await extended.service.named("shop")).toMatchObject({ name: "shop" });
      expect(await extended.service.findFirst({ where: { name: "blog" } })).toMatchObject({ name: "blog" });
    });
    expect(count).toBe(2);
  });
});

describe("what the app gets is what Prisma gives", () => {
  test("answers", async () => {
    const query = { include: { endpoints: true }, orderBy: { id: "asc" } } as const;
    expect(await prisma.service.findMany(query)).toEqual(await bare.service.findMany(query));
  });

  test("a known error, with its class, code and meta", async () => {
    const clash = (client: PrismaClient) =>
      client.service.create({ data: { name: "shop" } }).catch((error: unknown) => error);
    const [ours, theirs] = [await clash(prisma), await clash(bare)];
    expect(ours).toBeInstanceOf(Prisma.PrismaClientKnownRequestError);
    expect(ours).toMatchObject({ code: "P2002", meta: (theirs as Prisma.PrismaClientKnownRequestError).meta });
  });

  test("an error of the database in a raw query", async () => {
    const statements = await statementsIn(async () => {
      await expect(prisma.$queryRaw`select 1 / 0`).rejects.toMatchObject({ code: "P2010" });
    });
    expect(linesOf(statements)).toEqual(["1 × select ? / ? (0 rows, 1 failed)"]);
  });

  test("an error when there is no database", async () => {
    const nowhere = { connectionString: "postgresql://nobody@127.0.0.1:9/nothing" };
    const away = tailfillPrisma({ adapter: new PrismaPg(nowhere), client: PrismaClient });
    const { failed } = await statementsIn(async () => {
      await expect(away.service.count()).rejects.toMatchObject({ code: "P1001" });
    });
    expect(failed).toBe(1);
    await away.$disconnect();
  });

  test("the client's own type, by the class and by a function", async () => {
    const adapter = new PrismaPg({ connectionString: database.url });
    const made = tailfillPrisma({
      adapter,
      client: (options) => new PrismaClient({ ...options, omit: { service: { createdAt: true } } }),
    });
    expectTypeOf<typeof prisma>().toExtend<PrismaClient>();
    const found = await made.service.findFirstOrThrow({ where: { name: "shop" } });
    expectTypeOf(found).toEqualTypeOf<{ id: number; name: string }>();
    expect(found).toEqual({ id: expect.any(Number), name: "shop" });
    await made.$disconnect();
  });
});

describe("a request has its own statements", () => {
  test("of many at the same time", async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        statementsIn(async () => {
          for (let n = 0; n <= at % 5; n++)
            await prisma.$queryRaw`select 1 as one from pg_sleep(0.001 * ${n % 2}::int)`;
          await prisma.$transaction(async (tx) => void (await tx.service.count()));
        }),
      ),
    );
    expect(all.map(({ count }) => count)).toEqual(Array.from({ length: 20 }, (_, at) => (at % 5) + 4));
  });

  test("a query that was made in one and waited for in another counts where it is waited for", async () => {
    let query: PromiseLike<unknown> | undefined;
    const made = await statementsIn(() => void (query = prisma.service.count()));
    const waited = await statementsIn(async () => await query);
    expect([made.count, waited.count]).toEqual([0, 1]);
  });

  test("the time of those side by side passes once", async () => {
    const sleep = () => prisma.$queryRaw`select 1 as one from pg_sleep(0.05)`;
    const { durationUs, busyUs } = await statementsIn(() => Promise.all([sleep(), sleep(), sleep()]));
    expect(durationUs).toBeGreaterThanOrEqual(150_000);
    expect(busyUs).toBeGreaterThanOrEqual(50_000);
    expect(busyUs).toBeLessThan(durationUs * 0.8);
  });
});

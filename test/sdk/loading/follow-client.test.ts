import { PrismaPg } from "@prisma/adapter-pg";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Prisma, PrismaClient } from "@/lib/store/generated/client";
import { tailfillPrisma } from "@/lib/sdk/src/prisma/index";
import { repeatedStatements } from "@/lib/sdk/src/repeats/process-repeats";
import { wrap } from "@/lib/sdk/src/wrap";
import { testDatabase, type TestDatabase } from "@/test/support/database";
import { recordingClient } from "../adapters/recording-client";

let database: TestDatabase;
let prisma: PrismaClient;
beforeAll(async () => {
  database = await testDatabase();
  prisma = tailfillPrisma({ adapter: new PrismaPg({ connectionString: database.url, max: 2 }), client: PrismaClient });
  await prisma.service.createMany({ data: Array.from({ length: 9 }, (_, at) => ({ name: `service ${at}` })) });
});
afterAll(async () => {
  await prisma?.$disconnect();
  await database?.drop();
});

/** Where the repeated statement of a handler stands, as the text of that line. */
async function siteOf(name: string, run: (client: PrismaClient) => Promise<unknown>, given = prisma) {
  const client = recordingClient();
  const job = wrap(() => run(given), { endpoint: name, client });
  for (let at = 0; at < 3; at++) await job();
  expect(client.errors).toEqual([]);
  return repeatedStatements({ client, all: true })[0]?.site;
}

async function six(run: (id: number) => Promise<unknown>): Promise<void> {
  for (let id = 1; id <= 6; id++) await run(id);
}

const HERE = /^test\/sdk\/loading\/follow-client\.test\.ts:\d+$/;

describe("the place of a call is seen", () => {
  test("of the client itself", async () => {
    expect(await siteOf("plain", () => six((id) => prisma.service.findFirst({ where: { id } })))).toMatch(HERE);
  });

  test("when the app extends it afterwards, at the app's call and not at the extension's", async () => {
    const seen: string[] = [];
    const extended = prisma.$extends({
      query: { service: { findFirst: ({ args, query }) => (seen.push("ours"), query(args)) } },
    });
    const site = await siteOf("after", () => six((id) => extended.service.findFirst({ where: { id } })));
    expect(site).toMatch(HERE);
    expect(seen).toHaveLength(18);
  });

  test("when the client was extended before", async () => {
    const before = tailfillPrisma({
      adapter: new PrismaPg({ connectionString: database.url, max: 1 }),
      client: (options) => new PrismaClient(options).$extends({ model: { service: { two: () => 2 } } }),
    });
    expect(before.service.two()).toBe(2);
    const client = recordingClient();
    const job = wrap(() => six((id) => before.service.findFirst({ where: { id } })), { endpoint: "before", client });
    await job();
    expect(repeatedStatements({ client, all: true })[0]?.site).toMatch(HERE);
    await before.$disconnect();
  });

  test("in an interactive transaction", async () => {
    const site = await siteOf("tx", (client) =>
      client.$transaction((tx) => six((id) => tx.service.findFirst({ where: { id } }))),
    );
    expect(site).toMatch(HERE);
  });
});

describe("all else stays Prisma's own", () => {
  test("its promises, a list of them in one transaction, and how it is shown", async () => {
    expect(inspect(prisma)).toContain("service");
    const query = prisma.service.count();
    expect(Object.prototype.toString.call(query)).toBe("[object PrismaPromise]");
    expect(await prisma.$transaction([query, prisma.service.findFirst({ where: { id: 1 } })])).toMatchObject([
      9,
      { id: 1 },
    ]);
  });

  test("a method of an extension has its model and its client", async () => {
    const extended = prisma.$extends({
      model: {
        $allModels: {
          async exists<Model>(this: Model, where: object): Promise<boolean> {
            const context = Prisma.getExtensionContext(this) as unknown as typeof prisma.service;
            return (await context.findFirst({ where })) !== null;
          },
        },
      },
      client: { $who: () => "ours" },
    });
    expect(await extended.service.exists({ id: 1 })).toBe(true);
    expect(await extended.service.exists({ id: -1 })).toBe(false);
    expect(extended.$who()).toBe("ours");
  });

  test("a spy that a test puts in the place of a method", async () => {
    const spy = vi.spyOn(prisma.release, "findMany").mockResolvedValue([]);
    expect(await prisma.release.findMany()).toEqual([]);
    expect(prisma.release.findMany).toBe(spy);
    expect(spy).toHaveBeenCalledOnce();
    spy.mockRestore();
  });

  test("the same delegate each time, and raw queries", async () => {
    expect(prisma.service).toBe(prisma.service);
    expect(await prisma.$queryRaw`select ${1}::int as one`).toEqual([{ one: 1 }]);
    expect("service" in prisma).toBe(true);
  });
});

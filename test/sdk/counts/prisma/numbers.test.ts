import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { approximateCounts, tailfillOf } from "@/lib/sdk/src/prisma/index";
import { sql } from "@/test/support/global-setup";
import { labels, LABELS, OPTIONS, type Labels, type Wrapped } from "./labels";

let made: Labels;
let prisma: Wrapped;
let sent: string[];
beforeAll(async () => {
  made = await labels();
  ({ prisma, sent } = made.wrapped());
});
afterAll(() => made?.drop());

const near = (value: number, actual: number): void => expect(Math.abs(value / actual - 1)).toBeLessThan(0.2);
// oxlint-disable-next-line typescript/no-explicit-any -- as Prisma gives it
type Call = { args: any; query: (args: any) => Promise<any> };
const ofService2 = {
  query: {
    userLabel: { count: ({ args, query }: Call) => query({ ...args, where: { ...args?.where, serviceId: 2 } }) },
  },
};

describe("a client that answers approximate numbers", () => {
  test("estimates many rows and counts few, and all else is as it was", async () => {
    const admin = prisma.$extends(approximateCounts());
    sent.length = 0;
    const many = await admin.userLabel.count({ where: { serviceId: 1 } });
    expectTypeOf(many).toEqualTypeOf<number>();
    near(many, LABELS * 0.9);
    expect(sent.filter((text) => text.includes("SELECT COUNT"))).toEqual([]);
    expect(await admin.service.count()).toBe(2);
    expect(await admin.userLabel.aggregate({ _count: true })).toEqual({ _count: LABELS });
    expect(await admin.service.findMany({ select: { _count: { select: { endpoints: true } } }, take: 1 })).toEqual([
      { _count: { endpoints: 2_500 } },
    ]);
    expect(await prisma.userLabel.count()).toBe(LABELS);
  });

  test("extensions of the app count as well, whichever came first", async () => {
    near(await prisma.$extends(ofService2).$extends(approximateCounts()).userLabel.count(), LABELS * 0.1);
    near(await prisma.$extends(approximateCounts()).$extends(ofService2).userLabel.count(), LABELS * 0.1);
  });

  test("what is no count of all rows stays exact", async () => {
    const admin = prisma.$extends(approximateCounts());
    expect(await admin.userLabel.count({ take: 5_000 })).toBe(5_000);
    expect(await admin.userLabel.count({ skip: 1_000 })).toBe(LABELS - 1_000);
    expect(await admin.userLabel.count({ select: { _all: true, label: true } })).toEqual({
      _all: LABELS,
      label: LABELS,
    });
  });

  test("never a zero that was not counted", async () => {
    const { prisma: one } = made.wrapped({ ...OPTIONS, budgetMs: 1 });
    const admin = one.$extends(approximateCounts({ budgetMs: 1 }));
    // Estimated to be few, not countable within the budget, and not to be trusted: its fields are compared with one another.
    const where = { label: { contains: "nobody", not: { equals: "x" } }, service: { is: { name: "blog" } } };
    const actual = await prisma.endpoint.count({ where: { service: where.service, route: { endsWith: "9" } } });
    expect(await admin.endpoint.count({ where: { service: where.service, route: { endsWith: "9" } } })).toBe(actual);
  });

  test("in transactions of both kinds", async () => {
    const admin = prisma.$extends(approximateCounts());
    const [first, second] = await admin.$transaction([admin.userLabel.count(), admin.service.count()]);
    near(first, LABELS);
    expect(second).toBe(2);
    near(await admin.$transaction((tx) => tx.userLabel.count()), LABELS);
  });

  test("its $tailfill.count says what it is", async () => {
    expect(await tailfillOf(prisma.$extends(approximateCounts())).count("userLabel")).toMatchObject({
      kind: "estimate",
    });
  });

  test("switched off in the client, it counts", async () => {
    const { prisma: one, sent: texts } = made.wrapped(false);
    expect(await one.$extends(approximateCounts()).userLabel.count()).toBe(LABELS);
    expect(texts).toHaveLength(1);
  });

  test("an option that is none", () => {
    expect(() => approximateCounts({ threshold: Number.NaN })).toThrow("threshold is a whole number");
  });
});

describe("row-level security, by an extension that sets the tenant in each transaction", () => {
  const role = `owner_${Math.random().toString(36).slice(2)}`;
  beforeAll(() =>
    sql(
      made.database.url,
      `ALTER TABLE user_label ENABLE ROW LEVEL SECURITY;
       CREATE POLICY own ON user_label USING (service_id = current_setting('app.service')::int);
       CREATE ROLE ${role} LOGIN PASSWORD '${role}'; GRANT USAGE ON SCHEMA public TO ${role}; GRANT SELECT ON user_label TO ${role};`,
    ),
  );
  afterAll(() =>
    sql(
      made.database.url,
      `DROP POLICY own ON user_label; ALTER TABLE user_label DISABLE ROW LEVEL SECURITY; DROP OWNED BY ${role}; DROP ROLE ${role};`,
    ),
  );

  test("each tenant sees an estimate of their own rows, also at the same time", async () => {
    const url = new URL(made.database.url);
    url.username = url.password = role;
    const { prisma: base } = made.wrapped(OPTIONS, url.href);
    const of = (service: number) =>
      base.$extends({
        query: {
          $allModels: {
            async $allOperations({ args, query }) {
              const set = base.$executeRaw`SELECT set_config('app.service', ${String(service)}, true)`;
              const [, result] = await base.$transaction([set, query(args) as never]);
              return result;
            },
          },
        },
      });
    const [one, two, none] = await Promise.all([1, 2, 3].map((service) => tailfillOf(of(service)).count("userLabel")));
    expect([one!.kind, two!.kind]).toEqual(["estimate", "estimate"]);
    near(one!.value, LABELS * 0.9);
    near(two!.value, LABELS * 0.1);
    expect(none).toMatchObject({ value: 0, kind: "exact" });
  });
});

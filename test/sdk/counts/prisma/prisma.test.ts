import { afterAll, afterEach, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { about, onCounts, tailfillOf, type Count, type ToldCount } from "@/lib/sdk/src/prisma/index";
import { sql } from "@/test/support/global-setup";
import { statementsIn } from "../../support/work";
import { labels, LABELS, OPTIONS, type Labels, type Wrapped } from "./labels";

let made: Labels;
let prisma: Wrapped;
let sent: string[];

const told: ToldCount[] = [];
const forget = onCounts((count) => told.push(count));
beforeAll(async () => {
  made = await labels();
  ({ prisma, sent } = made.wrapped());
});
afterEach(() => {
  sent.length = 0;
  told.length = 0;
});
afterAll(async () => {
  forget();
  await made?.drop();
});

const near = (count: Count, actual: number, factor = 1.2): void => {
  expect(count.value).toBeGreaterThan(actual / factor);
  expect(count.value).toBeLessThan(actual * factor);
};

describe("many rows are estimated by the planner, few are counted", () => {
  test("a whole table, by one EXPLAIN", async () => {
    const count = await prisma.$tailfill.count("userLabel");
    expect(count).toMatchObject({ kind: "estimate", because: "large", qErrorP95: null });
    near(count, LABELS);
    expect(Math.abs(Date.parse(count.asOf) - Date.now())).toBeLessThan(60_000);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatch(
      /^\/\*tf:op=UserLabel.aggregate\*\/ EXPLAIN \(FORMAT JSON, VERBOSE\) SELECT "public"."user_label"/,
    );
  });

  test("by the values that are asked for", async () => {
    const [many, few] = [{ serviceId: 1 }, { serviceId: 2 }];
    near(await prisma.$tailfill.count("userLabel", many), LABELS * 0.9);
    near(await prisma.$tailfill.count("userLabel", few), LABELS * 0.1);
    const day = new Date("2026-02-01");
    expect(await prisma.$tailfill.count("userLabel", { seenOn: day })).toMatchObject({
      value: 200,
      kind: "exact",
      because: "small",
    });
  });

  test("LIKE", async () => {
    const count = await prisma.$tailfill.count("userLabel", { label: { contains: "1" } });
    expect(count.kind).toBe("estimate");
    near(count, await prisma.userLabel.count({ where: { label: { contains: "1" } } }), 1.5);
  });

  test("a few rows as exactly as Prisma counts them, none included", async () => {
    expect(await prisma.$tailfill.count("service")).toMatchObject({ value: 2, kind: "exact" });
    expect(await prisma.$tailfill.count("userLabel", { label: "nobody" })).toMatchObject({ value: 0, kind: "exact" });
  });

  test("a filter by relations is counted until estimates of it were seen to be good", async () => {
    const where = { service: { is: { name: "shop" } } };
    const actual = await prisma.endpoint.count({ where });
    for (let n = 0; n < 3; n++)
      expect(await prisma.$tailfill.count("endpoint", where)).toMatchObject({
        value: actual,
        kind: "exact",
        because: "unproven",
      });
    const count = await prisma.$tailfill.count("endpoint", where);
    expect(count).toMatchObject({ kind: "estimate", because: "large" });
    expect(count.qErrorP95).toBeLessThan(1.1);
    near(count, actual, 1.1);
  });
});

describe("it is asked as the client would ask", () => {
  test("through extensions, made before and after one another", async () => {
    const seen = prisma.$extends({
      query: { userLabel: { count: ({ args, query }) => query({ ...args, where: { ...args?.where, serviceId: 2 } }) } },
    });
    near(await tailfillOf(seen).count("userLabel"), LABELS * 0.1);
    const twice = seen.$extends((client) =>
      client.$extends({ query: { $allModels: { count: ({ args, query }) => query(args) } } }),
    );
    near(await tailfillOf(twice).count("userLabel"), LABELS * 0.1);
    expect("$tailfill" in twice).toBe(true);
    near(await (twice as unknown as typeof prisma).$tailfill.count("userLabel"), LABELS * 0.1);
  });

  test("an extension that counts something else on the way is answered exactly", async () => {
    const counted: number[] = [];
    const watched = prisma.$extends({
      query: {
        userLabel: {
          count: async ({ args, query }) => {
            counted.push(await prisma.endpoint.count());
            return query(args);
          },
        },
      },
    });
    expect(await tailfillOf(watched).count("userLabel")).toMatchObject({ kind: "estimate" });
    expect(counted).toEqual([5_000]);
  });

  test("the app's own counts stay exact, also of batches that Prisma runs together with ours", async () => {
    const batch = async (counts: () => unknown[]): Promise<never> =>
      ((await prisma.$transaction(counts() as never)) as never[])[0]!;
    const ofBatch = prisma.$extends({
      query: { userLabel: { count: ({ args, query }) => batch(() => [query(args)]) } },
    });
    const [own, ours, other] = await Promise.all([
      batch(() => [prisma.userLabel.count()]),
      tailfillOf(ofBatch).count("userLabel"),
      batch(() => [prisma.userLabel.count({ where: { serviceId: 2 } })]),
    ]);
    expect([own, other]).toEqual([LABELS, LABELS / 10]);
    expect(ours.kind).toBe("estimate");
  });

  test("an extension that answers by itself, or changes the mark, is answered exactly", async () => {
    const cached = prisma.$extends({ query: { userLabel: { count: () => Promise.resolve(42) } } });
    expect(await tailfillOf(cached).count("userLabel")).toMatchObject({
      value: 42,
      kind: "exact",
      because: "unsupported",
    });
    const clamped = prisma.$extends({
      query: { userLabel: { count: ({ args, query }) => query({ ...args, skip: Math.min(args?.skip ?? 0, 100) }) } },
    });
    expect(await tailfillOf(clamped).count("userLabel")).toMatchObject({ value: LABELS, kind: "exact" });
  });

  test("what the client is made with is asked for as it was", async () => {
    expect(sent).toEqual([]);
    await prisma.$tailfill.count("userLabel", {}, { check: true });
    expect(sent.join("\n")).not.toMatch(/ORDER BY|1\d{9}/);
  });

  test("the app's own count stays exact", async () => {
    expect(await prisma.userLabel.count()).toBe(LABELS);
    expect(sent[0]).toMatch(/SELECT COUNT/);
  });

  test("in a transaction it sees what that wrote, and leaves it as it was", async () => {
    const done = prisma.$transaction(async (tx) => {
      await tx.endpoint.createMany({
        data: Array.from({ length: 500 }, (_, n) => ({
          serviceId: 2,
          environment: "tx",
          method: "PUT",
          route: `/${n}`,
        })),
      });
      await tx.$executeRaw`SET LOCAL statement_timeout = '59s'`;
      const own = await tx.$tailfill.count("endpoint", { method: "PUT" });
      const [{ limit }] = await tx.$queryRaw<[{ limit: string }]>`SELECT current_setting('statement_timeout') AS limit`;
      throw Object.assign(new Error("roll back"), { own, limit });
    });
    await expect(done).rejects.toMatchObject({ own: { value: 500, kind: "exact" }, limit: "59s" });
    expect(await prisma.endpoint.count({ where: { method: "PUT" } })).toBe(0);
  });

  test("what a transaction writes at the same time is kept", async () => {
    const where = { environment: "at once" };
    await prisma.$transaction(async (tx) => {
      const write = async (): Promise<void> => {
        for (let n = 0; n < 40; n++)
          await tx.endpoint.create({ data: { serviceId: 1, ...where, method: "GET", route: `/${n}` } });
      };
      const read = async (): Promise<void> => {
        for (let n = 0; n < 10; n++)
          expect(await tx.$tailfill.count("endpoint", where)).toMatchObject({ kind: "exact" });
      };
      await Promise.all([write(), read()]);
    });
    expect(await prisma.endpoint.deleteMany({ where })).toEqual({ count: 40 });
  });
});

describe("within a budget", () => {
  const none = { label: { contains: "nobody at all" } };
  const tight = { budgetMs: 1 };

  test("what takes longer is estimated", async () => {
    const count = await prisma.$tailfill.count("userLabel", none, tight);
    expect(count).toMatchObject({ kind: "estimate", because: "budget" });
    expect(count.value).toBeLessThan(1_000);
  });

  test("in a transaction too, which goes on afterwards", async () => {
    const after = await prisma.$transaction(async (tx) => {
      expect(await tx.$tailfill.count("userLabel", none, tight)).toMatchObject({ because: "budget" });
      return tx.service.count();
    });
    expect(after).toBe(2);
  });

  test("the limit stays in no connection", async () => {
    const { prisma: one } = made.wrapped();
    await Promise.all([1, 2, 3, 4].map(() => one.$tailfill.count("userLabel", none, tight)));
    const limits = await Promise.all(
      [1, 2, 3, 4].map(() => one.$queryRaw`SELECT current_setting('statement_timeout') AS limit, pg_sleep(0.01)::text`),
    );
    expect(limits.flat()).toEqual([1, 2, 3, 4].map(() => ({ limit: "0", pg_sleep: "" })));
  });

  test("more than the threshold, though estimated to be fewer, is at least so many", async () => {
    const { prisma: one } = made.wrapped({ ...OPTIONS, threshold: 100 });
    const where = {
      AND: [{ label: { endsWith: "!" } }, { userKey: { gt: 0 } }, { label: { contains: "0" } }, { serviceId: 2 }],
    };
    const count = await one.$tailfill.count("userLabel", where);
    expect(count).toMatchObject({ value: 101, kind: "atLeast", because: "capped" });
    expect(about(count)).toBe("100+");
  });
});

describe("shapes whose estimates are bad", () => {
  test("are refused, once that is known, and say so", async () => {
    const { prisma: one } = made.wrapped({ ...OPTIONS, threshold: 10 });
    // The two conditions say the same, so that the planner thinks of a hundredth of what is there.
    const where = { label: { endsWith: "!" }, userKey: { in: Array.from({ length: 6_000 }, (_, n) => n * 100) } };
    const first = await one.$tailfill.count("userLabel", where, { check: true });
    expect(first).toMatchObject({ value: 600, kind: "exact" });
    const second = await one.$tailfill.count("userLabel", where);
    expect(second).toMatchObject({ value: 600, kind: "exact", because: "refused" });
    expect(second.qErrorP95).toBeGreaterThan(2);
    const third = await one.$tailfill.count("userLabel", where, { budgetMs: 1 });
    expect(third).toMatchObject({ kind: "atLeast", because: "refused" });
    expect(told.map(({ because }) => because)).toEqual(["checked", "refused", "refused"]);
    expect(told[0]).toMatchObject({
      kind: "exact",
      qError: expect.any(Number) as number,
      shape: expect.stringContaining("user_label") as string,
    });
    expect(JSON.stringify(told)).not.toContain("!");
  });
});

describe("switched off", () => {
  test("everything is counted", async () => {
    const { prisma: one, sent: texts } = made.wrapped(false);
    expect(await one.$tailfill.count("userLabel", {}, { budgetMs: 60_000 })).toMatchObject({
      value: LABELS,
      kind: "exact",
      because: "off",
      qErrorP95: null,
    });
    expect(texts.some((text) => text.includes("EXPLAIN"))).toBe(false);
  });
});

describe("what is wrong", () => {
  test("is said as Prisma says it", async () => {
    const wrong = { nothing: 1 } as object;
    await expect(prisma.$tailfill.count("userLabel", wrong)).rejects.toMatchObject({
      name: "PrismaClientValidationError",
    });
    await sql(made.database.url, `ALTER TABLE refusal RENAME COLUMN code TO was_code`);
    await expect(prisma.$tailfill.count("refusal", { code: "x" })).rejects.toMatchObject({ code: "P2022" });
    await prisma
      .$transaction(async (tx) => {
        await expect(tx.$tailfill.count("refusal", { code: "x" })).rejects.toMatchObject({ code: "P2022" });
      })
      .catch(() => undefined);
    await sql(made.database.url, `ALTER TABLE refusal RENAME COLUMN was_code TO code`);
  });

  test("a model or an option that is none", async () => {
    await expect(prisma.$tailfill.count("nobody" as "userLabel")).rejects.toThrow('"nobody" is no model');
    await expect(prisma.$tailfill.count("userLabel", {}, { threshold: -1 })).rejects.toThrow(
      "threshold is a whole number",
    );
    await expect(prisma.$tailfill.count("userLabel", {}, { budgetMs: "1" as unknown as number })).rejects.toThrow(
      "budgetMs is a number",
    );
    expect(() => made.wrapped({ checkEvery: 0.5 })).toThrow("checkEvery is a whole number");
  });

  test("is seen by TypeScript", () => {
    expectTypeOf(prisma.$tailfill.count<"userLabel">)
      .parameter(1)
      .toExtend<{ label?: unknown } | undefined>();
    // @ts-expect-error no such model
    void (() => prisma.$tailfill.count("nobody"));
    // @ts-expect-error no such field
    void (() => prisma.$tailfill.count("userLabel", { nothing: 1 }));
  });
});

test("each statement of a count is counted for its request", async () => {
  const { count, byFingerprint } = await statementsIn(() => prisma.$tailfill.count("service"));
  expect(
    byFingerprint.map(({ fingerprint }) => fingerprint.split(/\W/)[0]!).toSorted((a, b) => a.localeCompare(b)),
  ).toEqual(["begin", "explain", "rollback", "select", "select"]);
  expect(count).toBe(5);
});

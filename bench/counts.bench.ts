import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { qError } from "@/lib/sdk/src/counts/q-error";
import { approximateCount } from "@/lib/sdk/src/pg/index";
import { tailfillPrisma, type Count } from "@/lib/sdk/src/prisma/index";
import { PrismaClient } from "@/lib/store/generated/client";
import { isWanted, makeTables, TENANT } from "./counts-tables.ts";
import { emptyBenchDatabase } from "./query-database.ts";
import { median, type Row, short } from "./rounds.ts";
import { seeded } from "./samples.ts";

const random = seeded(7);
const below = (most: number): number => Math.floor(random() * most);
const PREDICATES = 40;
/** So that only what is estimated at once is compared: nothing is learnt, and nothing is checked on the way. */
const OPTIONS = { checkEvery: 0 };

/** A predicate to count by. */
interface Where {
  text: string;
  values: unknown[];
}

interface Kind {
  what: string;
  table: string;
  where: () => Where;
  /** Of a tenant where rows are secured. */
  tenant?: () => number;
  /** Whether estimates are checked as by default. */
  checks?: boolean;
}

const day = (): string => new Date(Date.UTC(2026, 0, 1 + below(360))).toISOString().slice(0, 10);
const equal = (column: string, of: () => number) => (): Where => ({ text: `${column} = $1`, values: [of()] });
const range = (): Where => ({ text: "amount < $1", values: [20_000 + below(980_000)] });
const since = (): Where => ({ text: "day >= $1", values: [day()] });
const several = (most: number) => (): Where => ({
  text: "kind = any($1)",
  values: [[1, 2, 3, 4, 5].map(() => below(most))],
});
const like = (): Where => ({ text: "note like $1", values: [`%${below(256).toString(16)}%`] });
const both = (): Where => ({ text: "kind = $1 and amount < $2", values: [below(100), 300_000 + below(700_000)] });
const told = (): Where => {
  const zip = below(2_000);
  return {
    text: "zip between $1 and $2 and city = $3",
    values: [zip - (zip % 100), zip - (zip % 100) + 99, (zip - (zip % 100)) / 100],
  };
};
const oneOf =
  (...wheres: (() => Where)[]) =>
  (): Where =>
    wheres[below(wheres.length)]!();
const all = (): Where => ({ text: "true", values: [] });
const skewed = (most: number) => (): number => Math.floor(Math.exp(random() * Math.log(most)));

const KINDS: Kind[] = [
  { what: "whole tables", table: "uniform", where: all },
  {
    what: "uniform, one condition",
    table: "uniform",
    where: oneOf(
      equal("kind", () => below(100)),
      range,
      since,
      several(100),
    ),
  },
  { what: "uniform, LIKE", table: "uniform", where: like },
  { what: "uniform, two independent conditions", table: "uniform", where: both },
  {
    what: "Zipf, one condition",
    table: "zipf",
    where: oneOf(equal("kind", skewed(1_000)), range, since, several(100)),
  },
  {
    what: "partitioned, parent never analysed",
    table: "partitioned",
    where: oneOf(all, equal("kind", skewed(1_000)), range, since),
  },
  {
    what: "row-level secured",
    table: "secured",
    where: oneOf(
      all,
      equal("kind", () => below(20)),
      range,
      since,
    ),
    tenant: skewed(50),
  },
  { what: "never analysed, whole table", table: "fresh", where: all },
  {
    what: "never analysed, one condition",
    table: "fresh",
    where: oneOf(
      equal("kind", () => below(100)),
      range,
    ),
  },
  { what: "two conditions that say the same, unchecked", table: "uniform", where: told },
  { what: "the same, checked as by default", table: "uniform", where: told, checks: true },
];

/** One predicate, counted both ways. */
interface Compared {
  count: Count;
  actual: number;
  estimateMs: number;
  exactMs: number;
}

async function timed<Result>(run: () => PromiseLike<Result>): Promise<[Result, number]> {
  const startMs = performance.now();
  const result = await run();
  return [result, performance.now() - startMs];
}

async function compare(kind: Kind, url: string): Promise<Compared[]> {
  const found: Compared[] = [];
  const options = kind.checks === true ? {} : OPTIONS;
  const lasting = poolOf(kind, url);
  for (let n = 0; n < PREDICATES; n++) {
    const { text, values } = kind.where();
    const pool = kind.tenant === undefined ? lasting : poolOf(kind, url);
    await pool.query("select 1");
    const statement = `select count(*) from ${kind.table} where ${text}`;
    // The second of two, both ways: what is new to a connection is not what is compared.
    await approximateCount(pool, statement, values, options);
    const [count, estimateMs] = await timed(() => approximateCount(pool, statement, values, options));
    const [{ rows }, exactMs] = await timed(() => pool.query<{ count: string }>(statement, values));
    found.push({ count, actual: Number(rows[0]!.count), estimateMs, exactMs });
    if (pool !== lasting) await pool.end();
  }
  await lasting.end();
  return found;
}

function poolOf({ tenant }: Kind, url: string): pg.Pool {
  if (tenant === undefined) return new pg.Pool({ connectionString: url, max: 1 });
  const own = new URL(url);
  own.username = own.password = TENANT;
  return new pg.Pool({ connectionString: own.href, max: 1, options: `-c app.tenant=${tenant()}` });
}

async function comparePrisma(url: string): Promise<Compared[]> {
  const adapter = new PrismaPg({ connectionString: url, max: 1 });
  const prisma = tailfillPrisma({ adapter, client: PrismaClient, approximate: OPTIONS });
  const found: Compared[] = [];
  for (let n = 0; n < PREDICATES; n++) {
    const where = [
      {},
      { serviceId: 1 + below(3) },
      { seenOn: { gte: new Date(day()) } },
      { label: { contains: below(16).toString(16) } },
    ][n % 4]!;
    await prisma.$tailfill.count("userLabel", where);
    const [count, estimateMs] = await timed(() => prisma.$tailfill.count("userLabel", where));
    const [actual, exactMs] = await timed(() => prisma.userLabel.count({ where }));
    found.push({ count, actual, estimateMs, exactMs });
  }
  await prisma.$disconnect();
  return found;
}

function rowOf(what: string, compared: readonly Compared[]): Row {
  const estimates = compared.filter(({ count }) => count.kind === "estimate");
  const errors = estimates.map(({ count, actual }) => qError(count.value, actual)).sort((a, b) => a - b);
  const wrong = compared.filter(({ count, actual }) => count.kind === "exact" && count.value !== actual).length;
  const over = compared.filter(({ count, actual }) => count.kind === "atLeast" && count.value > actual).length;
  const middle = (list: readonly number[]): number | null => (list.length === 0 ? null : short(median(list), 2));
  return {
    what,
    estimates: estimates.length,
    exact: compared.filter(({ count }) => count.kind === "exact").length,
    atLeast: compared.filter(({ count }) => count.kind === "atLeast").length,
    untrue: wrong + over,
    qMedian: middle(errors),
    qP95: errors.length === 0 ? null : short(errors[Math.ceil(errors.length * 0.95) - 1]!, 2),
    qMax: errors.length === 0 ? null : short(errors.at(-1)!, 2),
    estimateMs: middle(estimates.map(({ estimateMs }) => estimateMs)),
    exactMs: middle(estimates.map(({ exactMs }) => exactMs)),
    timesFaster: middle(estimates.map(({ estimateMs, exactMs }) => exactMs / estimateMs)),
  };
}

/** How far off estimates are, by kind of table and condition, and how much faster than counting in the same run. */
export default async function bench(): Promise<Row[]> {
  const { url, stop } = await emptyBenchDatabase();
  try {
    await makeTables(url);
    const rows: Row[] = [];
    const everything: Compared[] = [];
    for (const kind of KINDS.filter(({ table }) => isWanted(table))) {
      const compared = await compare(kind, url);
      rows.push(rowOf(kind.what, compared));
      if (kind.where !== told) everything.push(...compared);
      console.log(JSON.stringify(rows.at(-1)));
    }
    const compared = isWanted("user_label") ? await comparePrisma(url) : [];
    rows.push(rowOf("Prisma, whole table and one condition", compared));
    return [...rows, rowOf("all but the two that say the same", [...everything, ...compared])];
  } finally {
    await stop();
  }
}

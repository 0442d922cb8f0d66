import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { newWork, within } from "@/lib/sdk/src/context";
import { fingerprint } from "@/lib/sdk/src/database/fingerprint";
import { tailfillPool } from "@/lib/sdk/src/pg/index";
import { tapClientClass } from "@/lib/sdk/src/pg/tap";
import type { Adapter, AdapterFactory } from "@/lib/sdk/src/prisma/driver-adapter";
import { tailfillPrisma } from "@/lib/sdk/src/prisma/index";
import { createOps } from "@/lib/sdk/src/prisma/op";
import { tapFactory } from "@/lib/sdk/src/prisma/tap";
import { PrismaClient } from "@/lib/store/generated/client";
import { emptyBenchDatabase } from "./query-database.ts";
import { cpuNs, median, type Row, short, shuffled } from "./rounds.ts";

const ROUNDS = 40;
const WARM_UP = 10;
const STATEMENTS = 200;
const MANY_ROWS = 1_000;

type Ask = (at: number) => PromiseLike<unknown>;
interface Contender {
  what: string;
  /** What the others of its kind add to. */
  kind: string;
  /** Whether its statements belong to a request. Once one was run, every promise of the process costs more. */
  inRequest: boolean;
  ask: Ask;
  statements: number;
}

interface Cost {
  cpuUs: number;
  wallUs: number;
}

/** One statement after the other, as a handler awaits them. CPU time of this process: the database is another one. */
async function costOf({ ask, statements, inRequest }: Contender): Promise<Cost> {
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const drive = async (): Promise<void> => {
    for (let at = 0; at < statements; at++) await ask(at);
  };
  await (inRequest ? within(newWork({ endpointNow: () => "GET /users/:id/comments" }), drive) : drive());
  const { user, system } = process.cpuUsage(cpu);
  return { cpuUs: (user + system) / statements, wallUs: ((performance.now() - startMs) * 1_000) / statements };
}

/**
 * Rounds are short and each is compared with the bare one next to it: what else the machine does hits both. Nothing is
 * collected on purpose: that takes optimised code away, and few statements would measure the compiler.
 */
async function compare(contenders: Contender[]): Promise<Row[]> {
  const costs = new Map<Contender, Cost[]>(contenders.map((each) => [each, []]));
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const each of shuffled([...contenders])) {
      const cost = await costOf(each);
      if (round >= 0) costs.get(each)!.push(cost);
    }
  }
  return contenders.map((each) =>
    rowOf(each, costs.get(each)!, costs.get(contenders.find(({ kind }) => kind === each.kind)!)!),
  );
}

function rowOf({ what }: Contender, costs: Cost[], bare: Cost[]): Row {
  const middle = (of: (cost: Cost) => number): number => short(median(costs.map(of)));
  const added = (of: (cost: Cost) => number): number =>
    short(median(costs.map((cost, at) => of(cost) - of(bare[at]!))));
  return {
    what,
    cpuUs: middle(({ cpuUs }) => cpuUs),
    addedCpuUs: added(({ cpuUs }) => cpuUs),
    wallUs: middle(({ wallUs }) => wallUs),
    addedWallUs: added(({ wallUs }) => wallUs),
  };
}

const TEXT =
  'SELECT "public"."user"."id", "public"."user"."name" FROM "public"."user" WHERE "public"."user"."id" = $1 LIMIT $2';

/** A driver and a driver adapter that answer at once: what is left is ours. */
class InstantClient {
  query(..._args: unknown[]): Promise<{ rowCount: number }> {
    return Promise.resolve({ rowCount: 1 });
  }
}
const instantAdapter: Adapter = {
  provider: "postgres",
  queryRaw: async () => ({ rows: [[1]] }),
  executeRaw: async () => 1,
  executeScript: async () => undefined,
  startTransaction: async () => instantAdapter,
};
const instantFactory: AdapterFactory = { provider: "postgres", connect: async () => instantAdapter };

async function alone(): Promise<Row[]> {
  const query = { sql: TEXT };
  const ops = createOps();
  const [asked, quiet, full] = [
    instantAdapter,
    tapFactory(instantFactory, { ops: undefined }),
    tapFactory(instantFactory, { ops }),
  ];
  const adapters = [asked, await quiet.connect(), await full.connect()].map((each) => each.queryRaw.bind(each));
  const told = { query: { modelName: "User", action: "findFirst" }, sql: TEXT };
  const clients = [false, true].map(
    (comment) => new (tapClientClass(class extends InstantClient {}, { comment, counts: true, limits: undefined }))(),
  );
  const statements = 20_000;
  const bare = new InstantClient();
  const rows = await compare([
    { what: "pg that answers at once, bare", kind: "pg", inRequest: true, statements, ask: () => bare.query(TEXT) },
    ...clients.map((client, at) => {
      const ask: Ask = () => client.query(TEXT) as Promise<unknown>;
      return { what: `pg that answers at once, ${NAMES[at + 1]}`, kind: "pg", inRequest: true, statements, ask };
    }),
    ...adapters.map((ask, at) => {
      const what = `a driver adapter that answers at once, ${NAMES[at]}`;
      return { what, kind: "adapter", inRequest: true, statements, ask: () => (ops.plugin(told), ask(query)) };
    }),
  ]);
  const unknown = cpuNs(() => {
    for (let at = 0; at < statements; at++) fingerprint(`${TEXT} OFFSET ${at}`);
  });
  return [
    ...rows,
    { what: "a fingerprint of a text that was not seen before", cpuUs: short(unknown / statements / 1_000) },
  ];
}

const NAMES = ["bare", "wrapped, without comments", "wrapped"];

const poolOf = (url: string): pg.Pool => new pg.Pool({ connectionString: url, max: 1 });

const LIMITS = { budgets: { default: "10s" } };

function poolsOf(url: string): pg.Pool[] {
  return [
    poolOf(url),
    tailfillPool(poolOf(url), { comment: false }),
    tailfillPool(poolOf(url)),
    tailfillPool(poolOf(url), LIMITS),
  ];
}

function clientsOf(url: string): PrismaClient[] {
  const adapter = (): PrismaPg => new PrismaPg({ connectionString: url, max: 1 });
  return [
    new PrismaClient({ adapter: adapter() }),
    tailfillPrisma({ adapter: adapter(), client: PrismaClient, comment: false }),
    tailfillPrisma({ adapter: adapter(), client: PrismaClient }),
    new PrismaClient({ adapter: adapter(), comments: [() => ({})] }),
    tailfillPrisma({ adapter: adapter(), client: PrismaClient, ...LIMITS }),
  ];
}

function onDatabase(pools: pg.Pool[], clients: PrismaClient[]): Contender[] {
  const data = Array.from({ length: MANY_ROWS }, () => ({ name: "shop" }));
  const all = NAMES.flatMap((name, at): Omit<Contender, "inRequest">[] => {
    const [pool, prisma] = [pools[at]!, clients[at]!];
    const text: Ask = (n) => pool.query("select id, name from service where id = $1", [n]);
    const find: Ask = (n) => prisma.service.findFirst({ where: { id: n } });
    const many: Ask = () => prisma.service.createMany({ data, skipDuplicates: true });
    return [
      { what: `pg, ${name}`, kind: "1", ask: text, statements: STATEMENTS },
      { what: `Prisma findFirst, ${name}`, kind: "2", ask: find, statements: STATEMENTS },
      { what: `Prisma createMany of ${MANY_ROWS} rows, ${name}`, kind: "3", ask: many, statements: 1 },
    ];
  });
  const limited: Ask = (n) => pools[3]!.query("select id, name from service where id = $1", [n]);
  const [listening, budgeted] = clients.slice(3).map(
    (prisma): Ask =>
      (n) =>
        prisma.service.findFirst({ where: { id: n } }),
  );
  all.push(
    { what: "pg, wrapped, with a budget", kind: "1", ask: limited, statements: STATEMENTS },
    {
      what: "Prisma findFirst, not wrapped, with a comment plugin that does nothing",
      kind: "2",
      ask: listening!,
      statements: STATEMENTS,
    },
    { what: "Prisma findFirst, wrapped, with a budget", kind: "2", ask: budgeted!, statements: STATEMENTS },
  );
  return all.map((each) => ({ ...each, inRequest: true })).toSorted((a, b) => a.kind.localeCompare(b.kind));
}

/** What wrapping adds to a statement, over bare pg and bare Prisma in the same run. */
export default async function bench(): Promise<Row[]> {
  const { url, stop } = await emptyBenchDatabase();
  const [pools, clients] = [poolsOf(url), clientsOf(url)];
  await clients[0]!.service.create({ data: { name: "shop" } });
  const contenders = onDatabase(pools, clients);
  // First, since nothing is followed before: afterwards the bare ones run in requests as well.
  const unfollowed = contenders
    .filter(({ what }) => what.endsWith("bare"))
    .map((each) => ({ ...each, what: `${each.what}, nothing followed`, inRequest: false }));
  const found = [...(await compare(unfollowed)), ...(await compare(contenders))];
  await Promise.all([...pools.map((pool) => pool.end()), ...clients.map((client) => client.$disconnect())]);
  await stop();
  return [...found, ...(await alone())];
}

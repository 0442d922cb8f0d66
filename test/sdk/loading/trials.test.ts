import { PrismaPg } from "@prisma/adapter-pg";
import { createServer, connect, type AddressInfo, type Server, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { PrismaClient as PlainClient } from "@/lib/store/generated/client";
import { registry } from "@/lib/sdk/src/registry";
import { tailfillPrisma, type TrialOptions } from "@/lib/sdk/src/prisma/index";
import { loadingTrials, type LoadingTrial } from "@/lib/sdk/src/trials/process-trials";
import { wrap } from "@/lib/sdk/src/wrap";
import { emptyDatabase } from "@/test/support/database";
import { until } from "@/test/support/until";
import { recordingClient } from "../adapters/recording-client";
import { blogClient, type Blog, type BlogClass } from "./blog/client";
import { fillBlog } from "./blog/tables";
import { statementsIn } from "../support/work";

let url: string;
let PrismaClient: BlogClass;
const cleanup: (() => unknown)[] = [];
const open: Blog[] = [];

beforeAll(async () => {
  const [database, blog] = await Promise.all([emptyDatabase(), blogClient()]);
  cleanup.push(database.drop, blog.remove);
  ({ url } = database);
  ({ PrismaClient } = blog);
  await fillBlog(url, 2_000);
});
afterEach(() => Promise.all(open.splice(0).map((client) => client.$disconnect())));
afterAll(async () => {
  for (const undo of cleanup.toReversed()) await undo();
});

let trials = 0;
/** A client with one trial, and what it has shown. */
function tried(options: Partial<TrialOptions> = {}, { connectionString = url } = {}) {
  const name = `trial ${++trials}`;
  const prisma = tailfillPrisma({
    adapter: new PrismaPg({ connectionString, max: 4 }),
    client: PrismaClient,
    trials: [{ op: "Post.findMany", name, check: 0, ...options }],
  });
  open.push(prisma);
  const shown = (): LoadingTrial => loadingTrials().find((each) => each.name === name)!;
  return { prisma, shown };
}

const client = recordingClient();
async function requests(times: number, run: (at: number) => Promise<unknown>, endpoint = "feed"): Promise<void> {
  const job = wrap(run, { endpoint, client });
  for (let at = 0; at < times; at++) await job(at);
  expect(client.errors).toEqual([]);
}

const FEED = { include: { author: true, comments: true, tags: true }, orderBy: { id: "asc" }, take: 3 } as const;

/** Between the app and the database, a millisecond more each way. */
async function slowNetwork(): Promise<{ connectionString: string; close: () => unknown }> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const late = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on("data", (chunk) => void setTimeout(() => to.write(chunk), 1));
    from.on("close", () => to.destroy()).on("error", () => to.destroy());
  };
  const server: Server = createServer((near) => {
    near.setNoDelay();
    const far = connect(Number(target.port || 5432), target.hostname).setNoDelay();
    late(near, far);
    late(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const through = new URL(url);
  through.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => (sockets.forEach((socket) => socket.destroy()), server.close());
  return { connectionString: through.href, close };
}

describe("on PostgreSQL", () => {
  test("with a millisecond of network each way, one join of small answers is found to be faster", async () => {
    const network = await slowNetwork();
    cleanup.push(network.close);
    const { prisma, shown } = tried({}, network);
    let asked = 0;
    for (; asked < 2_000 && shown().verdict === "no_difference_yet"; asked += 50)
      await requests(50, () => prisma.post.findMany(FEED));
    const { verdict, code, statements, fellBack, requests: counted } = shown();
    expect(verdict).toBe("join");
    expect(code).toBe('prisma.post.findMany({ …, relationLoadStrategy: "join" })');
    expect(statements).toEqual({ join: 1, query: 4 });
    expect(fellBack).toEqual({ join: 0, query: 0 });
    expect(counted.join + counted.query).toBe(asked);
    expect(Math.min(counted.join, counted.query)).toBeGreaterThan(asked / 4);
  });

  test("both strategies answer alike, in any order of what has none", async () => {
    const { prisma, shown } = tried({ check: 1 });
    await requests(5, async () => {
      await prisma.post.findMany({ ...FEED, take: 50 });
      await until("it was compared", () => shown().checks.same > 0 || shown().checks.different > 0);
    });
    expect(shown().checks.same).toBeGreaterThan(0);
    expect(shown().checks.different).toBe(0);
    expect(shown().bySize.map(({ size }) => size)).toEqual(["100–999"]);
  });
});

describe("what is tried", () => {
  test("a request keeps its strategy, and gives one sample", async () => {
    const { prisma, shown } = tried();
    const counts: number[] = [];
    await requests(12, async () => {
      const { count } = await statementsIn(async () => undefined);
      expect(count).toBe(0);
      for (let at = 0; at < 3; at++) await prisma.post.findMany(FEED);
    });
    const { requests: counted } = shown();
    expect(counted.join + counted.query).toBe(12);
    for (let at = 0; at < 8; at++) {
      const { count } = await statementsIn(async () => {
        await prisma.post.findMany(FEED);
        await prisma.post.findMany(FEED);
      });
      counts.push(count);
    }
    expect(counts.filter((count) => count !== 2 && count !== 8)).toEqual([]);
  });

  test("not outside of a request, not what says how, not what loads no relation, not another endpoint or op", async () => {
    const { prisma, shown } = tried({ endpoint: "JOB there" });
    await prisma.post.findMany(FEED);
    await requests(3, () => prisma.post.findMany(FEED), "elsewhere");
    await requests(3, () => prisma.post.findMany({ ...FEED, relationLoadStrategy: "query" }), "there");
    await requests(3, () => prisma.post.findMany({ take: 1 }), "there");
    await requests(3, () => prisma.post.findMany(), "there");
    await requests(3, () => prisma.post.findFirst({ include: { author: true } }), "there");
    expect(shown().requests).toEqual({ join: 0, query: 0 });
    await requests(3, () => prisma.post.findMany(FEED), "there");
    expect(shown().requests.join + shown().requests.query).toBe(3);
  });

  test("in transactions of both kinds, and below and above extensions of the app", async () => {
    const { prisma, shown } = tried({ check: 1 });
    await requests(2, () => prisma.$transaction((tx) => tx.post.findMany(FEED)));
    await requests(2, () => prisma.$transaction([prisma.post.findMany(FEED), prisma.author.count()]));
    expect(shown().checks).toEqual({ same: 0, different: 0, skipped: 2 });
    const seen: unknown[] = [];
    const extended = prisma.$extends({
      query: {
        post: {
          findMany: ({ args, query }: { args: { take?: number }; query: (args: object) => unknown }) =>
            query({ ...args, take: (seen.push(args), 2) }),
        },
      },
    });
    await requests(2, async () => expect(await extended.post.findMany(FEED)).toHaveLength(2));
    expect(seen).toHaveLength(2);
    expect(shown().requests.join + shown().requests.query).toBe(4);
  });

  test("`$on` is still there, and errors are Prisma's own and counted", async () => {
    const { prisma, shown } = tried();
    expect(typeof prisma.$on).toBe("function");
    await requests(3, () =>
      expect(prisma.post.findMany({ include: { nobody: true, author: true } })).rejects.toMatchObject({
        name: "PrismaClientValidationError",
      }),
    );
    expect(shown().errors.join + shown().errors.query).toBe(3);
    expect(shown().requests).toEqual({ join: 0, query: 0 });
  });

  test("a strategy that does harm is stopped, with a warning, and the other goes on", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    cleanup.push(() => warned.mockRestore());
    const { prisma, shown } = tried();
    const failing = prisma.$extends({
      query: {
        post: {
          findMany: ({
            args,
            query,
          }: {
            args: { relationLoadStrategy?: string };
            query: (args: object) => unknown;
          }) => {
            if (args.relationLoadStrategy === "query") throw new Error("planted");
            return query(args);
          },
        },
      },
    });
    await requests(400, () => failing.post.findMany(FEED).catch(() => undefined));
    const { stopped, code, requests: counted } = shown();
    expect(stopped).toEqual({ strategy: "query", reason: "errors" });
    expect(code).toContain('"join"');
    expect(counted.query).toBe(0);
    expect(counted.join).toBeGreaterThan(300);
    expect(warned.mock.calls.map(([text]) => String(text)).join()).toContain(
      'has stopped relationLoadStrategy "query"',
    );
  });
});

test("without the preview feature nothing is tried, and a warning says what is missing", async () => {
  registry().said.delete("trials");
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const before = loadingTrials().length;
  const adapter = new PrismaPg({ connectionString: url });
  const own = new PlainClient({ adapter });
  const prisma = tailfillPrisma({ adapter, client: () => own, trials: [{ op: "Service.findMany" }] });
  expect(warned.mock.calls.map(([text]) => String(text)).join()).toContain('previewFeatures = ["relationJoins"]');
  warned.mockRestore();
  expect(loadingTrials()).toHaveLength(before);
  expect(typeof prisma.service.findMany).toBe("function");
  await own.$disconnect();
});

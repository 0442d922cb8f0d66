import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { serve, variants } from "./express-server.ts";
import { medianInterval } from "./interval.ts";
import { load } from "./load.ts";
import { canPin, pin } from "./pin.ts";
import { median, type Row, short, shuffled } from "./rounds.ts";

/** Few, so that the servers of a round meet the same machine. */
const REQUESTS = 256;
const ROUNDS = 40;
/** Requests before the first round: until then the compiler is at work, which an app does once in its life. */
const WARM_UP = 20_000;
/** So often all servers are started anew: two processes of the same program differ for as long as they live. */
const STARTS = 3;
const BARE = "bare";
const AS_SERVER = "TAILFILL_BENCH_SERVER";

if (process.env[AS_SERVER]) serve(process.env[AS_SERVER]);

interface Cost {
  /** Each time, against bare in the same round: a group a start. */
  ratios: number[][];
  us: number[];
}

/**
 * CPU of a whole Express server per request over loopback, against the bare one: ratios within many short rounds, in each of
 * which every server has its turn once. The servers share one processor, and load comes from another, where the machine has two.
 */
export default async function express(): Promise<Row[]> {
  const sink = await startSink();
  const costs = new Map(variants.map((name): [string, Cost] => [name, { ratios: [], us: [] }]));
  const pinned = canPin();
  if (pinned) pin(process.pid, 0);
  for (let start = 0; start < STARTS; start++) {
    const servers = await Promise.all(variants.map((name) => startServer(name, sink.url)));
    if (pinned) for (const { child } of servers) pin(child.pid!, 1);
    await measure(servers, costs);
    for (const { child } of servers) child.kill();
  }
  sink.close();
  const bareUs = costs.get(BARE)!.us;
  return [...costs].map(([middleware, { ratios, us }]) => {
    const [low, high] = medianInterval(ratios);
    return {
      middleware,
      "CPU µs": short(median(us)),
      "against bare": short(median(ratios.flat()), 3),
      interval: `${short(low, 3)} – ${short(high, 3)}`,
      // Windows that close now and then are in no median.
      "all against all": short(sum(us) / sum(bareUs), 3),
    };
  });
}

const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

async function measure(servers: readonly Server[], costs: Map<string, Cost>): Promise<void> {
  for (const cost of costs.values()) cost.ratios.push([]);
  for (const { cost, port } of servers) await cost(() => load(port, WARM_UP));
  for (let round = 0; round < ROUNDS; round++) {
    for (const server of shuffled([...servers]))
      server.us = (await server.cost(() => load(server.port, REQUESTS))) / REQUESTS;
    const bare = servers.find(({ name }) => name === BARE)!;
    for (const { name, us } of servers) {
      costs.get(name)!.us.push(us);
      costs
        .get(name)!
        .ratios.at(-1)!
        .push(us / bare.us);
    }
  }
}

type Server = Awaited<ReturnType<typeof startServer>>;

async function startServer(name: string, url: string) {
  const env = { ...process.env, [AS_SERVER]: name, TAILFILL_URL: url, TAILFILL_API_KEY: "tf_bench" };
  const child = fork(fileURLToPath(import.meta.url), { env });
  const [port] = (await once(child, "message")) as [number];
  let counted = await cpuUs(child);
  /** What the server took for some work and since it was measured last: what it does when nobody asks belongs to it as well. */
  const cost = async (work: () => Promise<void>) => {
    const before = counted;
    await work();
    counted = await cpuUs(child);
    return counted - before;
  };
  return { name, child, port, cost, us: 0 };
}

async function cpuUs(child: ChildProcess): Promise<number> {
  child.send("cpu");
  const [us] = (await once(child, "message")) as [number];
  return us;
}

/** Takes all batches. */
async function startSink() {
  const server = createServer((req, res) => {
    req.resume().on("end", () => res.end('{"accepted":1,"rejected":[],"duplicate":false}'));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { serve, variants } from "./express-server.ts";
import { load } from "./load.ts";
import { median, type Row, short } from "./rounds.ts";

const REQUESTS = 1_000;
const ROUNDS = 12;
const AS_SERVER = "TAILFILL_BENCH_SERVER";

if (process.env[AS_SERVER]) serve(process.env[AS_SERVER]);

/** CPU of a whole Express server per request over loopback, against the bare one: ratios of alternating rounds. */
export default async function express(): Promise<Row[]> {
  const sink = await startSink();
  const servers = await Promise.all(variants.map((name) => startServer(name, sink.url)));
  const costs = new Map(variants.map((name) => [name, [] as number[]]));
  for (let round = -2; round < ROUNDS; round++) {
    for (const server of round % 2 ? servers : servers.toReversed()) {
      const us = await server.cpuOf(() => load(server.port, REQUESTS));
      if (round >= 0) costs.get(server.name)!.push(us / REQUESTS);
    }
  }
  for (const server of servers) server.child.kill();
  sink.close();
  const bare = costs.get("bare")!;
  return [...costs].map(([middleware, list]) => ({
    middleware,
    "CPU µs": short(median(list)),
    "against bare": short(median(list.map((us, round) => us / bare[round]!)), 3),
    "median against median": short(median(list) / median(bare), 3),
  }));
}

async function startServer(name: string, url: string) {
  const env = { ...process.env, [AS_SERVER]: name, TAILFILL_URL: url, TAILFILL_API_KEY: "tf_bench" };
  const child = fork(fileURLToPath(import.meta.url), { env });
  const [port] = (await once(child, "message")) as [number];
  const cpuOf = async (work: () => Promise<void>) => {
    const before = await cpuUs(child);
    await work();
    return (await cpuUs(child)) - before;
  };
  return { name, child, port, cpuOf };
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

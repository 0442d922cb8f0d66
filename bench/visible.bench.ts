// How long after its end a request is in the API: from a real middleware at its default flush to a started server.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { tailfill } from "@/lib/sdk/src/adapters/node";
import { createTailfill } from "@/lib/sdk/src/index";
import { randomFrom } from "./ingest-load.ts";
import { median, type Row, short } from "./rounds.ts";
import { newDataDir, type Server, startServer } from "./start-server.ts";

const REQUESTS = 20;
const ASK_EVERY_MS = 100;

export default async function bench(): Promise<Row[]> {
  const dataDir = newDataDir();
  const server = await startServer(dataDir);
  const app = startApp(server);
  try {
    const waits = await Promise.all(await sendSome(await app.port, server));
    waits.sort((a, b) => a - b);
    return [
      {
        requests: REQUESTS,
        "least s": short(waits[0]! / 1_000),
        "median s": short(median(waits) / 1_000),
        "most s": short(waits.at(-1)! / 1_000),
        "target s": 15,
      },
    ];
  } finally {
    await app.stop();
    await server.stop();
    dataDir.remove();
  }
}

function startApp({ url, key: apiKey }: Server) {
  const client = createTailfill({ url, apiKey, service: "visible", environment: "production" });
  const app = createServer(tailfill(client, (_, res) => res.end("done"))).listen(0, "127.0.0.1");
  const port = new Promise<number>((resolve) =>
    app.on("listening", () => resolve((app.address() as AddressInfo).port)),
  );
  const stop = async () => {
    app.close();
    await client.stop();
  };
  return { port, stop };
}

/** Requests at moments that have nothing to do with the windows; each has an outcome that no other has. */
async function sendSome(port: number, server: Server): Promise<Promise<number>[]> {
  const random = randomFrom(7);
  const waits: Promise<number>[] = [];
  for (let sent = 1; sent <= REQUESTS; sent++) {
    await (await fetch(`http://127.0.0.1:${port}/`)).text();
    waits.push(untilCounted(server, sent));
    await pause(1_000 + 4_000 * random());
  }
  return waits;
}

/** Milliseconds until the API has counted so many requests. */
async function untilCounted(server: Server, count: number): Promise<number> {
  const startedMs = performance.now();
  while ((await counted(server)) < count) await pause(ASK_EVERY_MS);
  return performance.now() - startedMs;
}

async function counted({ url, key }: Server): Promise<number> {
  const query = "service=visible&environment=production&from=now-1h&to=now";
  const response = await fetch(`${url}/api/v1/endpoints?${query}`, { headers: { authorization: `Bearer ${key}` } });
  const { endpoints } = (await response.json()) as { endpoints: { count: number }[] };
  return endpoints.reduce((sum, endpoint) => sum + endpoint.count, 0);
}

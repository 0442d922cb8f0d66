// How long after a breach a webhook has come: from a real middleware, through a started server, to a real receiver.
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { tailfill } from "@/lib/sdk/src/adapters/node";
import { createTailfill } from "@/lib/sdk/src/index";
import { median, type Row, short } from "./rounds.ts";
import { newDataDir, type Server, startServer } from "./start-server.ts";

const ROUNDS = 12;
const WINDOW_MS = 10_000;
/** As many requests as a rule about a median wants at least, and some more. */
const REQUESTS = 12;
const SLOW_MS = 200;
const SCOPE = { service: "alerted", environment: "production" };
const TARGET_S = 45;
const LIMIT_MS = 120_000;

/** What came of a breach, Unix ms. */
interface Told {
  judgedMs: number;
  writtenMs: number;
  arrivedMs: number;
}

export default async function bench(): Promise<Row[]> {
  const dataDir = newDataDir();
  const receiver = await startReceiver();
  const server = await startServer(dataDir, { TAILFILL_WEBHOOK_ALLOW: "127.0.0.0/8" });
  const app = await startApp(server);
  try {
    const id = await makeReceiver(server, receiver.url);
    for (let round = 0; round < ROUNDS; round++) await makeRule(server, round, id);
    const ends: number[] = [];
    for (let round = 0; round < ROUNDS; round++) ends.push(await breachInWindow(app.url, round));
    const told = await receiver.toldOf(ROUNDS);
    return rowsOf(ends, told);
  } finally {
    await app.stop();
    await server.stop();
    receiver.stop();
    dataDir.remove();
  }
}

function rowsOf(ends: readonly number[], told: readonly Told[]): Row[] {
  const until = (what: string, of: (one: Told) => number): Row => {
    const waits = told.map((one, round) => (of(one) - ends[round]!) / 1_000).sort((a, b) => a - b);
    const [least, most] = [waits[0]!, waits.at(-1)!].map((seconds) => short(seconds));
    return {
      "from the end of the window, s, until it is": what,
      rounds: ROUNDS,
      least: least!,
      median: short(median(waits)),
      most: most!,
    };
  };
  return [
    until("judged a breach", ({ judgedMs }) => judgedMs),
    until("written down whom to tell", ({ writtenMs }) => writtenMs),
    { ...until("at the receiver", ({ arrivedMs }) => arrivedMs), target: TARGET_S },
  ];
}

const portOf = (server: HttpServer): number => (server.address() as AddressInfo).port;

async function listening(server: HttpServer): Promise<string> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${portOf(server)}`;
}

/** An app with a route for each round, which take long. */
async function startApp({ url, key: apiKey }: Server) {
  const client = createTailfill({ url, apiKey, ...SCOPE });
  const handler = tailfill(
    { client, route: (req) => req.url ?? "/" },
    (_, res) => void setTimeout(() => res.end("done"), SLOW_MS),
  );
  const app = createServer(handler);
  const address = await listening(app);
  const stop = async () => {
    app.close();
    await client.stop();
  };
  return { url: address, stop };
}

async function startReceiver() {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const arrivedMs = Date.now();
      response.end();
      const { type, timestamp, data } = JSON.parse(Buffer.concat(chunks).toString()) as {
        type: string;
        timestamp: string;
        data: { incident: { rule: string; openedAt: string } };
      };
      if (type !== "incident.opened") return;
      const round = Number(data.incident.rule);
      told[round] ??= { judgedMs: Date.parse(data.incident.openedAt), writtenMs: Date.parse(timestamp), arrivedMs };
    });
  });
  const url = await listening(server);
  const toldOf = async (rounds: number): Promise<Told[]> => {
    const end = performance.now() + LIMIT_MS;
    while (Object.keys(told).length < rounds) {
      if (performance.now() > end) throw new Error(`told of ${Object.keys(told).length} of ${rounds} breaches`);
      await pause(100);
    }
    return told;
  };
  return { url, toldOf, stop: () => server.close().closeAllConnections() };
}

async function post({ url, key }: Server, path: string, body: object): Promise<string> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const answer = await fetch(`${url}/api/v1/alerts/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return ((await answer.json()) as { id: string }).id;
}

const makeReceiver = (server: Server, url: string): Promise<string> =>
  post(server, "receivers", { name: "bench", kind: "webhook", url: `${url}/hook` });

/** What a person who wants to know soon would write: no `forSeconds`, and the group wait as it is. */
const makeRule = (server: Server, round: number, receiver: string): Promise<string> =>
  post(server, "rules", {
    name: String(round),
    kind: "percentile",
    ...SCOPE,
    endpoint: { method: "GET", route: `/slow/${round}` },
    percentile: 50,
    thresholdUs: (SLOW_MS / 2) * 1_000,
    windowSeconds: 60,
    forSeconds: 0,
    receivers: [receiver],
  });

/** Slow requests in a window of their own, at another moment of it each time. Gives the window's end, Unix ms, when they are over. */
async function breachInWindow(url: string, round: number): Promise<number> {
  const start = Math.ceil(Date.now() / WINDOW_MS) * WINDOW_MS;
  const moment = start + ((round * 3) % 9) * 1_000 + 300;
  await pause(moment - Date.now());
  await Promise.all(Array.from({ length: REQUESTS }, async () => (await fetch(`${url}/slow/${round}`)).text()));
  return start + WINDOW_MS;
}

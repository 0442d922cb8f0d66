import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { Fleet, type LoadBatch, type Traffic, WINDOW_MS } from "./capacity-load.ts";
import { ask, sendBatch } from "./http.ts";
import type { Machines } from "./machines.ts";

/** How an installation bore a load. */
export interface Borne {
  batches: number;
  seconds: number;
  /** Of answers to batches, milliseconds. */
  answerP99Ms: number;
  /** For how long the oldest batch waited to be folded, milliseconds: at the 95th percentile of all looks, and at most. */
  lagP95Ms: number;
  lagMostMs: number;
  /** Of what pages ask meanwhile, milliseconds. */
  pageP95Ms: number;
  /** CPU time for each batch, milliseconds. */
  cpuMs: Map<string, number>;
  /** Bytes of the log of PostgreSQL for each batch. */
  walBytes: number;
  bodyBytes: number;
}

const ASK_PAGES_EVERY_MS = 2_000;
const LOOK_EVERY_MS = 500;

/** Sends what a fleet records for some windows, evenly over the time of each; pages are open meanwhile. */
export async function bear(machines: Machines, traffic: Traffic, windows: number): Promise<Borne> {
  const client = new Client({ connectionString: machines.databaseUrl });
  await client.connect();
  const looks: number[] = [];
  const pages: number[] = [];
  let [looking, asking] = [Promise.resolve(), Promise.resolve()];
  const timers = [
    setInterval(
      () => void (looking = looking.then(() => waitedMs(client)).then((ms) => void looks.push(ms))),
      LOOK_EVERY_MS,
    ),
    setInterval(() => void (asking = asking.then(() => askPages(machines, pages))), ASK_PAGES_EVERY_MS),
  ];
  try {
    const [walBefore, before, startedMs] = [await walBytes(client), machines.cpuMs(), performance.now()];
    const { answers, bytes } = await sendWindows(machines, new Fleet(traffic), windows);
    const seconds = (performance.now() - startedMs) / 1_000;
    const { length: batches } = answers;
    const cpu = [...machines.cpuMs()].map(([name, ms]) => [name, (ms - (before.get(name) ?? 0)) / batches] as const);
    return {
      batches,
      seconds,
      answerP99Ms: quantile(answers, 0.99),
      lagP95Ms: quantile(looks, 0.95),
      lagMostMs: Math.max(0, ...looks),
      pageP95Ms: quantile(pages, 0.95),
      cpuMs: new Map(cpu),
      walBytes: ((await walBytes(client)) - walBefore) / batches,
      bodyBytes: bytes / batches,
    };
  } finally {
    for (const timer of timers) clearInterval(timer);
    await Promise.allSettled([looking, asking]);
    await client.end();
  }
}

async function sendWindows(machines: Machines, fleet: Fleet, windows: number) {
  const { instances } = fleet.traffic;
  const answers: number[] = [];
  let bytes = 0;
  const startedMs = performance.now();
  const firstMs = Math.floor(Date.now() / WINDOW_MS) * WINDOW_MS - WINDOW_MS;
  const sending = new Set<Promise<void>>();
  for (let n = 0; n < windows * instances; n++) {
    const dueMs = startedMs + (n * WINDOW_MS) / instances;
    const { body }: LoadBatch = fleet.batch(n % instances, firstMs + Math.floor(n / instances) * WINDOW_MS);
    bytes += body.length;
    await pause(Math.max(0, dueMs - performance.now()));
    const target = { url: machines.urls[n % machines.urls.length]!, key: machines.key };
    const sent: Promise<void> = sendBatch(target, body).then((ms) => {
      answers.push(ms);
      sending.delete(sent);
    });
    sending.add(sent);
  }
  await Promise.all(sending);
  return { answers, bytes };
}

/** For how long the oldest batch has waited, milliseconds; 0 when none does. */
async function waitedMs(client: Client): Promise<number> {
  const { rows } = await client.query<{ ms: number | null }>(
    "SELECT extract(epoch FROM clock_timestamp() - min(received_at)) * 1000 AS ms FROM batch",
  );
  return Number(rows[0]?.ms ?? 0);
}

async function walBytes(client: Client): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn AS bytes");
  return Number(rows[0]!.bytes);
}

/** What an open overview, an open endpoint and its tail ask. */
async function askPages({ urls, key }: Machines, times: number[]): Promise<void> {
  const url = `${urls[0]}/api/v1`;
  const headers = { authorization: `Bearer ${key}` };
  const timed = async (path: string): Promise<string> => {
    const startedMs = performance.now();
    const { status, body } = await ask(`${url}/${path}`, { headers });
    if (status === 200) times.push(performance.now() - startedMs);
    return body;
  };
  const listed = JSON.parse(await timed("endpoints?service=service-0&environment=production&from=now-1h&to=now")) as {
    endpoints?: { id: number }[];
  };
  const id = listed.endpoints?.[0]?.id;
  if (id === undefined) return;
  await timed(`endpoints/${id}/series?from=now-1h&to=now`);
  await timed(`endpoints/${id}/users?from=now-1h&to=now&limit=50`);
}

function quantile(list: readonly number[], q: number): number {
  if (list.length === 0) return Number.NaN;
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
}

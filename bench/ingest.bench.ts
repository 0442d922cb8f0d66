// Ingest with fold and roll-up keeping up: ten senders against a started server (web, worker, embedded PostgreSQL), all on
// this machine. Bodies are encoded beforehand; every count is compared with what was sent.
import { setTimeout as pause } from "node:timers/promises";
import { agent, ask, sendBatch } from "./http.ts";
import { type LoadBatch, loadBatch, randomFrom } from "./ingest-load.ts";
import { cpuOfChildren } from "./process-cpu.ts";
import { newDataDir, type Server, startServer } from "./start-server.ts";

const BATCHES = 3_000;
const SENDERS = 10;
const WINDOW_MS = 10_000;
/** Batches of one window: as many as 100 a second would send in it. */
const BATCHES_A_WINDOW = 1_000;

async function health({ url }: Server): Promise<{ waitingBatches: number | null }> {
  return JSON.parse((await ask(`${url}/api/health`)).body) as { waitingBatches: number | null };
}

/** Requests that the read API counts, over all endpoints. */
async function countedRequests({ url, key }: Server, from: number): Promise<number> {
  const range = `from=${new Date(from - 3_600_000).toISOString()}&to=${new Date(from + 7_200_000).toISOString()}`;
  const { body } = await ask(`${url}/api/v1/endpoints?service=bench&environment=production&${range}&percentiles=99`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const { endpoints } = JSON.parse(body) as { endpoints: { count: number }[] };
  return endpoints.reduce((sum, { count }) => sum + count, 0);
}

async function load(server: Server, batches: readonly LoadBatch[]) {
  const before = cpuOfChildren(server.child.pid!);
  const ownBefore = process.cpuUsage();
  const answersMs: number[] = [];
  const waiting: number[] = [];
  const start = performance.now();
  let next = 0;
  const sender = async () => {
    while (next < batches.length) answersMs.push(await sendBatch(server, batches[next++]!.body));
  };
  const watch = setInterval(() => void health(server).then((h) => waiting.push(h.waitingBatches ?? -1)), 1_000);
  await Promise.all(Array.from({ length: SENDERS }, sender));
  const seconds = (performance.now() - start) / 1000;
  clearInterval(watch);
  while ((await health(server)).waitingBatches !== 0) await pause(50);
  const allFoldedSeconds = (performance.now() - start) / 1000;
  const own = process.cpuUsage(ownBefore);
  const cpu = [...cpuOfChildren(server.child.pid!)].map(([name, ms]) => [name, ms - (before.get(name) ?? 0)] as const);
  const cpuMs = new Map([...cpu, ["senders", (own.user + own.system) / 1000] as const]);
  return { seconds, allFoldedSeconds, answersMs, waiting, cpuMs };
}

const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

export default async function bench(): Promise<Record<string, unknown>[]> {
  const random = randomFrom(1);
  const startMs = Math.floor(Date.now() / WINDOW_MS) * WINDOW_MS - 60_000;
  const windowOf = (i: number) => startMs + Math.floor(i / BATCHES_A_WINDOW) * WINDOW_MS;
  const batches = Array.from({ length: BATCHES }, (_, i) => loadBatch(random, windowOf(i)));
  const dataDir = newDataDir();
  const server = await startServer(dataDir);
  try {
    const run = await load(server, batches);
    const sent = batches.reduce((sum, { requests }) => sum + requests, 0);
    const counted = await countedRequests(server, startMs);
    const sorted = run.answersMs.sort((a, b) => a - b);
    const perBatch = [...run.cpuMs].map(([name, ms]) => [`cpu ${name}, ms a batch`, round(ms / BATCHES, 2)] as const);
    return [
      {
        batches: BATCHES,
        "batches/s": round(BATCHES / run.seconds),
        "batches/s, all folded": round(BATCHES / run.allFoldedSeconds),
        "answer p50, ms": round(sorted[Math.floor(BATCHES / 2)]!),
        "answer p99, ms": round(sorted[Math.floor(BATCHES * 0.99)]!),
        "waiting batches, most": Math.max(0, ...run.waiting),
        "difference in counts": counted - sent,
        ...Object.fromEntries(perBatch),
      },
    ];
  } finally {
    await server.stop();
    dataDir.remove();
    agent.destroy();
  }
}

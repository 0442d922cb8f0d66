// What more processes cost: CPU of a batch with 4 web and 2 worker processes against 1 and 1, at the same rate, on one PostgreSQL.
import { setTimeout as pause } from "node:timers/promises";
import { agent, ask, sendBatch } from "./http.ts";
import { loadBatch, type LoadBatch, randomFrom } from "./ingest-load.ts";
import { type Machines, startMachines } from "./machines.ts";
import { median, type Row, short } from "./rounds.ts";

const BATCHES = 900;
const PER_SECOND = 40;
const ROUNDS = 2;
const CONTENDERS = [
  { webs: 1, workers: 1 },
  { webs: 4, workers: 2 },
];
const PARTS = ["web", "worker", "postgres"];

export default async function bench(): Promise<Row[]> {
  const found = CONTENDERS.map(() => [] as Map<string, number>[]);
  for (let round = 0; round < ROUNDS; round++)
    for (const [at, contender] of CONTENDERS.entries()) found[at]!.push(await measure(contender));
  agent.destroy();
  const sums = found.map((runs) =>
    median(runs.map((run) => PARTS.reduce((sum, part) => sum + (run.get(part) ?? 0), 0))),
  );
  return CONTENDERS.map(({ webs, workers }, at) => ({
    processes: `${webs} web, ${workers} worker`,
    ...Object.fromEntries(
      PARTS.map((part) => [`${part}, ms a batch`, short(median(found[at]!.map((run) => run.get(part) ?? 0)), 2)]),
    ),
    "all, ms a batch": short(sums[at]!, 2),
    "times 1 and 1": short(sums[at]! / sums[0]!, 2),
    "target times": at === 0 ? null : 1.15,
  }));
}

async function measure(contender: (typeof CONTENDERS)[number]): Promise<Map<string, number>> {
  const machines = await startMachines(contender);
  try {
    const startMs = Math.floor(Date.now() / 10_000) * 10_000 - 120_000;
    const random = randomFrom(1);
    const batches = Array.from({ length: BATCHES }, (_, at) =>
      loadBatch(random, startMs + Math.floor(at / 400) * 10_000),
    );
    await sendAll(machines, batches.slice(0, BATCHES / 6)); // what is compiled at first is not what a batch costs
    const before = machines.cpuMs();
    const measured = batches.slice(BATCHES / 6);
    await sendAll(machines, measured);
    return new Map([...machines.cpuMs()].map(([name, ms]) => [name, (ms - (before.get(name) ?? 0)) / measured.length]));
  } finally {
    await machines.stop();
  }
}

/** At a steady rate, to one web process after the other; returns when all is folded. */
async function sendAll({ urls, key }: Machines, batches: readonly LoadBatch[]): Promise<void> {
  const startedMs = performance.now();
  const sending: Promise<number>[] = [];
  for (const [at, { body }] of batches.entries()) {
    await pause(Math.max(0, startedMs + (at * 1_000) / PER_SECOND - performance.now()));
    sending.push(sendBatch({ url: urls[at % urls.length]!, key }, body));
  }
  await Promise.all(sending);
  const waiting = async () =>
    (JSON.parse((await ask(`${urls[0]}/api/health`)).body) as { waitingBatches: number | null }).waitingBatches;
  while ((await waiting()) !== 0) await pause(100);
}

import { setTimeout as pause } from "node:timers/promises";
import { checkOf } from "@/lib/key-format";
import { processOf } from "./processes.ts";
import { type ServerProcess, serverSuite } from "./server-process.ts";
import { type Sent, StubbornClient } from "./stubborn-client.ts";
import { until } from "./until.ts";

export const VICTIMS = ["web", "worker", "postgres", "start"] as const;
export type Victim = (typeof VICTIMS)[number];

const RANDOM = "0123456789abcdefghijABCDEFGHIJ0123456789";
export const API_KEY = `tf_${RANDOM}${checkOf(RANDOM)}`;

const BATCHES_BETWEEN = 15;

/** What the server shows in the end, to be compared with what was acknowledged. */
export interface Shown {
  requests: number;
  /** The same requests, added up over their users. */
  byUsers: number;
}

/**
 * Kills processes of a running server, one after the other, while clients send, and lets all come to rest.
 * @param victims what to kill, in order; `start` takes everything along and is started again
 */
export async function faultRun(victims: readonly Victim[]): Promise<{ sent: Sent; shown: Shown }> {
  const suite = await serverSuite();
  const begin = () => suite.start({ env: { TAILFILL_API_KEY: API_KEY } });
  try {
    let server = begin();
    const target = { url: await server.ready(), apiKey: API_KEY };
    const client = new StubbornClient(target);
    for (const victim of victims) {
      const enough = client.sent.batches + BATCHES_BETWEEN;
      await until("batches are acknowledged again", () => client.sent.batches >= enough, 60_000);
      await pause(Math.random() * 500); // somewhere in the clients' and the jobs' work
      kill(server, victim);
      if (victim !== "start") continue;
      await server.over();
      server = begin();
      client.move(await server.ready());
    }
    const sent = await client.finish();
    return { sent, shown: await atRest(target.url) };
  } finally {
    await suite.clean();
  }
}

function kill(server: ServerProcess, victim: Victim): void {
  const pid =
    victim === "start"
      ? server.pid
      : processOf(server.pid, victim === "postgres" ? "bin/postgres -D" : `dist/${victim}.js`);
  if (pid === undefined) throw new Error(`${victim} does not run:\n${server.stderr}`);
  process.kill(pid, "SIGKILL");
}

/** Waits until every batch is folded, then asks the API as anybody would. */
export async function atRest(url: string): Promise<Shown> {
  const calm = async () => {
    const answer = await fetch(`${url}/api/health`).catch(() => undefined);
    return answer?.status === 200 && ((await answer.json()) as { waitingBatches: number }).waitingBatches === 0;
  };
  await until("every batch is folded", calm, 60_000);
  const range = `from=${at(-3_600_000)}&to=${at(600_000)}`;
  const question = `service=faulty&environment=test&${range}`;
  const { endpoints } = await read<{ endpoints: { id: number; count: number }[] }>(url, `endpoints?${question}`);
  let byUsers = 0;
  for (const { id } of endpoints) {
    const { users, other } = await read<{ users: Counted[]; other: Counted | null }>(
      url,
      `endpoints/${id}/users?${range}&limit=1000`,
    );
    byUsers += users.reduce((sum, { count }) => sum + count, other?.count ?? 0);
  }
  return { requests: endpoints.reduce((sum, { count }) => sum + count, 0), byUsers };
}

interface Counted {
  count: number;
}

const at = (ms: number): string => new Date(Date.now() + ms).toISOString();

async function read<T>(url: string, path: string): Promise<T> {
  const answer = await fetch(`${url}/api/v1/${path}`, { headers: { authorization: `Bearer ${API_KEY}` } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

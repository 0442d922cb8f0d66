import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fixtures } from "./fixtures/all";
import { ask } from "./http";
import { recordingClient, type Sample } from "./recording-client";
import { Script } from "./script";

const [name = "", requests = ""] = process.argv.slice(2);
await (cluster.isPrimary ? primary(Number(requests)) : worker());

async function primary(count: number): Promise<void> {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  const workers = [cluster.fork(), cluster.fork()];
  const [address] = await Promise.all(workers.map(async (each) => (await once(each, "listening"))[0] as AddressInfo));
  for (let n = 0; n < count; n++) await ask(address?.port ?? 0, { path: `/users/${n}` });
  const samples = await Promise.all(workers.map(collect));
  process.stdout.write(JSON.stringify(samples));
  for (const each of workers) each.disconnect();
}

async function collect(each: Worker): Promise<Sample[]> {
  each.send("samples?");
  return (await once(each, "message"))[0] as Sample[];
}

async function worker(): Promise<void> {
  const fixture = fixtures[name as keyof typeof fixtures];
  const client = recordingClient(fixture.userOf);
  const server = createServer(await fixture.build([client], new Script()));
  // A message comes after the answers were read, so the closes are over but for those of this turn.
  process.on("message", () => setImmediate(() => process.send?.(client.samples)));
  server.listen(0, "127.0.0.1");
}

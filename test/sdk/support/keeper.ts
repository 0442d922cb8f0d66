import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";

import { decodeTrustedBatch } from "@/lib/wire/index";
import { until } from "@/test/support/until";
import { runningClient, samplesIn, total } from "./running";
import { accept, StubServer, type Answer } from "./stub-server";

export type Kept = Map<string, { samples: number; losses: Map<string, number> }>;

/** A server that keeps what it accepts, counted by batch id as the real one does. */
export function keeper(answers: (count: number) => Answer): { kept: Kept; answer: Answer } {
  const kept: Kept = new Map();
  const answer: Answer = (res, received, count) => {
    const batch = decodeTrustedBatch(gunzipSync(received.body));
    // An answer may be lost after the batch was kept: then it comes again and is a duplicate.
    const next = kept.has(batch.batch) ? accept : answers(count);
    if (next === accept) kept.set(batch.batch, { samples: samplesIn(batch), losses: batch.losses });
    next(res, received, count);
  };
  return { kept, answer };
}

/** What arrived, and what was reported as lost. */
export function sumOf(kept: Kept): { arrived: number; reported: number } {
  const all = [...kept.values()];
  return {
    arrived: total(all.map(({ samples }) => samples)),
    reported: total(all.flatMap(({ losses }) => [...losses.values()])),
  };
}

/** 1,000 requests a second for so many windows against a port where nobody listens; then the server is back. */
export async function outage(windows: number, cleanup: (() => unknown)[]) {
  const gone = await StubServer.start();
  const { port, url } = gone;
  await gone.stop();
  const { client, clock } = runningClient(url);
  cleanup.push(() => client.stop());
  const users = Array.from({ length: 20_000 }, () => randomBytes(16).toString("hex"));
  const packed = () => client.stats().pendingBatches * 1e9 + (client.stats().unreportedLosses["buffer_full"] ?? 0);
  let recorded = 0;
  let mostBytes = 0;
  for (let window = 0; window < windows; window++) {
    for (let i = 0; i < 10_000; i++, recorded++) {
      client.record("GET", `/r/${i % 50}`, "ok", (recorded * 7_919) % 1_000_000, users[(recorded * 31) % 20_000]);
    }
    const before = packed();
    await clock.advance(10_000);
    await until("the window is packed", () => packed() !== before);
    mostBytes = Math.max(mostBytes, client.stats().pendingBytes);
  }

  const { kept, answer } = keeper(() => accept);
  const server = await StubServer.start(answer, port);
  cleanup.push(() => server.stop());
  await until("all was sent", async () => {
    await clock.advance(10_000);
    await client.flush();
    const { pendingBatches, unreportedLosses } = client.stats();
    return pendingBatches === 0 && total(Object.values(unreportedLosses)) === 0;
  });
  return { recorded, mostBytes, ...sumOf(kept) };
}

import { Folder } from "@/lib/rollup/fold";
import { rollUp } from "@/lib/rollup/roll-up";
import type { Db } from "@/lib/store/db";
import { dropExpired, ensurePartitions } from "@/lib/store/partitions";
import type { Outcome } from "@/lib/wire/index";
import { store } from "../../support/stored.ts";
import { batchesOf, groupBy, type Sample, seeded } from "./oracle.ts";

const HOUR_MS = 3_600_000;

export interface TrafficPlan {
  seed: number;
  fromMs: number;
  toMs: number;
  /** Bursts of requests, each within one window of 10 s. */
  bursts: number;
}

/** Requests to two services: bursts at random times, latencies over four powers of ten, some users slower than others. */
export function traffic({ seed, fromMs, toMs, bursts }: TrafficPlan): Sample[] {
  const random = seeded(seed);
  const samples: Sample[] = [];
  for (let burst = 0; burst < bursts; burst++) {
    const atMs = Math.floor(fromMs + random() * (toMs - fromMs));
    const service = random() < 0.8 ? "shop" : "forum";
    for (let request = 0; request < 8; request++)
      samples.push(sampleAt(Math.min(atMs + request, toMs - 1), service, random));
  }
  return samples;
}

function sampleAt(atMs: number, service: string, random: () => number): Sample {
  const number = Math.floor(random() ** 2 * 30);
  const user = random() < 0.2 ? null : `u${number}`;
  const slow = user !== null && number % 10 === 3 ? 40 : 1;
  const outcomes: Outcome[] = ["ok", "ok", "ok", "ok", "client_error", "server_error", "aborted"];
  return {
    atMs,
    service,
    route: `/r${Math.floor(random() * 3)}`,
    user,
    outcome: outcomes[Math.floor(random() * outcomes.length)]!,
    latencyUs: Math.round(300 * slow * Math.exp(random() * 7)),
  };
}

/**
 * Lives through the time of some requests as a server would: batches arrive by the hour, some of them hours late, are
 * folded, and rolled up now and then.
 */
export async function live(db: Db, samples: readonly Sample[], { seed }: { seed: number }): Promise<void> {
  const random = seeded(seed);
  const arrivals = groupBy(batchesOf(samples), ({ window }) => {
    const lateHours = random() < 0.1 ? Math.floor(random() * 40) : 0;
    return Math.floor(window.startMs / HOUR_MS) + 1 + lateHours;
  });
  const folder = new Folder(db);
  for (const [hour, batches] of [...arrivals].sort(([a], [b]) => a - b)) {
    await ensurePartitions(db, hour * HOUR_MS);
    for (const batch of batches) await store(db, batch);
    await folder.fold();
    if (random() < 0.3) await rollUp(db, hour * HOUR_MS);
    if (random() < 0.1) await dropExpired(db, hour * HOUR_MS);
  }
}

import { encodePayload, indexOf, newCounts, type PayloadRange } from "../lib/histogram/index.ts";
import { sumOf } from "../lib/prefill/build-profiles.ts";
import { nothingLearned } from "../lib/prefill/learned.ts";
import type { Material } from "../lib/prefill/material.ts";
import { lookAt } from "../lib/prefill/outlook.ts";
import { seededRandom } from "../lib/prefill/random.ts";
import { solve } from "../lib/prefill/solve.ts";
import { UserTable } from "../lib/query/user-table.ts";
import { ProfilePacker } from "../lib/store/profile-pack.ts";
import { collect, type Row, short } from "./rounds.ts";

/** As many as a service has at most; see `MOST_PROFILES` of lib/prefill/round.ts. */
const PROFILES = 50_000;
const ROUNDS = 5;
const NOW = Date.parse("2026-11-16T00:00:00Z");
const HOUR = 3_600_000;
const RULES = { withheldShare: 0.1, holdOutShare: 0.01, budgetIs: "average", instances: 1 } as const;

/** What working out a plan takes of CPU and memory, without the database: in a process that has nothing else in it. */
export default async function bench(): Promise<Row[]> {
  const material = materialOf(PROFILES);
  collect();
  const rows: Row[] = [];
  for (const goal of ["slo", "p99"] as const) {
    const cpus: number[] = [];
    let most = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const before = process.cpuUsage();
      const { survey } = await lookAt(material, { assumed: { targetUs: 500_000, hitUs: null }, nowMs: NOW });
      most = Math.max(most, process.memoryUsage.rss());
      solve(survey, { ...RULES, goal, budgetSecondsPerHour: 200 });
      most = Math.max(most, process.memoryUsage.rss());
      const { user, system } = process.cpuUsage(before);
      cpus.push((user + system) / 1_000);
    }
    rows.push({
      [`${PROFILES} profiles, goal`]: goal,
      "CPU ms, least": short(Math.min(...cpus)),
      "CPU ms, most": short(Math.max(...cpus)),
      "target ms": 10_000,
      "RSS MB": Math.round(most / 1e6),
      "target MB": 300,
    });
  }
  return rows;
}

function materialOf(profiles: number): Material {
  const random = seededRandom(3);
  const stock = (us: number, samples: number) => Array.from({ length: 100 }, () => payloadOf(random, us, samples));
  const [slow, quick, hits] = [stock(900_000, 5), stock(60_000, 5), stock(9_000, 8)];
  const any = (list: readonly PayloadRange[]) => list[Math.floor(random() * list.length)]!;
  const packer = new ProfilePacker();
  for (let user = 0; user < profiles; user++) {
    const own = user % 10 === 0 ? slow : quick;
    packer.add({
      high: 0,
      low: Math.floor((user / profiles) * 2 ** 32),
      cold: 10,
      loads: 10,
      loadUs: own === slow ? 9_000_000 : 600_000,
      writes: 0,
      lastHour: NOW / HOUR,
      missEven: any(own),
      missOdd: any(own),
      hit: any(hits),
      hours: Array.from({ length: 12 }, (_, n) => [n * 13, 2]).flat(),
    });
  }
  const chunks = packer.finish();
  const place = { endpointId: 1, loadId: 2, writeId: null, mainEndpointId: null };
  const subject = { ...place, isCached: true, ttlSeconds: 1_800, name: "feed" };
  const span = { fromMs: NOW - 14 * 24 * HOUR, settledUptoMs: NOW, madeAtMs: NOW, tookMs: 0 };
  const state = { endpointId: 1, ...sumOf(chunks), ...span };
  const read = { subject, state, learned: nothingLearned(), chunks: chunks.map(({ payload }) => payload) };
  const scope = { id: 1, serviceId: 1, service: "shop", environment: "bench" };
  return { scope, users: new UserTable(), subjects: [read] };
}

function payloadOf(random: () => number, us: number, samples: number): PayloadRange {
  const counts = newCounts();
  for (let n = 0; n < samples; n++) counts[indexOf(Math.round(us * Math.exp(random() - 0.5)))]!++;
  const bytes = encodePayload(counts);
  return { bytes, start: 0, end: bytes.length };
}

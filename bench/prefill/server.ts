import { ByteWriter, indexOf, SeriesStore } from "../../lib/histogram/index.ts";
import { sumOf } from "../../lib/prefill/build-profiles.ts";
import { kindAt } from "../../lib/prefill/hours.ts";
import { OccasionPlanner } from "../../lib/prefill/occasions.ts";
import { planOf, type Prediction, type Survey, type Wish } from "../../lib/prefill/index.ts";
import { roomOf } from "../../lib/prefill/offers.ts";
import { predict } from "../../lib/prefill/predict.ts";
import { find } from "../../lib/prefill/solve.ts";
import type { Material } from "../../lib/prefill/material.ts";
import { lookAt, type Outlook } from "../../lib/prefill/outlook.ts";
import { UserTable } from "../../lib/query/user-table.ts";
import { type Profile, ProfilePacker } from "../../lib/store/profile-pack.ts";
import { highOf, lowOf, userKey } from "../../lib/store/user-key.ts";
import type { DecisionEvent, FillEvent, PrefillMode, PrefillPlan, VisitEvent } from "../../lib/wire/index.ts";
import { Learner } from "./learner.ts";
import type { Visited } from "./play.ts";
import type { World } from "./world.ts";

export const DEFINITION = "feed";
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MONDAY_HOURS = 72;
const WEEK = 168;
/** Misses of even days, of odd days, hits. */
const KINDS = 3;
const HIT = 2;
const BUCKETS = 4_096;

export interface Planned {
  /** The plan as it is at a time. */
  at: (atMs: number, correction: number) => PrefillPlan;
  /** What an hour is expected to spend. */
  spending: (atMs: number) => { seconds: number; fills: number };
  targetUs: number;
  prediction: Prediction;
}

export interface PlanFrame {
  mode: PrefillMode;
  nowMs: number;
  salt: string;
  /** For an oracle: a visit follows whatever it is asked about. */
  knows?: boolean;
}

/** What the server keeps of one simulated service, and the plans that lib/prefill makes of it: all but the database. */
export class Server {
  private readonly learner = new Learner();
  /** Visits: (user × kinds + kind) × buckets + bucket. */
  private readonly visits: number[] = [];
  private readonly loads: Float64Array;
  private readonly loadUs: Float64Array;
  private readonly cold: Float64Array;
  private readonly hours: Uint16Array;
  private readonly lastHour: Float64Array;
  private material: { nowMs: number; read: Material } | undefined;
  private readonly keys: bigint[];
  /** Users in the order of their keys. */
  private readonly order: number[];

  constructor(
    private readonly world: World,
    private readonly targetUs: number,
  ) {
    const count = world.users.length;
    this.loads = new Float64Array(count);
    this.loadUs = new Float64Array(count);
    this.cold = new Float64Array(count);
    this.lastHour = new Float64Array(count);
    this.hours = new Uint16Array(count * WEEK);
    this.keys = Array.from({ length: count }, (_, user) => userKey("simulated", String(user)));
    this.order = [...this.keys.keys()].sort((a, b) => (this.keys[a]! < this.keys[b]! ? -1 : 1));
  }

  visited({ atMs, user, cache, latencyUs, computedUs }: Visited): void {
    if (computedUs > 0) this.loaded(user, computedUs);
    // What waited for a fill says nothing about misses, nor about hits.
    if (cache === "joined") return;
    this.lastHour[user] = Math.floor(atMs / HOUR_MS);
    if (cache === "miss") this.cold[user]!++;
    this.hours[user * WEEK + ((Math.floor(atMs / HOUR_MS) + MONDAY_HOURS) % WEEK)]!++;
    const kind = cache === "hit" ? HIT : Math.floor(atMs / DAY_MS) % 2;
    this.visits.push((user * KINDS + kind) * BUCKETS + indexOf(latencyUs));
  }

  event(event: DecisionEvent | FillEvent | VisitEvent): void {
    this.learner.take(event);
    if (event.type !== "fill" || event.tookUs === 0) return;
    const user = this.learner.userOf(event.id);
    if (user !== undefined) this.loaded(user, event.tookUs);
  }

  async outlook(nowMs: number): Promise<Outlook> {
    if (this.material?.nowMs !== nowMs) this.material = { nowMs, read: this.read(nowMs) };
    return lookAt(this.material.read, { assumed: { targetUs: this.targetUs, hitUs: null }, nowMs });
  }

  plan(outlook: Outlook, wish: Wish, { mode, nowMs, salt, knows = false }: PlanFrame): Planned {
    const { survey, users } = outlook;
    if (knows) knowAll(survey);
    const names = new Map(this.keys.map((key, user) => [users.find(highOf(key), lowOf(key)), String(user)]));
    const found = find(survey, wish);
    const { withheldShare, holdOutShare, budgetSecondsPerHour } = wish;
    const frame = {
      service: "simulated",
      environment: "bench",
      madeAtMs: nowMs,
      concurrency: 4,
      foregroundP95Us: null,
    };
    const settings = { ...frame, mode, salt, withheldShare, holdOutShare, budgetSecondsPerHour };
    const occasions = new OccasionPlanner(outlook, found, wish);
    const plan = planOf(
      survey,
      found,
      { ...settings, price: 0 },
      {
        nameOf: (user) => names.get(user),
        occasionsOf: (place) => occasions.of(place, (kind) => found.aim.prices[kind]!),
      },
    );
    const { limits } = roomOf(survey, budgetSecondsPerHour, wish);
    const at = (atMs: number, correction: number) => ({
      ...plan,
      madeAtMs: atMs,
      price: Math.min(1e12, correction * found.aim.prices[kindAt(atMs)]!),
      budgetSecondsPerHour: limits[kindAt(atMs)]!,
    });
    const prediction = predict(survey, found.aim, budgetSecondsPerHour, wish);
    const spending = (atMs: number) => found.aim.spending[kindAt(atMs)]!;
    return { at, spending, prediction, targetUs: found.targetsUs[0]! };
  }

  private read(nowMs: number): Material {
    const { startMs, ttlMs } = this.world;
    const packer = new ProfilePacker();
    for (const profile of this.profiles()) packer.add(profile);
    const chunks = packer.finish();
    const users = new UserTable();
    const place = (user: number) => users.placeOf(highOf(this.keys[user]!), lowOf(this.keys[user]!));
    const learned = this.learner.learned(nowMs, place);
    const ttlSeconds = ttlMs / 1000;
    const subject = {
      endpointId: 1,
      isCached: true,
      loadId: 2,
      writeId: null,
      ttlSeconds,
      name: DEFINITION,
      mainEndpointId: null,
    };
    const span = { fromMs: startMs, settledUptoMs: nowMs, madeAtMs: nowMs, tookMs: 0 };
    const state = { endpointId: 1, ...sumOf(chunks), ...span };
    const scope = { id: 1, serviceId: 1, service: "simulated", environment: "bench" };
    return {
      scope,
      users,
      subjects: [{ subject, state, learned, chunks: chunks.map(({ payload }) => payload) }],
    };
  }

  private *profiles(): Generator<Profile> {
    const out = new ByteWriter(4096);
    const series = this.series();
    for (const user of this.order) {
      out.at = 0;
      const ends = Array.from({ length: KINDS }, (_, kind) => {
        series.write(user * KINDS + kind, out);
        return out.at;
      });
      if (ends[HIT] === 0) continue;
      const range = (kind: number) => ({ bytes: out.bytes, start: kind === 0 ? 0 : ends[kind - 1]!, end: ends[kind]! });
      yield {
        high: highOf(this.keys[user]!),
        low: lowOf(this.keys[user]!),
        cold: this.cold[user]!,
        loads: this.loads[user]!,
        loadUs: this.loadUs[user]!,
        writes: 0,
        lastHour: this.lastHour[user]!,
        missEven: range(0),
        missOdd: range(1),
        hit: range(HIT),
        hours: pairsOf(this.hours.subarray(user * WEEK, (user + 1) * WEEK)),
      };
    }
  }

  private series(): SeriesStore {
    const series = new SeriesStore();
    for (let at = 0; at < this.world.users.length * KINDS; at++) series.add();
    for (const visit of this.visits) series.record(Math.floor(visit / BUCKETS), visit % BUCKETS);
    return series;
  }

  private loaded(user: number, us: number): void {
    this.loads[user]!++;
    this.loadUs[user]! += us;
  }
}

function knowAll({ definitions, candidates }: Survey): void {
  candidates.use.fill(1);
  for (const judged of definitions) {
    judged.use = 1;
    judged.seen.use = { any: { seen: 1e9, followed: 1e9 }, bySignal: new Map() };
  }
}

function pairsOf(counts: ArrayLike<number>): number[] {
  const pairs: number[] = [];
  for (let hour = 0; hour < counts.length; hour++) if (counts[hour]! > 0) pairs.push(hour, counts[hour]!);
  return pairs;
}

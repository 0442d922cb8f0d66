import { ByteWriter, type Counts, indexOf, newCounts, SeriesStore } from "@/lib/histogram";
import {
  type DefinitionSeen,
  type Effect,
  effectOf,
  type Outcome,
  planOf,
  type Seen,
  seededRandom,
  solve,
  type Solution,
  Survey,
  thresholdsFor,
  type Wish,
} from "@/lib/prefill";
import { hourOfWeek, slotOf } from "@/lib/prefill/hours";
import { Learner } from "@/lib/prefill/learn";
import { SAMPLED_SHARE } from "@/lib/wire";
import type { DecisionEvent, FillEvent, PrefillMode, PrefillPlan, VisitEvent } from "@/lib/wire";
import type { Visited } from "./play.ts";

export const DEFINITION = "feed";
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** What the server keeps of one simulated service, and the plans it makes of it by the functions of lib/prefill. */
export class Server {
  private readonly learner = new Learner(SAMPLED_SHARE);
  private readonly store = new SeriesStore();
  private readonly series: Int32Array;
  private readonly cold: Float64Array;
  private readonly loads: Float64Array;
  private readonly loadUs: Float64Array;
  private readonly visitsByHour = new Float64Array(168);
  private readonly hours: Uint16Array;
  private readonly miss = newCounts();
  private readonly hit = newCounts();
  private readonly decisions = new Map<string, { decision: DecisionEvent; outcome: Outcome }>();
  private readonly outcomes: Outcome[] = [];

  constructor(
    private readonly users: number,
    private readonly targetUs: number,
    private readonly ttlSeconds: number,
    private readonly startMs: number,
  ) {
    this.series = Int32Array.from({ length: users * KINDS }, () => this.store.add());
    this.cold = new Float64Array(users);
    this.hours = new Uint16Array(users * 168);
    this.loads = new Float64Array(users);
    this.loadUs = new Float64Array(users);
  }

  visited({ atMs, user, cache, isCold, latencyUs, computedUs }: Visited): void {
    if (isCold) this.cold[user]!++;
    if (isCold) this.visitsByHour[hourOfWeek(atMs)]!++;
    if (isCold) this.hours[user * 168 + hourOfWeek(atMs)]!++;
    if (computedUs > 0) this.loaded(user, computedUs);
    // What waited for a fill says nothing about misses, nor about hits.
    if (cache === "joined") return;
    const kind = cache === "hit" ? HIT : Math.floor(atMs / DAY_MS) % 2;
    const index = indexOf(latencyUs);
    this.store.record(this.series[user * KINDS + kind]!, index);
    (cache === "hit" ? this.hit : this.miss)[index]!++;
  }

  event(event: DecisionEvent | FillEvent | VisitEvent): void {
    this.learner.take(event);
    if (event.type === "decision") return this.decided(event);
    const known = this.decisions.get(event.id);
    if (known === undefined) return;
    if (event.type === "visit") known.outcome.visit = { cache: event.cache, latencyUs: event.latencyUs };
    else {
      known.outcome.fill = { state: event.state, tookUs: event.tookUs };
      if (event.tookUs > 0) this.loaded(Number(known.decision.user), event.tookUs);
    }
  }

  /** The effect of what was decided since `forgetOutcomes`. */
  effect(seed: number): Effect {
    return effectOf(this.outcomes, seededRandom(seed));
  }

  forgetOutcomes(): void {
    this.outcomes.length = 0;
    this.decisions.clear();
  }

  survey(nowMs: number): Survey {
    const survey = new Survey({
      thresholds: thresholdsFor(this.miss, this.hit, [this.targetUs]),
      hours: (nowMs - this.startMs) / HOUR_MS,
      visitsByHour: pairsOf(this.visitsByHour),
    });
    survey.open(this.definition());
    for (const seen of this.rows()) survey.add(seen);
    return survey;
  }

  plan(survey: Survey, wish: Wish, settings: { mode: PrefillMode; nowMs: number; salt: string }): Planned {
    const solution = solve(survey, wish);
    const plan = planOf(
      survey,
      solution,
      {
        service: "simulated",
        environment: "bench",
        madeAtMs: settings.nowMs,
        mode: settings.mode,
        withheldShare: wish.withheldShare,
        holdOutShare: wish.holdOutShare,
        salt: settings.salt,
        budgetSecondsPerHour: wish.budgetSecondsPerHour,
        concurrency: 4,
        foregroundP95Us: null,
        price: solution.aim.prices[slotOf(hourOfWeek(settings.nowMs))]!,
      },
      String,
    );
    return { plan, solution };
  }

  private decided(decision: DecisionEvent): void {
    const { arm } = decision;
    const outcome: Outcome = { user: Number(decision.user), arm, targetUs: this.targetUs, fill: null, visit: null };
    this.decisions.set(decision.id, { decision, outcome });
    this.outcomes.push(outcome);
  }

  private loaded(user: number, us: number): void {
    this.loads[user]!++;
    this.loadUs[user]! += us;
  }

  private definition(): DefinitionSeen {
    const sum = (list: Float64Array) => list.reduce((total, each) => total + each, 0);
    const { use, announced, visited, inTime } = this.learner;
    return {
      name: DEFINITION,
      ttlSeconds: this.ttlSeconds,
      targetUs: this.targetUs,
      miss: this.miss as Counts,
      hit: this.hit as Counts,
      loads: sum(this.loads),
      loadUs: sum(this.loadUs),
      use,
      cold: sum(this.cold),
      announced,
      visited,
      inTime,
    };
  }

  private *rows(): Generator<Seen> {
    const out = new ByteWriter(4096);
    for (let user = 0; user < this.users; user++) {
      out.at = 0;
      const ends = [0, 1, 2].map((kind) => {
        this.store.write(this.series[user * KINDS + kind]!, out);
        return out.at;
      });
      const range = (kind: number) => ({ bytes: out.bytes, start: kind === 0 ? 0 : ends[kind - 1]!, end: ends[kind]! });
      yield {
        user,
        cold: this.cold[user]!,
        missEven: range(0),
        missOdd: range(1),
        hit: range(HIT),
        loads: this.loads[user]!,
        loadUs: this.loadUs[user]!,
        hours: pairsOf(this.hours.subarray(user * 168, (user + 1) * 168)),
        signals: this.learner.users.get(String(user)) ?? { seen: 0, followed: 0 },
      };
    }
  }
}

export interface Planned {
  plan: PrefillPlan;
  solution: Solution;
}

/** Misses of even days, of odd days, hits. */
const KINDS = 3;
const HIT = 2;

function pairsOf(counts: ArrayLike<number>): number[] {
  const pairs: number[] = [];
  for (let hour = 0; hour < counts.length; hour++) if (counts[hour]! > 0) pairs.push(hour, counts[hour]!);
  return pairs;
}

import type { DecisionEvent, FillEvent, VisitEvent } from "../wire/index.ts";
import type { Followed, UseCounts } from "./signals.ts";

/** What decisions and the visits after them teach about one definition. Counts are weighted, so that sampled ones stand for all. */
export interface Learned {
  use: UseCounts;
  /** Cold visits that a signal announced. */
  announced: number;
  /** Fills that were visited in their window, and those that the visit found done. */
  visited: number;
  inTime: number;
  /** By user, unweighted. */
  users: ReadonlyMap<string, Followed>;
}

/** How many signals an event stands for: those below the price are logged by a sample only. */
export function weightOf({ arm, use, delta, costUs, price }: DecisionEvent, sampledShare: number): number {
  const isBelow = use * delta * 1e6 < price * Math.max(costUs, 1);
  return arm === "observe" && isBelow ? 1 / sampledShare : 1;
}

/** Occasions that are no signals of a user: their chances are others. */
const NO_SIGNALS = new Set(["refresh", "clock"]);

/** Learns from the events of one definition, as they come. */
export class Learner implements Learned {
  announced = 0;
  visited = 0;
  inTime = 0;
  readonly use = { any: none(), bySignal: new Map<string, Followed>() };
  readonly users = new Map<string, Followed>();
  private readonly open = new Map<string, DecisionEvent>();

  /** @param sampledShare of signals below the price that are logged */
  constructor(private readonly sampledShare: number) {}

  take(event: DecisionEvent | VisitEvent | FillEvent): void {
    if (event.type === "decision") this.decided(event);
    else if (event.type === "visit") this.visitedAfter(event);
  }

  private decided(event: DecisionEvent): void {
    this.open.set(event.id, event);
    for (const [followed, weight] of this.countsOf(event)) followed.seen += weight;
  }

  private visitedAfter(visit: VisitEvent): void {
    const decision = this.open.get(visit.id);
    if (decision === undefined) return;
    this.open.delete(visit.id);
    for (const [followed, weight] of this.countsOf(decision)) followed.followed += weight;
    if (!NO_SIGNALS.has(decision.signal)) this.announced += weightOf(decision, this.sampledShare);
    if (decision.arm !== "fill") return;
    this.visited++;
    if (visit.cache === "hit") this.inTime++;
  }

  private countsOf(event: DecisionEvent): [Followed, number][] {
    const weight = weightOf(event, this.sampledShare);
    if (NO_SIGNALS.has(event.signal)) return [];
    const bySignal = entry(this.use.bySignal, event.signal);
    return [
      [this.use.any, weight],
      [bySignal, weight],
      [entry(this.users, event.user), 1],
    ];
  }
}

function entry(map: Map<string, Followed>, key: string): Followed {
  let found = map.get(key);
  if (found === undefined) map.set(key, (found = none()));
  return found;
}

function none(): Followed {
  return { seen: 0, followed: 0 };
}

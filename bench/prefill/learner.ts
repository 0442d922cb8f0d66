import { type Effect, effectOf, seededRandom } from "../../lib/prefill/index.ts";
import type { Learned } from "../../lib/prefill/learned.ts";
import { nothingLearned } from "../../lib/prefill/learned.ts";
import type { OccasionName } from "../../lib/prefill/occasions.ts";
import type { Followed } from "../../lib/prefill/signals.ts";
import { type DecisionEvent, type FillEvent, SAMPLED_SHARE, type VisitEvent } from "../../lib/wire/index.ts";

/** What is kept of a decision, as the server's database does. */
export interface Kept {
  decision: DecisionEvent;
  fill: FillEvent | null;
  visit: VisitEvent | null;
}

const LEARNED_MS = 14 * 86_400_000;
/** Occasions that are no signals of a user: their chances are others. */
const NO_SIGNALS = new Set(["refresh", "clock"]);

/** Decisions and what became of them; what the server's query makes of them, without a database. */
export class Learner {
  private readonly kept: Kept[] = [];
  private readonly byId = new Map<string, Kept>();

  take(event: DecisionEvent | FillEvent | VisitEvent): void {
    if (event.type === "decision") {
      const kept = { decision: event, fill: null, visit: null };
      this.kept.push(kept);
      this.byId.set(event.id, kept);
      return;
    }
    const known = this.byId.get(event.id);
    if (known === undefined) return;
    if (event.type === "fill") known.fill = event;
    else known.visit = event;
  }

  userOf(decision: string): number | undefined {
    const user = this.byId.get(decision)?.decision.user;
    return user === undefined ? undefined : Number(user);
  }

  /** The effect of everything that was decided. */
  effect(targetUs: number): Effect {
    const outcomes = this.kept.map(({ decision: { user, arm }, fill, visit }) => ({
      user: Number(user),
      arm,
      targetUs,
      fill,
      visit,
    }));
    return effectOf(outcomes, seededRandom(1));
  }

  /** As `learnedOf` has it. `place` numbers the users. */
  learned(nowMs: number, place: (user: number) => number): Learned {
    const learned = nothingLearned();
    for (const kept of this.kept) {
      const { atMs, notAfterMs } = kept.decision;
      if (atMs <= nowMs - LEARNED_MS || notAfterMs > nowMs) continue;
      if (NO_SIGNALS.has(kept.decision.signal)) learnOccasion(learned, kept);
      else learnOne(learned, kept, place(Number(kept.decision.user)));
    }
    return learned;
  }
}

function learnOccasion({ occasions }: Learned, { decision, visit }: Kept): void {
  const counts = occasions[decision.signal as OccasionName];
  counts.expected += weightOf(decision) * decision.use;
  if (visit !== null) counts.followed += weightOf(decision);
}

function learnOne(learned: Learned, { decision, visit }: Kept, user: number): void {
  const weight = weightOf(decision);
  const followed = visit === null ? 0 : 1;
  const bySignal = learned.use.bySignal as Map<string, Followed>;
  const signal = entry(bySignal, decision.signal, { seen: 0, followed: 0 });
  for (const counts of [learned.use.any, signal]) {
    counts.seen += weight;
    counts.followed += weight * followed;
  }
  const own = entry(learned.users, user, { seen: 0, followed: 0, inTime: 0 });
  own.seen += 1;
  own.followed += followed;
  learned.announced += weight * followed;
  learned.firstMs = Math.min(learned.firstMs, decision.atMs);
  if (decision.arm !== "fill" || visit === null) return;
  learned.visited++;
  if (visit.cache !== "hit") return;
  learned.inTime++;
  own.inTime++;
}

/** How many signals a decision stands for: those below the price are logged by a sample only. */
function weightOf({ arm, use, delta, costUs, price }: DecisionEvent): number {
  return arm === "observe" && use * delta * 1e6 < price * Math.max(costUs, 1) ? 1 / SAMPLED_SHARE : 1;
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, none: Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  map.set(key, none);
  return none;
}

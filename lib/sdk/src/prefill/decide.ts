import { type DecisionArm, type PlannedDefinition, type PlannedUser, SAMPLED_SHARE } from "../../../wire/index.ts";
import { isHeldOut, isSampled, isWithheld } from "./chance.ts";
import type { IndexedPlan } from "./plan-index.ts";
import { chanceOfUse } from "./chance-of-use.ts";

/** A plan older than this is not acted on. */
export const PLAN_LASTS_MS = 600_000;

/** A user who showed up, or a moment that the plan named. */
export interface Occasion {
  /** The id that its decision gets, if it becomes one: a UUID version 7. */
  id: string;
  definition: string;
  ttlSeconds: number;
  user: string;
  /** `session`, a route, a name given by the app, `refresh` or `clock`. */
  signal: string;
  /** Wall clock, milliseconds since the epoch. */
  nowMs: number;
}

/** What the process can bear just now. */
export interface Readiness {
  /** An earlier decision for this definition and user still waits for its visit. */
  open: boolean;
  /** Too much is queued or running, or the app itself is slow. */
  braked: boolean;
  /** Whether the budget has room for a fill of this expected cost, in microseconds. */
  affords(costUs: number): boolean;
}

/** The numbers that a decision is taken by, as its event tells them. */
export interface Numbers {
  use: number;
  delta: number;
  costUs: number;
  /** What `use × delta / cost in seconds` was compared with: the plan's price over the chance of being in time. */
  price: number;
}

/** Why nothing was decided. */
export type Refusal =
  "no plan" | "stopped" | "old plan" | "unknown definition" | "price" | "open" | "braked" | "budget";

export type Verdict =
  { arm: DecisionArm; numbers: Numbers; notAfterMs: number; sampled: boolean } | { arm: null; refusal: Refusal };

/**
 * What to do about a user who showed up. Pure: the same arguments always give the same verdict. A verdict with an arm is
 * logged before anything is done; only `fill` is acted on.
 *
 * Chance comes last: what is withheld would otherwise have been filled, so that the two can be compared.
 */
export function decide(index: IndexedPlan | null, occasion: Occasion, ready: Readiness): Verdict {
  if (index === null) return no("no plan");
  const { plan } = index;
  if (plan.mode === "stop") return no("stopped");
  if (occasion.nowMs - plan.madeAtMs > PLAN_LASTS_MS) return no("old plan");
  const definition = index.definitions.get(occasion.definition);
  if (definition === undefined) return no("unknown definition");
  const user = definition.users.get(occasion.user);
  const numbers = numbersOf(plan.price, definition.planned, user, occasion);
  if (ready.open) return no("open");
  if (!isWorthIt(numbers)) return sampleOf(plan.salt, occasion, numbers);
  if (plan.mode === "observe") return yes("observe", occasion, numbers);
  if (ready.braked) return no("braked");
  if (!ready.affords(numbers.costUs)) return no("budget");
  return yes(armOf(index, occasion), occasion, numbers);
}

function numbersOf(
  price: number,
  planned: PlannedDefinition,
  user: PlannedUser | undefined,
  occasion: Occasion,
): Numbers {
  const { delta, costUs } = user ?? planned;
  return {
    use: chanceOfUse(planned, user, occasion.signal, occasion.nowMs),
    delta,
    costUs,
    price: planned.inTime > 0 ? price / planned.inTime : Number.POSITIVE_INFINITY,
  };
}

/** Misses of the target avoided per second of work, against the price. */
export function isWorthIt({ use, delta, costUs, price }: Numbers): boolean {
  const value = (use * delta * 1e6) / Math.max(costUs, 1);
  return value > 0 && value >= price;
}

function armOf({ plan }: IndexedPlan, { id, user }: Occasion): DecisionArm {
  if (isHeldOut(plan.salt, user, plan.holdOutShare)) return "held_out";
  return isWithheld(plan.salt, id, plan.withheldShare) ? "withheld" : "fill";
}

/** Without these, how often a visit follows would only ever be learned where it was thought likely already. */
function sampleOf(salt: string, occasion: Occasion, numbers: Numbers): Verdict {
  if (numbers.use === 0 || !isSampled(salt, occasion.id, SAMPLED_SHARE)) return no("price");
  return { ...yes("observe", occasion, numbers), sampled: true };
}

function yes(arm: DecisionArm, { nowMs, ttlSeconds }: Occasion, numbers: Numbers): Extract<Verdict, { arm: string }> {
  return { arm, numbers, notAfterMs: nowMs + ttlSeconds * 1000, sampled: false };
}

function no(refusal: Refusal): Verdict {
  return { arm: null, refusal };
}

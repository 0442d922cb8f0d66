import type { DecisionArm } from "../../../wire/index.ts";
import type { CachedDefinition } from "../cache/definition-type.ts";
import type { Clock } from "../clock.ts";
import { CLOCK, REFRESH } from "./chance-of-use.ts";
import { decide, type Numbers, type Readiness, type Refusal } from "./decide.ts";
import { decisionId, windowOf } from "./decision-id.ts";
import type { OpenDecision, OpenDecisions } from "./open-decisions.ts";
import type { IndexedPlan } from "./plan-index.ts";

/** Decisions for which the store is asked at the same time; more are refused, since the store is slow then. */
const MOST_ASKING = 256;
const HOUR_MS = 3_600_000;

/** A moment at which filling a user's value may be worth it. */
export interface Moment {
  definition: CachedDefinition;
  /** The app's own id. */
  user: string;
  signal: string;
}

/** A decision that was taken, and is to be logged and acted on. */
export interface Taken extends Moment {
  id: string;
  /** What leaves the process in place of the user's id. */
  name: string;
  arm: DecisionArm;
  numbers: Numbers;
  notAfterMs: number;
}

/**
 * Why nothing was decided: what the decision itself says; `warm`: the visit would not compute; `busy`: the store is slow;
 * `unnamed`: the user's id cannot leave the process.
 */
export type Hindrance = Refusal | "warm" | "busy" | "unnamed";

export interface DeciderOptions {
  clock: Clock;
  plan: () => IndexedPlan | null;
  open: OpenDecisions;
  /** What leaves the process in place of a user's id; undefined when it could not be opened again. */
  nameOf: (user: string) => string | undefined;
  ready: () => Omit<Readiness, "open">;
  /** Logs the decision and acts on it; false when it cannot be taken after all. */
  act: (taken: Taken) => boolean;
  report: (error: unknown) => void;
}

/** Takes decisions: one for each user and definition until the visit. */
export class Decider {
  readonly hindrances = new Map<Hindrance, number>();
  readonly #options: DeciderOptions;
  #asking = 0;

  constructor(options: DeciderOptions) {
    this.#options = options;
  }

  /** Decides about a moment, and has the decision acted on. Never rejects. */
  async consider(moment: Moment): Promise<void> {
    try {
      const hindrance = await this.#consider(moment);
      if (hindrance !== null) this.hindrances.set(hindrance, (this.hindrances.get(hindrance) ?? 0) + 1);
    } catch (error) {
      this.#options.report(error);
    }
  }

  async #consider(moment: Moment): Promise<Hindrance | null> {
    const { open, plan, nameOf, clock, ready } = this.#options;
    const { definition, user, signal } = moment;
    const name = nameOf(user);
    if (name === undefined) return "unnamed";
    const nowMs = clock.wallMs();
    const index = plan();
    const before = open.get(definition.name, name, nowMs);
    const place = placeOf(moment, nowMs, before);
    const { name: definitionName, ttlSeconds } = definition;
    const id = decisionId({ salt: index?.plan.salt ?? "", definition: definitionName, user: name, ...place });
    const occasion = { id, definition: definitionName, ttlSeconds, user: name, signal, nowMs };
    const verdict = decide(index, occasion, { ...ready(), open: before !== undefined && !before.closed });
    if (verdict.arm === null) return verdict.refusal;
    const { arm, numbers, notAfterMs } = verdict;
    // At once, since others may ask about the same user while the store is asked.
    open.set(definitionName, name, { id, atMs: nowMs, ...place, notAfterMs, closed: false });
    const hindrance = await this.#whenCold({ ...moment, id, name, arm, numbers, notAfterMs });
    if (hindrance === null) return null;
    if (before === undefined) open.delete(definitionName, name);
    else open.set(definitionName, name, before);
    return hindrance;
  }

  /** Users whose visit would not compute have nothing to gain, nor to be compared by. What is refreshed is warm, and expires. */
  async #whenCold(taken: Taken): Promise<Hindrance | null> {
    if (taken.signal !== REFRESH) {
      if (this.#asking >= MOST_ASKING) return "busy";
      this.#asking++;
      const isCold = await taken.definition.isCold(taken.user).finally(() => this.#asking--);
      if (!isCold) return "warm";
    }
    // The store took its time: the budget may be spent by now. Controls need it as fills do, to be like them.
    if (taken.arm !== "observe" && !this.#options.ready().affords(taken.numbers.costUs)) return "budget";
    return this.#options.act(taken) ? null : "budget";
  }
}

/** All processes decide the same in the same place; after a visit, the next one in the same window is another. */
function placeOf({ definition, signal }: Moment, nowMs: number, before: OpenDecision | undefined) {
  const windowMs = signal === CLOCK ? Math.floor(nowMs / HOUR_MS) * HOUR_MS : windowOf(nowMs, definition.ttlSeconds);
  const sequence = before?.windowMs === windowMs ? before.sequence + (before.closed ? 1 : 0) : 0;
  return { windowMs, sequence };
}

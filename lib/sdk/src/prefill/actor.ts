import type { DecisionArm, DecisionEvent, FillState } from "../../../wire/index.ts";
import type { Clock } from "../clock.ts";
import type { Budget, Reservation } from "./budget.ts";
import { REFRESH } from "./chance-of-use.ts";
import type { Taken } from "./decider.ts";
import type { FillQueue } from "./queue-type.ts";

/** A queue that has not taken a job by then counts as down. */
const DELIVERY_MS = 2_000;
/** Jobs on their way to a queue; more mean that it is down, and are not tried. */
const MOST_UNDERWAY = 64;

export interface ActorOptions {
  clock: Clock;
  budget: Budget;
  queue: FillQueue;
  /** Most jobs that may wait, just now. */
  mostWaiting: () => number;
  log: (event: DecisionEvent) => void;
  /** Logs an end that a job came to without having run. */
  finish: (decision: string, state: FillState) => void;
  report: (error: unknown) => void;
}

/** Acts on decisions: logs each first, then marks the user for the first visit, then hands the fill over. */
export class Actor {
  readonly decisions: Record<DecisionArm, number> = { fill: 0, withheld: 0, held_out: 0, observe: 0 };
  readonly #options: ActorOptions;
  /** Of fills on their way, by decision. */
  readonly #reservations = new Map<string, Reservation>();
  #underWay = 0;

  constructor(options: ActorOptions) {
    this.#options = options;
  }

  /** False when the budget has no room for the fill any more: then nothing is logged. */
  act(taken: Taken): boolean {
    const { clock, budget, log, report } = this.#options;
    const { definition, user, id, name, signal, arm, numbers, notAfterMs } = taken;
    const isFill = arm === "fill";
    const reservation = isFill ? budget.reserve(numbers.costUs, clock.monotonicMs()) : null;
    if (isFill && reservation === null) return false;
    this.decisions[arm]++;
    const about = { id, atMs: clock.wallMs(), definition: definition.name, user: name };
    const { use, delta, costUs, price } = numbers;
    log({ type: "decision", ...about, signal, arm, use, delta, costUs, price, notAfterMs });
    definition.mark(user, id, notAfterMs).catch(report);
    if (reservation !== null) void this.#deliver(taken, reservation);
    return true;
  }

  /** Puts what a fill cost in the place of what it was expected to. */
  settle(decision: string, tookUs: number): void {
    const reservation = this.#reservations.get(decision);
    if (reservation === undefined) return;
    this.#reservations.delete(decision);
    this.#options.budget.settle(reservation, tookUs);
  }

  /** The visit has come first: the job, if it still waits, is worthless. */
  visited(decision: string, definition: string, name: string): void {
    if (!this.#options.queue.withdraw(definition, name)) return;
    this.settle(decision, 0);
    this.#options.finish(decision, "late");
  }

  async #deliver(taken: Taken, reservation: Reservation): Promise<void> {
    const { budget, queue, finish } = this.#options;
    this.#reservations.set(taken.id, reservation);
    const state = await this.#tryToDeliver(taken);
    if (state !== "queued") {
      this.settle(taken.id, 0);
      finish(taken.id, state);
    } else if (!queue.local) {
      // Done by another process, which does not tell this one what it cost; the plan's costs follow what fills take.
      this.#reservations.delete(taken.id);
      budget.settle(reservation, reservation.costUs);
    }
  }

  async #tryToDeliver({ id, definition, name, signal, notAfterMs }: Taken) {
    const { queue, mostWaiting, report } = this.#options;
    if (this.#underWay >= MOST_UNDERWAY) return "undelivered";
    this.#underWay++;
    try {
      const job = { decision: id, definition: definition.name, user: name, notAfterMs, refresh: signal === REFRESH };
      const added = await this.#inTime(queue.add(job, mostWaiting()));
      return added === "queued" ? "queued" : "dropped";
    } catch (error) {
      report(error);
      return "undelivered";
    } finally {
      this.#underWay--;
    }
  }

  async #inTime<T>(adding: Promise<T>): Promise<T> {
    let late: { cancel(): void } | undefined;
    const timeout = new Promise<never>((_, reject) => {
      const giveUp = () => reject(new Error(`the queue has not taken a fill within ${DELIVERY_MS} ms`));
      late = this.#options.clock.after(DELIVERY_MS, giveUp);
    });
    // The slower of the two may still reject, with nobody waiting for it.
    adding.catch(() => undefined);
    timeout.catch(() => undefined);
    try {
      return await Promise.race([adding, timeout]);
    } finally {
      late?.cancel();
    }
  }
}

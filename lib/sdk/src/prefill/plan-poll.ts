import { backoffMs, retryAfterMs } from "../backoff.ts";
import type { Clock, Timer } from "../clock.ts";
import { PLAN_LASTS_MS } from "./decide.ts";
import { indexPlan, type IndexedPlan } from "./plan-index.ts";
import type { PlanAnswer, PlanGetter } from "./plan-get.ts";
import { readPlan } from "./read-plan.ts";

/** While nothing is filled, a change may wait this long; while filling, a stop has to act within 2 s. */
const CALM_MS = 30_000;
const FILLING_MS = 1_000;
/** Times are spread over this part of themselves, so that many processes do not ask at the same moment. */
const JITTER = 0.2;

export interface PlanPollOptions {
  getter: PlanGetter;
  clock: Clock;
  /** Told of each plan that differs from the one before. */
  changed: (plan: IndexedPlan) => void;
  /** Told once of each thing that a person should know. */
  warn: (code: string, message: string) => void;
  report: (error: unknown) => void;
}

export interface PlanCounts {
  /** Plans taken over. */
  plans: number;
  /** Users of the last plan that were too many, and its entries that made no sense. */
  cutUsers: number;
  leftOut: number;
  /** Answers that were no plan at all. */
  malformed: number;
  failures: number;
  lastFailure: string | null;
}

/** Keeps the newest plan at hand: asks for it every 30 s, and every second while it says that fills are done. */
export class PlanPoll {
  readonly #options: PlanPollOptions;
  readonly counts: PlanCounts = { plans: 0, cutUsers: 0, leftOut: 0, malformed: 0, failures: 0, lastFailure: null };
  #plan: IndexedPlan | null = null;
  #etag: string | undefined;
  /** When the plan was made, by the server's clock. */
  #madeAtMs = 0;
  #answeredMonotonicMs = 0;
  #failuresInRow = 0;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: PlanPollOptions) {
    this.#options = options;
  }

  /** Asks for the first time. Resolves when there is an answer, or a fault. */
  start(): Promise<void> {
    return this.#ask();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#options.getter.close();
  }

  /**
   * The plan, with the time it was made at by our wall clock (whatever that shows), or null while there is none, or none that
   * may be acted on any more.
   */
  current(): IndexedPlan | null {
    const unheardMs = this.#options.clock.monotonicMs() - this.#answeredMonotonicMs;
    return unheardMs > PLAN_LASTS_MS ? null : this.#plan;
  }

  async #ask(): Promise<void> {
    const answer = await this.#options.getter.get(this.#etag);
    if (this.#stopped) return;
    try {
      this.#take(answer);
    } catch (error) {
      this.#options.report(error);
    }
    this.#timer = this.#options.clock.after(this.#delayMs(answer), () => void this.#ask());
  }

  #take(answer: PlanAnswer): void {
    if (answer.kind === "fault" || answer.kind === "refused") return this.#fail(answer);
    this.#failuresInRow = 0;
    if (answer.kind === "plan" && !this.#adopt(answer)) return;
    this.counts.lastFailure = null;
    this.#rebase(answer.dateMs);
    if (answer.kind === "plan" && this.#plan !== null) this.#options.changed(this.#plan);
  }

  #adopt(answer: PlanAnswer & { kind: "plan" }): boolean {
    const read = readPlan(answer.text);
    if (read === null) {
      this.counts.malformed++;
      this.counts.lastFailure = "the answer is no plan";
      this.#options.warn("plan", "the server's answer is no plan to prefill by; the last one is kept");
      return false;
    }
    this.#etag = answer.etag;
    this.#madeAtMs = read.plan.madeAtMs;
    this.#plan = indexPlan(read.plan);
    this.counts.plans++;
    this.counts.cutUsers = answer.cutUsers;
    this.counts.leftOut = read.leftOut;
    return true;
  }

  /** Carries the plan's age from the server's clock over to ours: the two may differ by any amount. */
  #rebase(dateMs: number): void {
    const { clock } = this.#options;
    this.#answeredMonotonicMs = clock.monotonicMs();
    if (this.#plan === null) return;
    const ageMs = (Number.isNaN(dateMs) ? clock.wallMs() : dateMs) - this.#madeAtMs;
    const { plan, definitions } = this.#plan;
    this.#plan = { plan: { ...plan, madeAtMs: clock.wallMs() - ageMs }, definitions };
  }

  #fail(answer: PlanAnswer & { kind: "fault" | "refused" }): void {
    this.#failuresInRow++;
    this.counts.failures++;
    if (answer.kind === "fault") {
      this.counts.lastFailure = answer.message;
      return;
    }
    this.counts.lastFailure = `HTTP ${answer.status}`;
    if (answer.status === 401 || answer.status === 403)
      this.#options.warn(
        "plan_key",
        `the server gives no plan to this API key (HTTP ${answer.status}): nothing is filled`,
      );
  }

  #delayMs(answer: PlanAnswer): number {
    const { clock } = this.#options;
    const usualMs = this.#plan?.plan.mode === "fill" ? FILLING_MS : CALM_MS;
    const spreadMs = usualMs * (1 - JITTER * clock.random());
    if (this.#failuresInRow === 0) return spreadMs;
    const toldMs = answer.kind === "refused" ? retryAfterMs(answer.retryAfter, clock.wallMs()) : null;
    return Math.max(spreadMs, toldMs ?? 0, Math.min(CALM_MS, backoffMs(this.#failuresInRow, clock.random())));
  }
}

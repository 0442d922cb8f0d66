import type { FillEvent, FillState, PrefillMode } from "../../../wire/index.ts";
import type { CachedDefinition, FillResult } from "../cache/definition-type.ts";
import type { Clock, Timer } from "../clock.ts";
import type { FillJob } from "./queue-type.ts";

/** A fill that takes longer is given up: it may hang for ever, and would keep its place. */
const LONGEST_FILL_MS = 60_000;
/** How long an aborted fill may take to come to its end. */
const GRACE_MS = 1_000;

export interface FillRunnerOptions {
  clock: Clock;
  /** The mode just now; null without a plan that may be acted on. */
  mode: () => PrefillMode | null;
  definitionOf: (name: string) => CachedDefinition | undefined;
  /** A user's id from what leaves the process; null when it cannot be opened. */
  openUser: (name: string) => string | null;
  /** Logs what became of a fill. */
  log: (event: FillEvent) => void;
  /** Told of jobs that name something this process does not know. */
  unknown: (what: "definition" | "user") => void;
  report: (error: unknown) => void;
}

/** Runs fills: checks once more whether each is still wanted, and sees that each comes to an end that is logged. */
export class FillRunner {
  readonly #options: FillRunnerOptions;
  readonly #running = new Set<AbortController>();

  constructor(options: FillRunnerOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running.size;
  }

  /** Does one job and logs what became of it. Never rejects. */
  async run(job: FillJob): Promise<void> {
    const startMs = this.#options.clock.monotonicMs();
    const result = await this.#result(job).catch((error: unknown): FillResult => {
      this.#options.report(error);
      return { state: "failed", tookUs: this.#since(startMs), bytes: 0 };
    });
    this.finish(job.decision, result.state, result);
  }

  /** Logs an end that a job came to without having run. */
  finish(decision: string, state: FillState, spent: Pick<FillResult, "tookUs" | "bytes"> = NOTHING): void {
    const { tookUs, bytes } = spent;
    this.#options.log({ type: "fill", id: decision, atMs: this.#options.clock.wallMs(), state, tookUs, bytes });
  }

  /** Aborts what runs: a person said stop. */
  abortAll(): void {
    for (const abort of this.#running) abort.abort();
  }

  async #result(job: FillJob): Promise<FillResult> {
    const { clock, mode, definitionOf, openUser, unknown } = this.#options;
    if (clock.wallMs() > job.notAfterMs) return ended("late");
    if (mode() !== "fill") return ended("dropped");
    const definition = definitionOf(job.definition);
    if (definition === undefined) {
      unknown("definition");
      return ended("dropped");
    }
    const user = openUser(job.user);
    if (user === null) {
      unknown("user");
      return ended("dropped");
    }
    if (!job.refresh && !(await definition.isCold(user))) return ended("warm");
    // The store may have taken its time, in which a person said stop.
    return mode() === "fill" ? this.#fill(definition, user, job) : ended("dropped");
  }

  async #fill(definition: CachedDefinition, user: string, job: FillJob): Promise<FillResult> {
    const { clock } = this.#options;
    const startMs = clock.monotonicMs();
    const abort = new AbortController();
    // The definition itself ends a fill at its deadline, and says that it was late.
    const leftMs = Math.min(LONGEST_FILL_MS, Math.max(0, job.notAfterMs - clock.wallMs()) + GRACE_MS);
    const timer = clock.after(leftMs, () => abort.abort());
    const { promise: givenUp, cancel } = this.#givenUp(abort.signal, startMs);
    this.#running.add(abort);
    try {
      const { decision, notAfterMs, refresh } = job;
      const order = { decision, notAfterMs, signal: abort.signal, ...(refresh ? { refresh } : {}) };
      return await Promise.race([definition.fill(user, order), givenUp]);
    } finally {
      timer.cancel();
      cancel();
      this.#running.delete(abort);
    }
  }

  /** What counts as the result of a fill that does not end although it was aborted. */
  #givenUp(signal: AbortSignal, startMs: number): { promise: Promise<FillResult>; cancel: () => void } {
    let timer: Timer | undefined;
    const promise = new Promise<FillResult>((resolve) => {
      const giveUp = () => resolve({ state: "failed", tookUs: this.#since(startMs), bytes: 0 });
      signal.addEventListener("abort", () => (timer = this.#options.clock.after(GRACE_MS, giveUp)), { once: true });
    });
    return { promise, cancel: () => timer?.cancel() };
  }

  #since(startMs: number): number {
    return Math.max(0, Math.round((this.#options.clock.monotonicMs() - startMs) * 1000));
  }
}

const NOTHING = { tookUs: 0, bytes: 0 };

function ended(state: FillState): FillResult {
  return { state, ...NOTHING };
}

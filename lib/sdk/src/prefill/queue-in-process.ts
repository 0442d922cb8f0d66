import type { Added, FillJob, FillLine, FillQueue } from "./queue-type.ts";

/** A queue within the process: nothing to install, nothing shared with other processes. The default, for trying. */
export function inProcessQueue(): FillQueue {
  return new InProcessQueue();
}

class InProcessQueue implements FillQueue {
  readonly local = true;
  /** By definition and user, oldest first. */
  readonly #waiting = new Map<string, FillJob>();
  readonly #running = new Set<string>();
  #run: ((job: FillJob) => Promise<void>) | undefined;
  #atOnce = 0;
  #stopped: (() => void) | undefined;

  open(): void {}

  async add(job: FillJob, most: number): Promise<Added> {
    const key = keyOf(job.definition, job.user);
    if (this.#waiting.has(key) || this.#running.has(key)) return "known";
    if (this.#waiting.size >= most) return "full";
    this.#waiting.set(key, job);
    // In a later turn: who adds a job is to have its answer before the job runs.
    setImmediate(() => this.#next());
    return "queued";
  }

  withdraw(definition: string, user: string): boolean {
    return this.#waiting.delete(keyOf(definition, user));
  }

  work(run: (job: FillJob) => Promise<void>, atOnce: number): FillLine {
    this.#run = run;
    const limit = (most: number) => {
      this.#atOnce = most;
      this.#next();
    };
    limit(atOnce);
    return { limit, stop: () => this.#stop() };
  }

  close(): Promise<void> {
    this.#waiting.clear();
    return Promise.resolve();
  }

  #next(): void {
    for (const [key, job] of this.#waiting) {
      if (this.#run === undefined || this.#running.size >= this.#atOnce) return;
      this.#waiting.delete(key);
      this.#running.add(key);
      void this.#run(job).finally(() => {
        this.#running.delete(key);
        this.#next();
        if (this.#isEmpty) this.#stopped?.();
      });
    }
  }

  get #isEmpty(): boolean {
    return this.#running.size === 0 && this.#waiting.size === 0;
  }

  async #stop(): Promise<void> {
    this.#atOnce = Infinity;
    this.#next();
    if (!this.#isEmpty) await new Promise<void>((resolve) => (this.#stopped = resolve));
    this.#run = undefined;
  }
}

/** Two names in one, without any pair of names that could be taken for another. */
function keyOf(definition: string, user: string): string {
  return JSON.stringify([definition, user]);
}

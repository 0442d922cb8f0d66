import { createHash } from "node:crypto";
import {
  backendFor,
  type BackendOptions,
  type BullmqModule,
  type BullmqQueue,
  type BullmqWorker,
} from "./bullmq-types.ts";
import type { Added, FillJob, FillLine, FillQueue } from "./queue-type.ts";

export interface BullmqOptions extends BackendOptions {
  /** The queue's name. Default `tailfill-fills`; apps that share a Redis or a database need one each. */
  name?: string;
  /** The module, when it is not to be loaded by name: `import * as bullmq from "bullmq"`. */
  bullmq?: unknown;
  /** Told of errors of the connection, which BullMQ makes anew by itself. */
  onError?: (error: Error) => void;
}

const DEFAULT_NAME = "tailfill-fills";
/** A worker that was killed is found out after its lock has ended, by the next look of another one. */
const LOCK_MS = 10_000;
const LOOK_MS = 5_000;
/** Once more after a worker died with it; a fill that kills workers is given up. */
const MOST_RETRIES = 1;
/** After the store was away, it is asked again this soon. */
const RETRY_MS = 2_000;

/**
 * A queue on BullMQ, for production: shared by all processes, on Redis or PostgreSQL. `bullmq` is loaded when it is first
 * needed; install it with the driver of its store (`ioredis`, or `pg`).
 */
export function bullmqQueue(options: BullmqOptions): FillQueue {
  return new BullmqFillQueue(options);
}

class BullmqFillQueue implements FillQueue {
  readonly local = false;
  readonly #options: BullmqOptions;
  #module: Promise<BullmqModule> | undefined;
  #queue: Promise<BullmqQueue> | undefined;
  #closed = false;

  constructor(options: BullmqOptions) {
    this.#options = options;
  }

  open(): void {
    this.#opened().catch(() => undefined);
  }

  async add(job: FillJob, most: number): Promise<Added> {
    const queue = await this.#opened();
    if ((await queue.getWaitingCount()) >= most) return "full";
    const added = await queue.add("fill", job, {
      jobId: job.decision,
      // Until the job has ended, by whatever end.
      deduplication: { id: keyOf(job) },
      attempts: 1,
      removeOnComplete: true,
      // Kept for a while, so that the worker that finds a dead one's job can say whose it was.
      removeOnFail: { age: 600, count: 100 },
    });
    return added.id === job.decision ? "queued" : "known";
  }

  /** A job that is not needed any more finds the value warm when its turn comes. */
  withdraw(): boolean {
    return false;
  }

  work(run: (job: FillJob) => Promise<void>, atOnce: number, lost: (job: FillJob) => void): FillLine {
    return new BullmqLine(this.#workerFor(run, atOnce, lost), atOnce);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await (await this.#queue)?.close();
  }

  #opened(): Promise<BullmqQueue> {
    this.#queue ??= this.#load().then((bullmq) => {
      const { connection, factory } = backendFor(bullmq, this.#options, "queue");
      const queue = new bullmq.Queue(this.#name, { connection }, factory);
      queue.on("error", (error) => this.#options.onError?.(error));
      return queue;
    });
    return this.#queue;
  }

  async #workerFor(run: (job: FillJob) => Promise<void>, atOnce: number, lost: (job: FillJob) => void) {
    const bullmq = await this.#load();
    if (this.#closed) return undefined;
    const { connection, factory } = backendFor(bullmq, this.#options, "worker");
    const timing = { lockDuration: LOCK_MS, stalledInterval: LOOK_MS, maxStalledCount: MOST_RETRIES };
    const options = { connection, ...timing, concurrency: Math.max(1, atOnce), runRetryDelay: RETRY_MS };
    const worker = new bullmq.Worker(this.#name, (job) => run(job.data), options, factory);
    worker.on("error", (error) => this.#options.onError?.(error));
    // `run` itself never fails: this is a job whose workers died.
    worker.on("failed", (job) => job !== undefined && lost(job.data));
    return worker;
  }

  get #name(): string {
    return this.#options.name ?? DEFAULT_NAME;
  }

  #load(): Promise<BullmqModule> {
    const { bullmq } = this.#options;
    // Safe: what is used of it is checked by the tests against the version that is installed.
    this.#module ??= Promise.resolve(bullmq ?? import("bullmq")).then((module) => module as BullmqModule);
    return this.#module;
  }
}

class BullmqLine implements FillLine {
  readonly #worker: Promise<BullmqWorker | undefined>;
  #paused = false;

  constructor(worker: Promise<BullmqWorker | undefined>, atOnce: number) {
    this.#worker = worker;
    worker.catch(() => undefined);
    if (atOnce === 0) this.limit(0);
  }

  limit(atOnce: number): void {
    void this.#worker.then((worker) => worker && this.#limit(worker, atOnce)).catch(() => undefined);
  }

  async stop(): Promise<void> {
    await (await this.#worker)?.close();
  }

  async #limit(worker: BullmqWorker, atOnce: number): Promise<void> {
    if (atOnce > 0) worker.concurrency = atOnce;
    if (this.#paused === (atOnce === 0)) return;
    this.#paused = atOnce === 0;
    if (this.#paused) await worker.pause(true);
    else worker.resume();
  }
}

/** Names no user in clear, and needs no escaping in any store. */
function keyOf({ definition, user }: FillJob): string {
  return createHash("sha256")
    .update(JSON.stringify([definition, user]))
    .digest("base64url")
    .slice(0, 22);
}

import { setTimeout as pause } from "node:timers/promises";
import { createPostgresBackend, Queue, Worker, type WorkerOptions } from "bullmq";
import { log } from "../log.ts";
import { isDatabaseDown } from "../store/failure.ts";

/** Name of the one queue, and of the schema that holds it on PostgreSQL. */
const QUEUE = "tailfill";
const SCHEMA = "bullmq";
/** After the database was away, the queue is asked again this soon. */
const RETRY_MS = 2_000;

/** Where the queue lives: on Redis when there is an address, else in PostgreSQL. */
export interface QueuePlace {
  databaseUrl: string;
  redisUrl: string | undefined;
}

interface Emitter {
  on(event: "error", tell: (error: Error) => void): unknown;
  close(): Promise<void>;
}

/** What scheduling needs of BullMQ, whichever backend it has. */
export interface QueueEnds {
  queue: Emitter & {
    upsertJobScheduler(id: string, repeat: { every: number }, job: { name: string }): Promise<unknown>;
    removeJobScheduler(id: string): Promise<unknown>;
    getJobSchedulers(): Promise<{ key: string; next?: number }[]>;
  };
  worker: Emitter & { waitUntilReady(): Promise<unknown> };
}

/** Finished jobs are of no use: `job_run` holds what became of them. */
const FORGET = { removeOnComplete: { count: 0 }, removeOnFail: { count: 10 } };

/** Opens both ends of the queue. `process` gets the names of jobs that are due, several at a time. */
export function openQueue(place: QueuePlace, concurrency: number, process: (name: string) => Promise<void>): QueueEnds {
  const work = (job: { name: string }) => process(job.name);
  const options = { concurrency, runRetryDelay: RETRY_MS, ...FORGET } satisfies Partial<WorkerOptions>;
  const ends = place.redisUrl === undefined ? inPostgres(place.databaseUrl) : onRedis(place.redisUrl);
  return ends(work, options);
}

type Ends = (work: (job: { name: string }) => Promise<void>, options: Partial<WorkerOptions>) => QueueEnds;

function inPostgres(connectionString: string): Ends {
  const connection = { connectionString, schema: SCHEMA, migrate: true, max: 3, application_name: "tailfill-jobs" };
  return (work, options) =>
    told({
      queue: new Queue(QUEUE, { connection, streams: { events: { maxLen: 100 } } }, patientBackend),
      worker: new Worker(QUEUE, work, { ...options, connection }, patientBackend),
    });
}

/**
 * BullMQ waits before it asks again only after some of the errors by which a PostgreSQL is away: not after those of one that is starting, nor
 * of a Unix socket that is gone. Without this a worker would ask thousands of times a second meanwhile.
 */
const patientBackend: typeof createPostgresBackend = (...made) => {
  const backend = createPostgresBackend(...made);
  const asking = backend as unknown as { query(text: string, values?: unknown[]): Promise<unknown> };
  const query = asking.query.bind(backend);
  asking.query = async (text, values) => {
    try {
      return await query(text, values);
    } catch (error) {
      if (isDatabaseDown(error)) await pause(RETRY_MS);
      throw error;
    }
  };
  return backend;
};

function onRedis(url: string): Ends {
  return (work, options) =>
    told({
      queue: new Queue(QUEUE, { connection: { url }, streams: { events: { maxLen: 100 } } }),
      worker: new Worker(QUEUE, work, { ...options, connection: { url } }),
    });
}

/** The same error is told this often: each connection has it, again and again, while the database is away. */
const TELL_EVERY_MS = 10_000;

/** Without a listener, an error of the connection would end the process. BullMQ connects again by itself. */
function told(ends: QueueEnds): QueueEnds {
  const toldMs = new Map<string, number>();
  const tell = ({ message }: Error) => {
    const nowMs = performance.now();
    if (nowMs - (toldMs.get(message) ?? -Infinity) < TELL_EVERY_MS) return;
    if (toldMs.size > 100) toldMs.clear();
    toldMs.set(message, nowMs);
    log("jobs").warn(`the job queue had an error and goes on: ${message}`);
  };
  ends.queue.on("error", tell);
  ends.worker.on("error", tell);
  return ends;
}

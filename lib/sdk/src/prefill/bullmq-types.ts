import type { FillJob } from "./queue-type.ts";

/** What is used of BullMQ, so that an app without it can compile what names this package's types. */
export interface BullmqModule {
  Queue: new (name: string, options: { connection: unknown }, factory?: unknown) => BullmqQueue;
  Worker: new (
    name: string,
    run: (job: { data: FillJob }) => Promise<void>,
    options: Record<string, unknown>,
    factory?: unknown,
  ) => BullmqWorker;
  createPostgresBackend?: unknown;
}

export interface BullmqQueue {
  add(name: string, data: FillJob, options: Record<string, unknown>): Promise<{ id?: string | undefined }>;
  getWaitingCount(): Promise<number>;
  on(event: "error", tell: (error: Error) => void): unknown;
  close(): Promise<void>;
}

export interface BullmqWorker {
  concurrency: number;
  on(event: "error", tell: (error: Error) => void): unknown;
  on(event: "failed", tell: (job: { data: FillJob } | undefined) => void): unknown;
  pause(doNotWaitActive?: boolean): Promise<void>;
  resume(): void;
  close(): Promise<void>;
}

export interface BackendOptions {
  /** Where the queue lives: `redis://…`, `rediss://…`, `postgresql://…`. */
  url: string;
  /** The schema of the queue's tables on PostgreSQL, made when it is missing. Default `tailfill_fills`. */
  schema?: string;
}

const DEFAULT_SCHEMA = "tailfill_fills";
const CONNECT_MS = 2_000;

/** What makes BullMQ use Redis, or PostgreSQL. */
export function backendFor(bullmq: BullmqModule, options: BackendOptions, end: "queue" | "worker") {
  const { url, schema = DEFAULT_SCHEMA } = options;
  if (/^rediss?:/.test(url)) return { connection: redisAt(url, end), factory: undefined };
  if (!/^postgres(ql)?:/.test(url)) throw new TypeError("the queue's url is neither of Redis nor of PostgreSQL");
  if (bullmq.createPostgresBackend === undefined) throw new TypeError("bullmq 6 or newer is needed for PostgreSQL");
  const connection = {
    connectionString: url,
    schema,
    migrate: true,
    max: 2,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: "tailfill-prefill",
  };
  return { connection, factory: bullmq.createPostgresBackend };
}

/** Who adds must learn at once that Redis is away; who works waits until it is back. */
function redisAt(url: string, end: "queue" | "worker") {
  const common = { url, connectTimeout: CONNECT_MS };
  if (end === "worker") return { ...common, maxRetriesPerRequest: null };
  return { ...common, maxRetriesPerRequest: 1, enableOfflineQueue: false };
}

import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import { TailfillError } from "../errors.ts";
import { isJsonInUtf8, mediaTypeOf } from "../media-type.ts";
import { type NewBatch, storeBatch, type Stored } from "../store/batches.ts";
import type { Db } from "../store/db.ts";
import type { DiskWatch } from "../store/disk.ts";
import { ensurePartitions, isPartitionMissing } from "../store/partitions.ts";
import { AHEAD_SECONDS, LATEST_SECONDS } from "../store/tiers.ts";
import { withinTime } from "../store/within-time.ts";
import { BATCH_MEDIA_TYPE, encodeBatch, type Rejection, WireError } from "../wire/index.ts";
import { inflateGzip } from "./inflate.ts";
import { readBody } from "./read-body.ts";
import { denseShape, jsonShape, lossesOf, type Shape } from "./shape.ts";
import type { TokenBuckets } from "./token-bucket.ts";

/** What the steps need besides the request. */
export interface IngestContext {
  db: Db;
  clock: Clock;
  disk: DiskWatch;
  buckets: TokenBuckets;
  /** Whose tokens are spent. */
  keyId: string;
}

/** The answer to a batch that was stored, or had been stored before. */
export interface Accepted {
  /** Histograms kept by this request; 0 for a duplicate. */
  accepted: number;
  /** The first of those not kept. */
  rejected: Rejection[];
  duplicate: boolean;
}

export const WIRE_LIMIT = 1024 * 1024;
export const INFLATED_LIMIT = 8 * 1024 * 1024;
const BODY_MS = 10_000;
/** Longer, the answer would be larger than the batch. */
const REJECTIONS_TOLD = 1_000;

/** A request on its way through the steps. */
interface Passing {
  readonly request: Request;
  readonly context: IngestContext;
  isJson: boolean;
  isGzip: boolean;
  body: Uint8Array;
  shape: Shape;
  stored: Stored;
}

interface Step {
  readonly name: string;
  readonly run: (passing: Passing) => void | Promise<void>;
}

/** What a batch goes through, in this order. The key was checked before; each step has its own reason to refuse. */
export const STEPS: readonly Step[] = [
  { name: "rate", run: checkRate },
  { name: "disk", run: checkDisk },
  { name: "encoding", run: checkEncoding },
  { name: "size", run: readWithinSize },
  { name: "inflate", run: inflate },
  { name: "shape", run: decode },
  { name: "age", run: checkAge },
  { name: "losses", run: countLosses },
  { name: "store", run: store },
];

/**
 * Takes in one batch. When this returns, the batch is committed and will be counted exactly once.
 * @throws TailfillError for whatever is refused as a whole, and then nothing was stored
 */
export async function accept(request: Request, context: IngestContext): Promise<Accepted> {
  const passing = { request, context } as Passing; // each step fills in what the later ones read
  for (const step of STEPS) await step.run(passing);
  const { shape, stored } = passing;
  if (stored === "duplicate") return { accepted: 0, rejected: [], duplicate: true };
  return { accepted: shape.histograms, rejected: shape.rejected.slice(0, REJECTIONS_TOLD), duplicate: false };
}

export function checkRate({ context }: Pick<Passing, "context">): void {
  const waitMs = context.buckets.take(context.keyId, context.clock.now());
  if (waitMs === 0) return;
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  throw new TailfillError("too_many_requests", "This key sends more batches than are allowed.", { retryAfterSeconds });
}

export async function checkDisk({ context }: Pick<Passing, "context">): Promise<void> {
  if (await context.disk.isFull())
    throw new TailfillError("disk_full", "The server has less than 200 MB of disk left.");
}

function checkEncoding(passing: Passing): void {
  const { headers } = passing.request;
  const media = mediaTypeOf(headers.get("content-type"));
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  passing.isJson = isJsonInUtf8(media);
  passing.isGzip = encoding === "gzip" || encoding === "x-gzip";
  if (!passing.isJson && media.type !== BATCH_MEDIA_TYPE)
    throw new TailfillError(
      "unsupported_encoding",
      `Content-Type must be application/json, in UTF-8, or ${BATCH_MEDIA_TYPE}.`,
    );
  if (!passing.isGzip && encoding !== "identity")
    throw new TailfillError("unsupported_encoding", "Content-Encoding must be identity or gzip, once.");
}

async function readWithinSize(passing: Passing): Promise<void> {
  passing.body = await readBody(passing.request, { mostBytes: WIRE_LIMIT, withinMs: BODY_MS });
}

function inflate(passing: Passing): void {
  if (passing.isGzip) passing.body = inflateGzip(passing.body, INFLATED_LIMIT);
}

function decode(passing: Passing): void {
  try {
    passing.shape = passing.isJson ? jsonShape(passing.body) : denseShape(passing.body);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new TailfillError("not_a_batch", `${error.message}.`);
  }
}

function checkAge({ shape, context }: Passing): void {
  const { startMs } = shape.head.window;
  const aheadSeconds = (startMs - context.clock.now()) / 1000;
  if (aheadSeconds > AHEAD_SECONDS)
    throw new TailfillError("time_out_of_range", `The window begins ${Math.round(aheadSeconds)} s ahead.`);
  if (-aheadSeconds > LATEST_SECONDS)
    throw new TailfillError("time_out_of_range", `The window is ${Math.round(-aheadSeconds)} s old.`);
}

/** What is not kept, or not at its time, is counted with the batch, so that it is counted as often as the batch: once. */
function countLosses({ shape }: Passing): void {
  const { losses } = shape.head; // the head of a batch that was built is that batch
  for (const [reason, count] of lossesOf(shape))
    losses.set(reason, Math.min((losses.get(reason) ?? 0) + count, Number.MAX_SAFE_INTEGER));
}

async function store(passing: Passing): Promise<void> {
  const { body, shape } = passing;
  const { batch: id, service, environment, window } = shape.head;
  const digest = createHash("sha256").update(body).digest();
  const payload = shape.batch === null ? body : encodeBatch(shape.batch);
  const batch = { id, service, environment, windowStartMs: window.startMs, digest, payload };
  // If a batch is stored after we gave up waiting, its repeat is a duplicate.
  passing.stored = await withinTime(storeWithPartition(passing.context, batch));
  if (passing.stored === "conflict")
    throw new TailfillError("batch_id_conflict", `The batch id ${id} is known with other contents.`);
}

/** When no worker has run for days, the day's partition is missing: then it is made here. */
async function storeWithPartition({ db, clock }: IngestContext, batch: NewBatch): Promise<Stored> {
  try {
    return await storeBatch(db, batch);
  } catch (error) {
    if (!isPartitionMissing(error)) throw error;
    await ensurePartitions(db, clock.now());
    return storeBatch(db, batch);
  }
}

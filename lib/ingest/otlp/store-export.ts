import { createHash } from "node:crypto";
import { storeBatch } from "../../store/batches.ts";
import type { Connection } from "../../store/db.ts";
import { ensurePartitions, isPartitionMissing } from "../../store/partitions.ts";
import { encodeBatch } from "../../wire/index.ts";
import type { IngestContext } from "../accept.ts";
import type { Building } from "./building.ts";
import type { Export } from "./read-export.ts";

/** What an answer tells of an export that was stored. */
export interface Exported {
  /** Spans or points that are not kept, for good. */
  rejected: number;
  /** Why the first of them is not; empty when all are kept. */
  reason: string;
}

/** The id of one batch of an export: the same when the same key sends the same bytes again, so that it counts once. */
export function batchIdOf({ signal, digest }: Export, keyId: string, label: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([signal, keyId, label]))
    .update(digest)
    .digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80; // a UUID of version 8: made of what it names
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Stores the batches of an export, always in the same order: two servers that get it at once wait for each other in none. */
export async function storeBatches(
  connection: Connection,
  told: Export,
  { filled, keyId }: { filled: readonly Building[]; keyId: string },
): Promise<void> {
  const batches = filled.map((building) => building.finish(batchIdOf(told, keyId, building.label)));
  for (const batch of batches.sort((a, b) => (a.batch < b.batch ? -1 : 1))) {
    const { batch: id, service, environment, window } = batch;
    const { digest } = told;
    const payload = encodeBatch(batch);
    await storeBatch(connection, { id, service, environment, windowStartMs: window.startMs, digest, payload });
  }
}

/** Runs what stores, once more when a day's partition was missing: no worker has run for days. */
export async function withPartitions<T>({ db, clock }: IngestContext, store: () => Promise<T>): Promise<T> {
  try {
    return await store();
  } catch (error) {
    if (!isPartitionMissing(error)) throw error;
    await ensurePartitions(db, clock.now());
    return store();
  }
}

import { log } from "../log.ts";
import { type Bulk, bulk } from "../store/bulk.ts";
import type { Db } from "../store/db.ts";
import { claimChunk, deleteChunk, noteHistory } from "../store/history.ts";
import { ensurePartitionsAt } from "../store/partitions.ts";
import { ENDPOINT_TIERS, USER_TIERS } from "../store/tiers.ts";
import { insertEndpointParts, insertUserParts } from "../store/window-parts.ts";
import { unpackBatches, WalkableBatch, WireError } from "../wire/index.ts";
import { compactRolled } from "./compact-rolled.ts";
import type { Landing } from "./gathering.ts";
import { getOrAdd } from "./get-or-add.ts";
import { endpointTiers, landingFor, tiersFrom, userTiers } from "./history-parts.ts";
import { KnownUsers } from "./known-users.ts";
import { OpenFold } from "./open-fold.ts";
import { Pace } from "./pace.ts";
import { floorTo } from "./spans.ts";

/**
 * Folds imported history into every tier that keeps its time, one chunk in a transaction. Stopped at any point, a chunk waits on. What
 * has expired since it was accepted is left out. Returns the number of chunks folded.
 */
export async function foldHistory(db: Db, nowMs: number, stop: () => boolean = () => false): Promise<number> {
  const users = new KnownUsers();
  let folded = 0;
  while (!stop()) {
    users.tidy();
    const had = await bulk(db, (tx) => foldChunk(db, tx, { users, nowMs }));
    if (!had) break;
    folded++;
  }
  return folded;
}

async function foldChunk(db: Db, tx: Bulk, { users, nowMs }: { users: KnownUsers; nowMs: number }) {
  const chunk = await claimChunk(tx);
  if (chunk === null) return false;
  const landings = byLanding(batchesIn(chunk.payload), nowMs);
  await preparePartitions(db, landings); // before anything is written: afterwards, making one would wait for this very transaction
  for (const [landing, batches] of landings) {
    const fold = new OpenFold(db, users, new Pace(), landing);
    await fold.gather(batches);
    await fold.saveLabels();
    await write(tx, { fold, landing });
    await fold.writeNotes(tx);
    for (const scopeId of fold.totalIds) await noteHistory(tx, { scopeId, ...stretchOf(batches) });
  }
  await deleteChunk(tx, chunk.id);
  return true;
}

/** What was stored by a newer version, or damaged since, must not stop the rest for ever. */
function batchesIn(payload: Uint8Array): WalkableBatch[] {
  try {
    return unpackBatches(payload).map((bytes) => new WalkableBatch(bytes));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    log("import").error({ err: error }, "a stored chunk of history cannot be read: left out");
    return [];
  }
}

/** Batches by the tiers that they land in. Two landings of the same tiers are one object. */
function byLanding(batches: readonly WalkableBatch[], nowMs: number): Map<Landing, WalkableBatch[]> {
  const landings = new Map<string, Landing>();
  const found = new Map<Landing, WalkableBatch[]>();
  for (const batch of batches) {
    const landing = landingFor(batch.head.window.startMs, nowMs);
    if (landing === null) continue;
    const one = getOrAdd(landings, `${landing.endpoints.table} ${landing.users.table}`, () => landing);
    getOrAdd(found, one, () => []).push(batch);
  }
  return found;
}

async function write(tx: Bulk, { fold, landing }: { fold: OpenFold; landing: Landing }): Promise<void> {
  const pace = new Pace();
  const { endpoints, users } = await fold.parts();
  for (const { tier, parts } of await endpointTiers(endpoints, landing.endpoints, pace)) {
    await insertEndpointParts(tx, tier, parts);
    await compactRolled(tx, { holds: "endpoints", tier }, { parts, pace });
  }
  for (const { tier, parts } of await userTiers(users, landing.users, pace)) {
    await insertUserParts(tx, tier, parts);
    await compactRolled(tx, { holds: "users", tier }, { parts, pace });
  }
}

/** Partitions of long ago are made when something comes for them. That is committed at once: an empty one harms nobody. */
async function preparePartitions(db: Db, landings: ReadonlyMap<Landing, readonly WalkableBatch[]>): Promise<void> {
  for (const [landing, batches] of landings) {
    const starts = batches.map(({ head }) => head.window.startMs);
    for (const tier of [...tiersFrom(ENDPOINT_TIERS, landing.endpoints), ...tiersFrom(USER_TIERS, landing.users)])
      await ensurePartitionsAt(db, tier.table, [...new Set(starts.map((ms) => floorTo(ms, tier.spanSeconds)))]);
  }
}

function stretchOf(batches: readonly WalkableBatch[]): { fromMs: number; toMs: number } {
  let [fromMs, toMs] = [Infinity, -Infinity];
  for (const { window } of batches.map(({ head }) => head)) {
    fromMs = Math.min(fromMs, window.startMs);
    toMs = Math.max(toMs, window.startMs + window.seconds * 1_000);
  }
  return { fromMs, toMs };
}

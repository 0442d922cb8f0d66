import { addPayload, type Counts, newCounts } from "../histogram/index.ts";
import { findEndpoints } from "../store/catalog.ts";
import type { Db } from "../store/db.ts";
import { saveMainEndpoint } from "../store/prefill-definitions.ts";
import type { Scope } from "../store/scopes.ts";
import { snapshot } from "../store/snapshot.ts";
import { eachUser, HIT, MISS } from "../store/user-pack.ts";
import { copyUserRows } from "../store/window-copy.ts";

const HOUR_MS = 3_600_000;
const BY_HOUR = 1;
/** Endpoints that are read at once. */
const AT_ONCE = 40;
/** Less in common than this is chance. */
const LEAST_ALIKE = 0.2;

/**
 * Finds out which endpoint's requests use each definition most, and keeps it. The latency of a request that used a definition is counted
 * twice: under the definition, and as a hit or miss of its endpoint; so the two have the same samples, as far as they are of each other.
 */
export async function findMainEndpoints(
  db: Db,
  scope: Scope,
  { definitionIds, nowMs }: { definitionIds: readonly number[]; nowMs: number },
): Promise<void> {
  const { service, environment } = scope;
  const endpoints = await snapshot(db, (connection) => findEndpoints(connection, { service, environment }));
  const range = { fromMs: Math.floor(nowMs / HOUR_MS - 1) * HOUR_MS, toMs: nowMs + HOUR_MS };
  const used = await cacheUse(db, definitionIds, range);
  const best = new Map<number, { endpointId: number; alike: number }>();
  const ids = endpoints.filter(({ total }) => !total).map(({ id }) => id);
  for (let from = 0; from < ids.length; from += AT_ONCE)
    for (const [endpointId, counts] of await cacheUse(db, ids.slice(from, from + AT_ONCE), range))
      for (const [definitionId, own] of used) {
        const alike = likeness(own, counts);
        if (alike >= Math.max(LEAST_ALIKE, best.get(definitionId)?.alike ?? 0))
          best.set(definitionId, { endpointId, alike });
      }
  for (const [definitionId, { endpointId }] of best)
    await saveMainEndpoint(db, { definitionId, endpointId, scopeId: scope.id, nowMs });
}

/** The latencies of all requests of each endpoint that used a cache. */
async function cacheUse(
  db: Db,
  endpointIds: readonly number[],
  range: { fromMs: number; toMs: number },
): Promise<Map<number, Counts>> {
  const rows = await snapshot(db, (connection) => copyUserRows(connection, { tier: BY_HOUR, endpointIds, ...range }));
  const found = new Map<number, Counts>();
  for (const { endpointId, startMs, payload } of rows) {
    if (startMs < range.fromMs) continue;
    eachUser(payload, (_high, _low, { kind, bytes, start, end }) => {
      if (kind !== HIT && kind !== MISS) return;
      const counts = found.get(endpointId) ?? newCounts();
      found.set(endpointId, counts);
      addPayload(counts, bytes, start, end);
    });
  }
  return found;
}

/** What two histograms have in common, as a share of what either has: 1 when they are the same, 0 when nothing is. */
export function likeness(one: Counts, other: Counts): number {
  let common = 0;
  let either = 0;
  for (let bucket = 0; bucket < one.length; bucket++) {
    common += Math.min(one[bucket]!, other[bucket]!);
    either += Math.max(one[bucket]!, other[bucket]!);
  }
  return either === 0 ? 0 : common / either;
}

import type { Connection } from "./db.ts";
import { eachEndpointWindow } from "./endpoint-pack.ts";
import { Prisma } from "./generated/client.ts";
import { ENDPOINT_TIERS } from "./tiers.ts";

/** When a service and environment was last heard of. */
export interface LastWindow {
  service: string;
  environment: string;
  /** End of the last window with a request, Unix milliseconds; `null` when nothing is kept any more. */
  lastMs: number | null;
}

interface LastRow {
  endpointId: number;
  startMs: number;
  payload: Uint8Array;
}

/** Where most are found: who was heard of lately. Only the others are looked for in all that is kept. */
const LATELY_MS = 3_600_000;

/** The last window of each service and environment, by its `total` rows: the finest tier that has any. */
export async function lastWindows(db: Connection, nowMs: number): Promise<LastWindow[]> {
  const totals = await db.endpoint.findMany({
    where: { total: true },
    select: { id: true, environment: true, service: { select: { name: true } } },
    orderBy: [{ service: { name: "asc" } }, { environment: "asc" }],
  });
  const ends = await lastEnds(
    db,
    totals.map(({ id }) => id),
    nowMs,
  );
  return totals.map(({ id, environment, service }) => ({
    service: service.name,
    environment,
    lastMs: ends.get(id) ?? null,
  }));
}

/** The end of the last window of each of these endpoints, Unix milliseconds; those without any are left out. */
async function lastEnds(db: Connection, ids: readonly number[], nowMs: number): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  const steps = [{ tier: 0, afterMs: nowMs - LATELY_MS }, ...ENDPOINT_TIERS.map((_, tier) => ({ tier, afterMs: 0 }))];
  for (const step of steps) {
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length === 0) break;
    for (const row of await lastRows(db, missing, step))
      found.set(row.endpointId, Math.max(endOf(row, step.tier), found.get(row.endpointId) ?? 0));
  }
  return found;
}

/** All parts of the last span of each endpoint. */
function lastRows(
  db: Connection,
  ids: readonly number[],
  { tier, afterMs }: { tier: number; afterMs: number },
): Promise<LastRow[]> {
  const table = Prisma.raw(`"${ENDPOINT_TIERS[tier]!.table}"`);
  const after = new Date(afterMs);
  return db.$queryRaw<LastRow[]>`
    SELECT w.endpoint_id AS "endpointId", (extract(epoch FROM w.start) * 1000)::float8 AS "startMs", w.payload
    FROM ${table} w JOIN (
      SELECT endpoint_id, max(start) AS start FROM ${table}
      WHERE endpoint_id = ANY(${[...ids]}::int[]) AND start > ${after} GROUP BY endpoint_id) last
      ON last.endpoint_id = w.endpoint_id AND last.start = w.start
    WHERE w.endpoint_id = ANY(${[...ids]}::int[]) AND w.start > ${after}`;
}

/** A wide window ends later than its last request: only rows of the finest tier that is left tell the time well. */
function endOf({ startMs, payload }: LastRow, tier: number): number {
  const windowMs = ENDPOINT_TIERS[tier]!.windowSeconds * 1_000;
  let last = 0;
  eachEndpointWindow(payload, (offset) => {
    last = Math.max(last, offset);
  });
  return startMs + (last + (tier === 0 ? 1 : 0)) * windowMs;
}

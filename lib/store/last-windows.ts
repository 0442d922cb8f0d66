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

interface LastRow extends Omit<LastWindow, "lastMs"> {
  tier: number | null;
  startMs: number | null;
  payload: Uint8Array | null;
}

/** The last window of each service and environment, by its `total` rows: the finest tier that has any. */
export async function lastWindows(db: Connection): Promise<LastWindow[]> {
  const tiers = ENDPOINT_TIERS.map(
    ({ table }, tier) => Prisma.sql`
      (SELECT ${tier}::int AS tier, w.start, w.payload FROM ${Prisma.raw(table)} w WHERE w.endpoint_id = e.id
        AND w.start = (SELECT max(start) FROM ${Prisma.raw(table)} m WHERE m.endpoint_id = e.id))`,
  );
  const rows = await db.$queryRaw<LastRow[]>`
    SELECT s.name AS service, e.environment, last.tier, last.payload,
      (extract(epoch FROM last.start) * 1000)::float8 AS "startMs"
    FROM endpoint e JOIN service s ON s.id = e.service_id
    LEFT JOIN LATERAL (${Prisma.join(tiers, " UNION ALL ")}) last ON TRUE
    WHERE e.total ORDER BY s.name, e.environment`;
  const found = new Map<string, LastWindow>();
  for (const row of rows) {
    const key = JSON.stringify([row.service, row.environment]);
    const { service, environment } = row;
    const lastMs = Math.max(endOf(row), found.get(key)?.lastMs ?? 0) || null;
    found.set(key, { service, environment, lastMs });
  }
  return [...found.values()];
}

/** A wide window ends later than its last request: only rows of the finest tier that is left tell the time well. */
function endOf({ tier, startMs, payload }: LastRow): number {
  if (tier === null || startMs === null || payload === null) return 0;
  const windowMs = ENDPOINT_TIERS[tier]!.windowSeconds * 1_000;
  let last = 0;
  eachEndpointWindow(payload, (offset) => {
    last = Math.max(last, offset);
  });
  return startMs + (last + (tier === 0 ? 1 : 0)) * windowMs;
}

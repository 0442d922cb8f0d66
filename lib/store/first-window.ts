import { eachEndpointWindow } from "./endpoint-pack.ts";
import { Prisma } from "./generated/client.ts";
import type { Reader } from "./snapshot.ts";
import { ENDPOINT_TIERS } from "./tiers.ts";

interface FirstRow {
  tier: number;
  startSeconds: number;
  payload: Uint8Array;
}

/**
 * The start of the first window that is kept of a service and environment (of all without), Unix seconds; `null` when
 * there is none. As fine as the tiers still have it.
 */
export async function firstWindow(
  db: Reader,
  { service, environment }: { service?: string | undefined; environment?: string | undefined },
): Promise<number | null> {
  const totals = await db.$queryRaw<{ id: number }[]>`
    SELECT e.id FROM endpoint e JOIN service s ON s.id = e.service_id WHERE e.total
      AND (${service ?? null}::text IS NULL OR s.name = ${service ?? null})
      AND (${environment ?? null}::text IS NULL OR e.environment = ${environment ?? null})`;
  if (totals.length === 0) return null;
  const ids = totals.map(({ id }) => id);
  const selects = ENDPOINT_TIERS.map(({ table }, tier) => firstRows(ids, { table, tier }));
  const rows = await db.$queryRaw<FirstRow[]>(Prisma.join(selects, " UNION ALL "));
  return rows.length === 0 ? null : earliest(rows);
}

/**
 * The rows of a tier that hold its first windows. Partitions follow each other in time: by the order, only the oldest one that holds
 * anything of these is read, which a minimum would not be content with.
 */
function firstRows(ids: number[], { table, tier }: { table: string; tier: number }): Prisma.Sql {
  const name = Prisma.raw(`"${table}"`);
  return Prisma.sql`
    SELECT ${tier}::int AS tier, extract(epoch FROM start)::float8 AS "startSeconds", payload FROM ${name}
    WHERE endpoint_id = ANY(${ids}::int[]) AND start = (
      SELECT start FROM ${name} WHERE endpoint_id = ANY(${ids}::int[]) ORDER BY start LIMIT 1)`;
}

/** Of a coarser tier's window it is only known that something lies in it: a finer tier that goes as far back says where. */
function earliest(rows: readonly FirstRow[]): number {
  let first = Infinity;
  for (const [tier, { windowSeconds }] of ENDPOINT_TIERS.entries()) {
    const own = Math.min(...rows.filter((row) => row.tier === tier).map(firstIn));
    if (own < Math.floor(first / windowSeconds) * windowSeconds || first === Infinity) first = Math.min(first, own);
  }
  return first;
}

function firstIn({ tier, startSeconds, payload }: FirstRow): number {
  let first = Infinity;
  eachEndpointWindow(payload, (offset) => {
    first = Math.min(first, offset);
  });
  return startSeconds + first * ENDPOINT_TIERS[tier]!.windowSeconds;
}

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
  const rows = await db.$queryRaw<FirstRow[]>`
    WITH scope AS MATERIALIZED (
      SELECT e.id FROM endpoint e JOIN service s ON s.id = e.service_id WHERE e.total
        AND (${service ?? null}::text IS NULL OR s.name = ${service ?? null})
        AND (${environment ?? null}::text IS NULL OR e.environment = ${environment ?? null}))
    ${Prisma.join(ENDPOINT_TIERS.map(firstRows), " UNION ALL ")}`;
  return rows.length === 0 ? null : earliest(rows);
}

/** The rows of a tier that hold its first windows. */
function firstRows({ table }: { table: string }, tier: number): Prisma.Sql {
  const name = Prisma.raw(`"${table}"`);
  return Prisma.sql`
    SELECT ${tier}::int AS tier, extract(epoch FROM w.start)::float8 AS "startSeconds", w.payload FROM ${name} w
    WHERE w.endpoint_id IN (SELECT id FROM scope) AND w.start = (
      SELECT min(own.start) FROM scope, LATERAL (SELECT min(start) AS start FROM ${name} WHERE endpoint_id = scope.id) own)`;
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

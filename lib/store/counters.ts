import type { CopySlabs } from "./copy-out.ts";
import type { Reader, Snapshot } from "./snapshot.ts";
import { ENDPOINT_TIERS, TOTALS } from "./tiers.ts";

/** Counts that only ever grow. They come from the database, so that every process tells the same, before and after a restart. */

/** A row as `eachEndpointWindow` reads it, of whatever time: rows of an endpoint add up. */
export interface CountedRow {
  endpointId: number;
  payload: Uint8Array;
}

/** The rows that together hold everything that was ever counted of some endpoints: the totals, and what they do not have yet. */
export async function copyCounted(
  snapshot: Snapshot,
  endpointIds: readonly number[],
  slabs?: CopySlabs,
): Promise<CountedRow[]> {
  if (!endpointIds.every((id) => Number.isSafeInteger(id))) throw new Error("ids are whole numbers");
  const isAsked = `endpoint_id = ANY('{${endpointIds.join(",")}}'::int4[])`; // a copy takes no parameters
  const selects = ENDPOINT_TIERS.map(
    ({ table }) => `SELECT endpoint_id, payload FROM "${table}" WHERE NOT rolled AND ${isAsked}`,
  );
  const all = [...selects, `SELECT endpoint_id, payload FROM "${TOTALS.table}" WHERE ${isAsked}`];
  const rows = await snapshot.copy(all.join(" UNION ALL "), slabs);
  const found: CountedRow[] = [];
  while (rows.next()) found.push({ endpointId: rows.int(), payload: rows.blob() });
  return found;
}

/** Since when the counts of endpoints are told, Unix seconds. */
export async function countedFrom(db: Reader, endpointIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await db.$queryRaw<{ id: number; seconds: number }[]>`
    SELECT id, extract(epoch FROM counted_from)::float8 AS seconds FROM endpoint
    WHERE id = ANY(${[...endpointIds]}::int[])`;
  return new Map(rows.map(({ id, seconds }) => [id, seconds]));
}

export interface LostEver {
  service: string;
  environment: string;
  reason: string;
  count: number;
}

/** What was ever lost, by service, environment and reason. */
export async function lostEver(
  db: Reader,
  { service, environment }: { service?: string | undefined; environment?: string | undefined },
): Promise<LostEver[]> {
  return db.$queryRaw<LostEver[]>`
    SELECT s.name AS service, l.environment, l.reason, l.count::float8 AS count
    FROM loss_total l JOIN service s ON s.id = l.service_id
    WHERE (${service ?? null}::text IS NULL OR s.name = ${service ?? null})
      AND (${environment ?? null}::text IS NULL OR l.environment = ${environment ?? null})
    ORDER BY 1, 2, 3`;
}

/** Requests to ingest that were ever refused whole, by error code. */
export async function refusedEver(db: Reader): Promise<{ code: string; count: number }[]> {
  return db.$queryRaw<{ code: string; count: number }[]>`
    SELECT code, count::float8 AS count FROM refusal_total ORDER BY 1`;
}

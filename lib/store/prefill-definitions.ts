import { CACHE_METHOD, type DefinitionReport, LOAD_METHOD, OTHER_ENDPOINT, WRITE_METHOD } from "../wire/index.ts";
import type { Connection } from "./db.ts";

/** A cached definition as an app described it, under the id of its `(cache)` endpoint. */
export interface ReportedDefinition extends Omit<DefinitionReport, "name"> {
  endpointId: number;
}

/** Keeps what an app said of its definitions. The latest word counts. No definition may be listed twice. */
export async function saveDefinitions(
  db: Connection,
  scopeId: number,
  { definitions, atMs }: { definitions: readonly ReportedDefinition[]; atMs: number },
): Promise<void> {
  // One order for all: two reports of the same definitions must not wait for each other in a circle.
  for (const { endpointId, ttlSeconds, signals } of [...definitions].sort((a, b) => a.endpointId - b.endpointId))
    await db.$executeRaw`
      INSERT INTO prefill_definition (endpoint_id, scope_id, ttl_seconds, signals, first_at, last_at)
      VALUES (${endpointId}::int, ${scopeId}::int, ${ttlSeconds}::int, ${[...signals]}::text[], ${new Date(atMs)}, ${new Date(atMs)})
      ON CONFLICT (endpoint_id) DO UPDATE SET ttl_seconds = excluded.ttl_seconds, signals = excluded.signals,
        last_at = greatest(prefill_definition.last_at, excluded.last_at)`;
}

/** A cached definition of a scope. */
export interface KnownDefinition {
  /** The id of its `(cache)` endpoint; of `(load)`, as far as anything was computed; of `(write)`, as far as anything was invalidated. */
  id: number;
  loadId: number | null;
  writeId: number | null;
  name: string;
  /** `null`: the app sent latencies of it, and never said what it is. */
  ttlSeconds: number | null;
  signals: string[];
  mainEndpointId: number | null;
  /** The latency that its decisions are judged by, from the last plan. */
  targetUs: number | null;
}

/** The cached definitions of a scope, those that were only measured included, `(other)` not. */
export async function definitionsOf(db: Connection, scopeId: number): Promise<KnownDefinition[]> {
  return db.$queryRaw<KnownDefinition[]>`
    SELECT e.id, load.id AS "loadId", write.id AS "writeId", e.route AS name, d.ttl_seconds AS "ttlSeconds",
      coalesce(d.signals, '{}') AS signals, d.main_endpoint_id AS "mainEndpointId", d.target_us::float8 AS "targetUs"
    FROM endpoint total
      JOIN endpoint e ON (e.service_id, e.environment, e.method) = (total.service_id, total.environment, ${CACHE_METHOD})
      LEFT JOIN endpoint load ON
        (load.service_id, load.environment, load.method, load.route) = (e.service_id, e.environment, ${LOAD_METHOD}, e.route)
      LEFT JOIN endpoint write ON
        (write.service_id, write.environment, write.method, write.route) = (e.service_id, e.environment, ${WRITE_METHOD}, e.route)
      LEFT JOIN prefill_definition d ON d.endpoint_id = e.id
    WHERE total.id = ${scopeId} AND e.route <> ${OTHER_ENDPOINT} ORDER BY e.id`;
}

/** Keeps the latencies that decisions about definitions are judged by from now on. */
export async function saveTargets(
  db: Connection,
  targets: readonly { endpointId: number; targetUs: number }[],
): Promise<void> {
  await db.$executeRaw`
    UPDATE prefill_definition d SET target_us = t.target_us
    FROM unnest(${targets.map((t) => t.endpointId)}::int[], ${targets.map((t) => t.targetUs)}::bigint[])
      AS t (endpoint_id, target_us)
    WHERE d.endpoint_id = t.endpoint_id AND d.target_us IS DISTINCT FROM t.target_us`;
}

/** Keeps the endpoint whose requests use a definition most; also of a definition that no app has described. */
export async function saveMainEndpoint(
  db: Connection,
  {
    definitionId,
    endpointId,
    scopeId,
    nowMs,
  }: { definitionId: number; endpointId: number; scopeId: number; nowMs: number },
): Promise<void> {
  const now = new Date(nowMs);
  await db.$executeRaw`
    INSERT INTO prefill_definition AS d (endpoint_id, scope_id, signals, main_endpoint_id, first_at, last_at)
    VALUES (${definitionId}::int, ${scopeId}::int, '{}', ${endpointId}::int, ${now}, ${now})
    ON CONFLICT (endpoint_id) DO UPDATE SET main_endpoint_id = excluded.main_endpoint_id
      WHERE d.main_endpoint_id IS DISTINCT FROM excluded.main_endpoint_id`;
}

import type { Connection } from "./db.ts";

/** What a guard sent to a statement, or would have sent, and that met it. */
export interface Signal {
  scopeId: number;
  atMs: number;
  action: "cancel" | "terminate" | "would_cancel";
  pid: number;
  /** Of the statement. */
  ageMs: number | null;
  /** As the statement's comment says: `GET /users/:id`. */
  endpoint: string | null;
  statementId: string | null;
  /** The beginning of the fingerprint, as far as it is known. */
  statement: string | null;
}

/** A scope, and a stretch of it without its end, Unix ms. */
export interface SignalsAsk {
  scopeId: number;
  fromMs: number;
  toMs: number;
}

/** Of the texts of statements: who reads of a stretch needs to know which they were, not all that they say. */
const TEXT_LENGTH = 200;

/** The signals of some scopes, by scope, then the first first; of each at most `limit`, the last. Those sent in vain are none. */
export async function signalsIn(db: Connection, asks: readonly SignalsAsk[], limit: number): Promise<Signal[]> {
  if (asks.length === 0) return [];
  return db.$queryRaw<Signal[]>`
    SELECT k.scope_id AS "scopeId", (extract(epoch FROM k.at) * 1000)::float8 AS "atMs", k.action, k.pid::float8 AS pid,
      k.age_ms::float8 AS "ageMs", k.endpoint, k.statement_id AS "statementId", left(s.text, ${TEXT_LENGTH}::int) AS statement
    FROM unnest(${asks.map((ask) => ask.scopeId)}::int[], ${asks.map(({ fromMs }) => new Date(fromMs))}::timestamptz[],
        ${asks.map(({ toMs }) => new Date(toMs))}::timestamptz[]) AS a (scope_id, from_at, to_at)
      JOIN endpoint e ON e.id = a.scope_id
      CROSS JOIN LATERAL (
        SELECT * FROM insight_kill
        WHERE scope_id = a.scope_id AND at >= a.from_at AND at < a.to_at AND action IN ('cancel', 'terminate', 'would_cancel')
          AND outcome IS DISTINCT FROM 'gone'
        ORDER BY at DESC, id DESC LIMIT ${limit}::int) AS k
      LEFT JOIN insight_statement s ON s.service_id = e.service_id AND s.id = k.statement_id
    ORDER BY k.scope_id, k.at, k.id`;
}

/** When guards first told of anything, of what is kept, Unix ms by scope; those of which nothing was told are left out. */
export async function firstKills(db: Connection, scopeIds: readonly number[]): Promise<Map<number, number>> {
  if (scopeIds.length === 0) return new Map();
  const rows = await db.$queryRaw<{ id: number; atMs: number }[]>`
    SELECT a.id, (extract(epoch FROM k.at) * 1000)::float8 AS "atMs"
    FROM unnest(${[...scopeIds]}::int[]) AS a (id)
      CROSS JOIN LATERAL (SELECT at FROM insight_kill WHERE scope_id = a.id ORDER BY at LIMIT 1) AS k`;
  return new Map(rows.map(({ id, atMs }) => [id, atMs]));
}

import type { Connection, Db } from "./db.ts";
import { findScope, openScope, type Scope } from "./scopes.ts";

/** Written again only when it is older than this: an export comes every few seconds. */
const FRESH_MS = 60_000;

/** The scope of these names; one that is not known is added, within the caps. */
export async function scopeOf(db: Db, names: { service: string; environment: string }): Promise<Scope> {
  return (await findScope(db, names.service, names.environment)) ?? (await openScope(db, names, [])).scope;
}

/** Notes that spans have told of the requests of a scope. */
export async function noteSpans(db: Connection, scopeId: number, atMs: number): Promise<void> {
  const [at, fresh] = [new Date(atMs), new Date(atMs - FRESH_MS)];
  await db.$executeRaw`
    INSERT INTO otlp_scope AS s (scope_id, spans_at) VALUES (${scopeId}::int, ${at})
    ON CONFLICT (scope_id) DO UPDATE SET spans_at = excluded.spans_at WHERE s.spans_at < ${fresh}`;
}

/** Whether spans have told of the requests of a scope since then. */
export async function hadSpansSince(db: Connection, scopeId: number, sinceMs: number): Promise<boolean> {
  return (await db.otlpScope.count({ where: { scopeId, spansAt: { gte: new Date(sinceMs) } } })) > 0;
}

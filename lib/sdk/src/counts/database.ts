/** How one count asks its database; the tap of Prisma and the functions of pg each have one. */
export interface CountingDatabase {
  /** Asks with the values of the statement that is counted. Gives the first column of the first row. */
  ask(text: string): Promise<unknown>;
  /** The same with one text value of ours. */
  askWith(text: string, value: string): Promise<unknown>;
  /**
   * As `ask`, in a transaction or below a savepoint of its own, so that the time limit ends with it. Rejects when the database stopped
   * it: see `isStopped`.
   */
  askWithin(budgetMs: number, text: string): Promise<unknown>;
  /** Whether more can be asked after an error: not in a transaction of the app. */
  readonly survivesErrors: boolean;
  /** Whether the database stopped a statement, as it does when its time is over. */
  isStopped(error: unknown): boolean;
}

/**
 * Sets the limit for this transaction, never to more than the app has set for itself. Statements of ours, a whole number in it.
 */
export function limitText(budgetMs: number): string {
  const own = "extract(epoch FROM current_setting('statement_timeout')::interval) * 1000";
  return `SELECT set_config('statement_timeout', least(nullif(${own}, 0), ${budgetMs})::int::text, true)`;
}

/** Below a savepoint of this name, in transactions of the app. */
export const SAVEPOINT = "tailfill_count";

/** Whether statistics are stale (1) and row-level security applies (2), as a sum. Never how many rows a table has. */
export const FACTS = `
SELECT (coalesce(sum(size) FILTER (WHERE stale) > 0.1 * sum(size), false))::int + 2 * coalesce(bool_or(secured), false)::int
FROM (
  SELECT pg_relation_size(c.oid) AS size,
    c.reltuples < 0 OR pg_relation_size(c.oid) > 2 * c.relpages::bigint * current_setting('block_size')::int AS stale,
    row_security_active(c.oid) OR EXISTS (SELECT FROM pg_partition_ancestors(c.oid) a WHERE row_security_active(a.relid)) AS secured
  FROM json_to_recordset($1::text::json) AS named(schema text, name text)
    JOIN pg_catalog.pg_namespace n ON n.nspname = named.schema
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = named.name
) AS tables`.trim();

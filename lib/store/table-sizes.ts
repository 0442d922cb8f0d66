import type { Connection } from "./db.ts";
import { KILLS_KEPT_SECONDS } from "./insight-kills.ts";
import { LOADING_KEPT_SECONDS } from "./insight-loading.ts";
import { REQUESTS_KEPT_SECONDS } from "./insight-requests.ts";
import { STOPS_KEPT_SECONDS } from "./insight-stops.ts";
import { CANDIDATES_KEPT_SECONDS } from "./prefill-candidates.ts";
import { ageAtDrop, DECISIONS_KEPT_SECONDS, PARTITIONED } from "./partitions.ts";
import { ENDPOINT_TIERS, LONGEST_KEPT_SECONDS, USER_TIERS } from "./tiers.ts";

export interface TableSize {
  table: string;
  /** The database's own estimate. */
  rows: number;
  /** Indexes and everything else included. */
  bytes: number;
  /** Of these, the indexes, */
  indexBytes: number;
  /** and what is stored beside the rows, because it is long. */
  toastBytes: number;
}

/** How much room each table takes, partitions added up, largest first; and the database as a whole. */
export async function tableSizes(db: Connection): Promise<{ tables: TableSize[]; databaseBytes: number }> {
  const tables = await db.$queryRaw<TableSize[]>`
    SELECT coalesce(parent.relname, c.relname) AS "table",
      sum(greatest(c.reltuples, coalesce(t.n_live_tup, 0)))::float8 AS rows,
      sum(pg_total_relation_size(c.oid))::float8 AS bytes,
      sum(pg_indexes_size(c.oid))::float8 AS "indexBytes",
      sum(coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0))::float8 AS "toastBytes"
    FROM pg_class c
      LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
      LEFT JOIN pg_class parent ON parent.oid = i.inhparent
      LEFT JOIN pg_stat_user_tables t ON t.relid = c.oid
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
    GROUP BY 1 ORDER BY 3 DESC, 1`;
  const [size] = await db.$queryRaw<{ bytes: number }[]>`SELECT pg_database_size(current_database())::float8 AS bytes`;
  return {
    tables: tables.map((one) => ({ ...one, rows: Math.max(0, Math.round(one.rows)) })),
    databaseBytes: size!.bytes,
  };
}

const WINDOW_TABLES = [...ENDPOINT_TIERS, ...USER_TIERS];

export interface Retention {
  /** For how long answers use the rows, seconds; `null`: as long as they are needed. */
  keptSeconds: number | null;
  /**
   * How old rows are when they are removed, seconds, at least and at most; `null` where that is soon after. Big tables lose
   * whole partitions, and the finest have to stay for as long as a late batch may land in them.
   */
  removedSeconds: [number, number] | null;
}

/** Tables whose rows go one by one, and when, seconds. */
const BY_ROW: Record<string, number> = {
  user_label: LONGEST_KEPT_SECONDS,
  loss: LONGEST_KEPT_SECONDS,
  refusal: LONGEST_KEPT_SECONDS,
  prefill_forecast: LONGEST_KEPT_SECONDS,
  prefill_candidate: CANDIDATES_KEPT_SECONDS,
  prefill_profile: DECISIONS_KEPT_SECONDS,
  insight_statement: LONGEST_KEPT_SECONDS,
  insight_kill: KILLS_KEPT_SECONDS,
  insight_stop: STOPS_KEPT_SECONDS,
  insight_request: REQUESTS_KEPT_SECONDS,
  insight_repeat: LOADING_KEPT_SECONDS,
  insight_trial: LOADING_KEPT_SECONDS,
};

export function retentionOf(table: string): Retention {
  const partitioned = PARTITIONED.find((one) => one.table === table);
  if (partitioned === undefined) return { keptSeconds: BY_ROW[table] ?? null, removedSeconds: null };
  const tier = WINDOW_TABLES.find((one) => one.table === table);
  return { keptSeconds: (tier ?? partitioned).keptSeconds, removedSeconds: ageAtDrop(partitioned) };
}

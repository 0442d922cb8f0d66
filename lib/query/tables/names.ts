/** The tables of pages that can be had as files, as their addresses name them. */
export const LATENCY_TABLE_NAMES = [
  "endpoints",
  "series",
  "endpoint-series",
  "endpoint-users",
  "endpoint-database",
  "endpoint-statements",
  "user-endpoints",
  "user-series",
] as const;
export const INSIGHT_TABLE_NAMES = [
  "statements",
  "stopped",
  "stopped-statements",
  "slow-requests",
  "repeated",
  "trials",
  "prefill-candidates",
] as const;
export const OTHER_TABLE_NAMES = [
  "alert-rules",
  "alert-pending",
  "alert-firing",
  "alert-incidents",
  "alert-members",
  "alert-series",
  "alert-receivers",
  "alert-deliveries",
  "alert-silences",
  "alert-maintenance",
  "losses",
  "refusals",
  "storage",
  "jobs",
  "services",
] as const;
export const TABLE_NAMES = [...LATENCY_TABLE_NAMES, ...INSIGHT_TABLE_NAMES, ...OTHER_TABLE_NAMES] as const;

export type TableName = (typeof TABLE_NAMES)[number];

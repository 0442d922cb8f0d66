/** What a backup holds, and what it leaves out on purpose. A test sees to it that every table is in one of the two lists. */

/** In the order in which they are restored: a table comes behind those that it refers to. */
export const BACKED_UP = [
  "service",
  "endpoint",
  "release",
  "user_label",
  "loss",
  "loss_total",
  "refusal",
  "refusal_total",
  "batch",
  "batch_receipt",
  "endpoint_window_10s",
  "endpoint_window_1m",
  "endpoint_window_1h",
  "endpoint_total",
  "user_window_1m",
  "user_window_1h",
  "user_window_1d",
  "import_chunk",
  "import_receipt",
  "import_history",
  "insight_statement",
  "insight_kill",
  "insight_repeat",
  "insight_trial",
  "insight_stop",
  "insight_request",
  "otlp_series",
  "otlp_coarse",
  "otlp_scope",
  "prefill_definition",
  "prefill_setting",
  "prefill_decision",
  "prefill_profile",
  "prefill_profile_state",
  "prefill_plan",
  "prefill_forecast",
  "prefill_candidate",
  "prefill_incident",
  "alert_rule",
  "alert_series",
  "alert_incident",
  "alert_member",
  "alert_span",
  "alert_timeline",
  "alert_event",
  "alert_receiver",
  "alert_delivery",
  "alert_attempt",
  "alert_silence",
  "alert_maintenance",
  "alert_clock",
  "alert_blind",
  "user",
  "account",
  "api_key",
  "share_link",
] as const;

/** Tables that come back empty, and why. The job queue (schema `bullmq`, or Redis) is made anew at the start. */
export const LEFT_OUT = {
  session: "a sign-in that was ended since must not come back to life",
  verification: "as sessions",
  link: "a link that works once could work twice",
  sign_in_try: "counts of minutes ago",
  prefill_instance: "who shares a budget now is not who shared it then",
  process_beat: "says that a process runs",
  job_run: "says when jobs ran: after a restore, all are due",
} as const;

/** Functions that migrations make: who replaces a database drops them with its tables. */
export const FUNCTIONS = ["store_batch"] as const;

/** Prisma's own record of migrations: it is written anew, and not copied. */
export const MIGRATIONS_TABLE = "_prisma_migrations";

/**
 * What must not go on where the backup stopped: messages that waited may have been delivered since. They count as failed, and
 * can be sent again by hand.
 */
export const PUT_TO_REST = [
  {
    table: "alert_delivery",
    sql: `UPDATE "alert_delivery" SET state = 'failed', next_at = NULL, claimed_until = NULL, why = 'restored from a backup'
      WHERE state = 'waiting'`,
  },
  { table: "alert_event", sql: `UPDATE "alert_event" SET fanned_at = now() WHERE fanned_at IS NULL` },
] as const;

/**
 * Where rows live when PostgreSQL is a Citus cluster: the one list of it. `tailfill distribute` places tables so, and a test holds our
 * statements against what Citus refuses of them. On one PostgreSQL it means nothing.
 */
export interface Distributed {
  readonly table: string;
  /** Rows with the same value of it lie on the same machine. It is part of every key of the table. */
  readonly column: string;
  /** Tables of a group lie together: the same value of their columns is on the same machine. */
  readonly group: "endpoints" | "slots" | "users";
}

/** Tables whose rows are many. */
export const DISTRIBUTED: readonly Distributed[] = [
  { table: "endpoint_window_10s", column: "endpoint_id", group: "endpoints" },
  { table: "endpoint_window_1m", column: "endpoint_id", group: "endpoints" },
  { table: "endpoint_window_1h", column: "endpoint_id", group: "endpoints" },
  { table: "endpoint_total", column: "endpoint_id", group: "endpoints" },
  { table: "user_window_1m", column: "endpoint_id", group: "endpoints" },
  { table: "user_window_1h", column: "endpoint_id", group: "endpoints" },
  { table: "user_window_1d", column: "endpoint_id", group: "endpoints" },
  { table: "prefill_profile", column: "endpoint_id", group: "endpoints" },
  { table: "prefill_profile_state", column: "endpoint_id", group: "endpoints" },
  // A service and environment is known by an endpoint: its `total`.
  { table: "prefill_decision", column: "scope_id", group: "endpoints" },
  { table: "batch", column: "slot", group: "slots" },
  { table: "batch_receipt", column: "slot", group: "slots" },
  { table: "user_label", column: "user_key", group: "users" },
];

/** Tables that every machine has a copy of: few rows, seldom written, asked together with the big ones. One that refers to another comes after it. */
export const REFERENCE: readonly string[] = ["service", "endpoint"];

/** Tables that stay on the machine that is asked: few rows, and what must be locked row by row. */
export const LOCAL: readonly string[] = [
  "release",
  "loss",
  "loss_total",
  "refusal",
  "refusal_total",
  "import_chunk",
  "import_receipt",
  "import_history",
  "insight_statement",
  "insight_kill",
  "insight_request",
  "insight_stop",
  "insight_repeat",
  "insight_trial",
  "otlp_series",
  "otlp_coarse",
  "otlp_scope",
  "prefill_definition",
  "prefill_setting",
  "prefill_instance",
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
  "process_beat",
  "job_run",
  "user",
  "session",
  "account",
  "verification",
  "link",
  "api_key",
  "share_link",
  "sign_in_try",
  "_prisma_migrations",
];

/** A function that stores one batch. Where `batch` is distributed, it runs on the machine that has the slot. */
export const STORE_BATCH = "store_batch(smallint, uuid, date, bytea, text, text, bytea)";

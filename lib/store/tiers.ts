/**
 * The one table of tiers: how wide a window is, how many of them a row packs, how long they are kept,
 * and by which period the table is partitioned.
 */
const SECOND = 1;
const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

export interface Tier {
  readonly table: string;
  /** Width of one window, seconds. */
  readonly windowSeconds: number;
  /** Width of the span that one row packs, seconds; a multiple of `windowSeconds`. */
  readonly spanSeconds: number;
  /** How long windows are kept, seconds. */
  readonly keptSeconds: number;
  readonly partitionBy: "day" | "month";
}

/** Endpoint tiers, finest first. Each rolls up into the next. */
export const ENDPOINT_TIERS = [
  {
    table: "endpoint_window_10s",
    windowSeconds: 10 * SECOND,
    spanSeconds: 10 * MINUTE,
    keptSeconds: DAY,
    partitionBy: "day",
  },
  { table: "endpoint_window_1m", windowSeconds: MINUTE, spanSeconds: HOUR, keptSeconds: 14 * DAY, partitionBy: "day" },
  {
    table: "endpoint_window_1h",
    windowSeconds: HOUR,
    spanSeconds: DAY,
    keptSeconds: 400 * DAY,
    partitionBy: "month",
  },
] as const satisfies readonly Tier[];

/** User tiers, finest first. A row packs many users of one endpoint and one window. */
export const USER_TIERS = [
  { table: "user_window_1m", windowSeconds: MINUTE, spanSeconds: MINUTE, keptSeconds: 6 * HOUR, partitionBy: "day" },
  { table: "user_window_1h", windowSeconds: HOUR, spanSeconds: HOUR, keptSeconds: 35 * DAY, partitionBy: "day" },
  { table: "user_window_1d", windowSeconds: DAY, spanSeconds: DAY, keptSeconds: 400 * DAY, partitionBy: "month" },
] as const satisfies readonly Tier[];

/** What rows of windows are rolled up by: tiers, and the totals behind the last of them. */
export type WindowTable = Pick<Tier, "table" | "windowSeconds" | "spanSeconds">;

/**
 * Everything that endpoints ever counted, which no retention removes: counters of monitoring systems must never go down. To roll-up it
 * is one more tier, with one window that begins in 1970 and settles in 2070.
 */
export const TOTALS = {
  table: "endpoint_total",
  windowSeconds: 36_525 * DAY,
  spanSeconds: 36_525 * DAY,
} as const satisfies WindowTable;

/** What goes with windows (losses, labels of users) goes when the last of them has, seconds. */
export const LONGEST_KEPT_SECONDS = Math.max(...ENDPOINT_TIERS.map(({ keptSeconds }) => keptSeconds));

/** Users of one endpoint and window that keep a row of their own; the rest fold into `(other users)`. */
export const USERS_KEPT = 10_000;

/** Endpoints of one service and environment; the rest fold into `(other)`. */
export const ENDPOINTS_KEPT = 1_000;

/** Statements at endpoints, of one service and environment; the rest fold into `(other)`. */
export const STATEMENTS_KEPT = 3_000;

/** Services, and environments of a service; the rest fold into `(other)`. Releases beyond get no mark. */
export const SERVICES_KEPT = 1_000;
export const ENVIRONMENTS_KEPT = 100;
export const RELEASES_KEPT = 1_000;

/** Imported windows are as old as anything that is kept; what is younger than this is told by apps, and alerts look at it, seconds. */
export const HISTORY_AFTER_SECONDS = HOUR;

/** How old a window may be when it arrives, and how far ahead, seconds. */
export const LATEST_SECONDS = 48 * HOUR;
export const AHEAD_SECONDS = 10 * MINUTE;

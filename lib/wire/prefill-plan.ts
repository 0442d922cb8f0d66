/** Most users a plan names, over all definitions: the rest is decided by a definition's default. */
export const MOST_PLANNED_USERS = 20_000;
/** Most definitions of a service and environment that are planned for. */
export const MOST_DEFINITIONS = 100;
/** Share of the signals not worth a fill that are logged as observed, to learn how often a visit follows them. */
export const SAMPLED_SHARE = 0.02;
/** A value lives up to a tenth shorter than its time to live; it is refreshed when this part of that is over. */
export const REFRESHED_AT = 0.85;

/**
 * What the app's SDK acts on, request by request: `GET /api/v1/prefill/plan?service=&environment=&instance=`. It is asked for
 * every 30 s, and every second while the mode is `fill`, so that a stop acts within 2 s: with `If-None-Match`, so that the
 * ETag must cover mode and settings, and a 304 should cost next to nothing. Only who names an `instance` decides, and
 * shares the budget; a process that only works off fills names none. Answers have a `Date`, by which the plan's age counts.
 */
export interface PrefillPlan {
  v: 1;
  service: string;
  environment: string;
  /** When it was computed, in milliseconds since the epoch. A plan older than ten minutes is not acted on. */
  madeAtMs: number;
  /** `observe` logs decisions and fills nothing; `fill` fills; `stop` neither. */
  mode: PrefillMode;
  /** Share of decisions that are withheld as controls, 0.05 to 0.5. */
  withheldShare: number;
  /** Share of users that are never filled, to see what filling does to everybody else. */
  holdOutShare: number;
  /** Chance decides by a hash with this salt, so that nothing but chance does. It stays while the settings do. */
  salt: string;
  /** Seconds of fills an hour that this one instance may spend: the budget divided by the instances that ask. */
  budgetSecondsPerHour: number;
  /** No fill is worth it below this value: misses of the target avoided per second of work. */
  price: number;
  /** Brakes: fills at once, and the p95 of the app's own requests above which filling slows down (null: not watched). */
  concurrency: number;
  foregroundP95Us: number | null;
  definitions: PlannedDefinition[];
}

export type PrefillMode = "observe" | "fill" | "stop";

export interface PlannedDefinition {
  /** The name given to `defineCached`. */
  name: string;
  /** The latency above which a request misses the target, in microseconds. */
  targetUs: number;
  /** Chance of a visit within the time to live after the user showed up: of any signal, and of named ones. */
  use: number;
  useAfter: Record<string, number>;
  /** Chance that a fill is done before that visit. */
  inTime: number;
  /** For users that are not named: how much rarer a request misses the target after a fill, and a fill's cost. */
  delta: number;
  costUs: number;
  /** Worth naming, the most valuable first. */
  users: PlannedUser[];
}

export interface PlannedUser {
  /** As the SDK sends ids: sealed when it seals them. */
  user: string;
  /** P(miss > target) − P(hit > target), 0 to 1, shrunk. */
  delta: number;
  /** A fill's expected cost in microseconds of work. */
  costUs: number;
  /** This user's own chance of a visit after a signal, where it is known better than the definition's. */
  use?: number;
  /** Clock slots, only where a habit is proven: hours of the week in UTC, 0 = Monday 00:00, with their chance. */
  hours?: [hour: number, use: number][];
  /** Refresh before expiry: the chance of another visit within the time to live after one. */
  again?: number;
}

/**
 * What an SDK tells of its decisions, by `POST /api/v1/prefill/events`: JSON, identity or gzip, at most 1 MiB on the wire. Sent
 * again after a fault, so that the same event may come twice, also from two instances (a decision of both has one id).
 * Answered as a batch is: `{"accepted":n,"rejected":[{"path","reason"}]}`.
 */
export interface PrefillReport {
  v: 1;
  service: string;
  environment: string;
  instance: string;
  /** What the app defines, told with every report that follows a start or a change. */
  definitions?: DefinitionReport[];
  events: PrefillEvent[];
}

export interface DefinitionReport {
  name: string;
  ttlSeconds: number;
  /** Signals that the definition names; empty means any first request of a session. */
  signals: string[];
}

export type PrefillEvent = DecisionEvent | FillEvent | VisitEvent;

/** Logged before it is acted on. */
export interface DecisionEvent {
  type: "decision";
  /** A UUID version 7, in lower case. Whether it is withheld follows from it and the plan's salt. */
  id: string;
  atMs: number;
  definition: string;
  user: string;
  /** Why now: `session` (first request of one), a route or a name given by the app, `refresh`, `clock`. */
  signal: string;
  arm: DecisionArm;
  /** The numbers it was taken by. */
  use: number;
  delta: number;
  costUs: number;
  price: number;
  /** The fill is worthless after this: the end of the window in which the first visit counts. */
  notAfterMs: number;
}

/** `fill`: filled. `withheld`: a control by chance. `held_out`: a user who is never filled. `observe`: only logged. */
export type DecisionArm = "fill" | "withheld" | "held_out" | "observe";

/** What became of the fill of a decision. */
export interface FillEvent {
  type: "fill";
  id: string;
  atMs: number;
  state: FillState;
  /** Work spent, in microseconds; 0 when it did not run. */
  tookUs: number;
  bytes: number;
}

/**
 * `filled`; `warm` (there already); `voided` (invalidated meanwhile); `failed` (load threw, hung, or gave what cannot be stored);
 * `late` (past its deadline, or the visit came first); `dropped` (brakes, budget, queue full); `undelivered` (queue down).
 */
export type FillState = "filled" | "warm" | "voided" | "failed" | "late" | "dropped" | "undelivered";

/** The first visit after a decision, within its window. */
export interface VisitEvent {
  type: "visit";
  /** The decision's id. */
  id: string;
  atMs: number;
  /** `hit`; `miss` (computed for this visit); `joined` (waited for a fill under way); `stale` (an expired value was served). */
  cache: CacheOutcome;
  /** The request's whole latency, in microseconds. */
  latencyUs: number;
}

export type CacheOutcome = "hit" | "miss" | "joined" | "stale";

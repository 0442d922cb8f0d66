import type { CacheOutcome, FillState } from "../../../wire/index.ts";

/** What `load` is told. */
export interface LoadContext {
  /** Whether a visitor waits for it, or it runs in the background. */
  reason: "visit" | "fill";
  /** Aborted when the result is of no use any more. */
  signal: AbortSignal;
}

/** One definition that a handler and the filler share; made by `defineCached`. */
export interface CachedDefinition<Value = unknown> {
  readonly name: string;
  readonly ttlSeconds: number;
  /** Signals that announce a visit: routes such as `POST /sign-in`, or names given to `prefill.signal`. Empty: any first request of a session. */
  readonly signals: readonly string[];
  /** The user's value, from the cache or by `load`. Rejects only with what `load` rejected with. */
  get(user: string): Promise<Value>;
  /** Removes the user's value; a fill or a load under way does not bring the old one back. */
  invalidate(user: string): Promise<void>;
  /** Fills the user's value in the background. Never rejects. */
  fill(user: string, order: FillOrder): Promise<FillResult>;
  /** Whether a visit of this user would have to compute now. False when the store cannot be asked. */
  isCold(user: string): Promise<boolean>;
  /** Remembers with the user's key that this decision waits for its first visit, in all processes of the store. */
  mark(user: string, decision: string, untilMs: number): Promise<void>;
}

export interface FillOrder {
  /** The decision that it is for. */
  decision: string;
  /** Not worth anything after this time, in milliseconds since the epoch. */
  notAfterMs: number;
  /** Refreshes a value that expires soon: it is computed anew although it is warm, and served until then. */
  refresh?: boolean;
  signal?: AbortSignal;
}

export interface FillResult {
  state: FillState;
  tookUs: number;
  bytes: number;
}

/** A visit to a definition, told when the request it was part of has ended (at once, outside of a request). */
export interface DefinitionVisit {
  definition: string;
  user: string;
  cache: CacheOutcome;
  /** The first visit after this decision, when there was one. */
  decision: string | undefined;
  /** The request's latency; outside of a request, that of `get`. */
  latencyUs: number;
  atMs: number;
}

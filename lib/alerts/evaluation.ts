import type { StoppedQuery } from "../query/stopped-queries.ts";
import type { WindowFigures } from "../query/window-figures.ts";

/** What a look at a series says. Only `breach` is bad news, and only `ok` is good news. */
export type Verdict = "ok" | "breach" | "no_data" | "too_few" | "could_not_ask";

/** What `value` and `threshold` are counted in. */
export type Unit = "us" | "share" | "requests" | "burn_rate" | "users" | "queries";

/** What was seen. */
export interface Observed {
  value: number | null;
  threshold: number;
  unit: Unit;
  /** Requests that it rests on; 0 where it rests on none, as of prefill and of stopped queries. */
  count: number;
  windowSeconds: number;
  percentile?: number;
  /** Of traffic: what there was a week before. */
  baseline?: number;
  /** Of stopped queries: the last of them, the last first. */
  stopped?: readonly StoppedQuery[];
}

export interface Evaluation {
  verdict: Verdict;
  observed: Observed | null;
  /** Why it is no answer, or what is behind it, in words. */
  why?: string;
}

/** A stretch that a rule looks at, relative to the time of the evaluation. */
export interface WindowNeed {
  windowSeconds: number;
  /** The stretch ends so long before the evaluation. */
  agoSeconds: number;
}

/** What is known of a stretch; `undefined`: it was not asked for yet. */
export type Look = (need: WindowNeed) => WindowFigures | undefined;

/** A rule that has to know more before it says anything. */
export interface Lacking {
  needs: WindowNeed[];
}

export const isLacking = (found: Evaluation | Lacking): found is Lacking => "needs" in found;

export const recent = (windowSeconds: number): WindowNeed => ({ windowSeconds, agoSeconds: 0 });

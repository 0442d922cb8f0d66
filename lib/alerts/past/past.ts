import type { Catalog } from "../catalog.ts";
import type { Blind } from "../closed.ts";
import type { Evaluation } from "../evaluation.ts";
import type { Subject } from "../subject.ts";

/** Moments of a back-test, Unix seconds: multiples of the step, both ends included. */
export interface Stretch {
  fromSeconds: number;
  toSeconds: number;
  stepSeconds: number;
}

/** What a rule would have said of a series at a moment. */
export interface Said {
  atSeconds: number;
  evaluation: Evaluation;
}

/** What it would have said of a series, the first moment first. */
export interface PastSeries {
  subject: Subject;
  said: Said[];
}

/** What a back-test goes by. */
export interface PastContext {
  catalog: Catalog;
  days: number;
  nowMs: number;
  blind: readonly Blind[];
}

/** What a rule would have said in a stretch. */
export interface Past {
  stretch: Stretch;
  series: PastSeries[];
  /** Whether the rule has more series than were looked at. */
  isLimited: boolean;
  /** What people have to know about it, one sentence each. */
  notes: string[];
}

import type { CacheOutcome, DecisionArm, FillState } from "../wire/index.ts";
import type { Range } from "./answers.ts";

/** What is answered about prefill. As in `answers.ts`: latencies in integer microseconds, times ISO 8601 in UTC. */
export interface PrefillSettingsAnswer {
  service: string;
  environment: string;
  /** `observe` logs decisions and fills nothing; `fill` fills; `stop` neither. */
  mode: "observe" | "fill" | "stop";
  modeSince: string;
  /** `slo`: fewest requests above the target. `p99`: the lowest p99 for the budget. */
  goal: "slo" | "p99";
  targetUs: number;
  /** `null`: a quarter of what visitors wait for computations now, on average. A number is a limit for every hour. */
  budgetSecondsPerHour: number | null;
  /** Share of decisions that are withheld as controls, and of users who are never filled. */
  withheldShare: number;
  holdOutShare: number;
  /** The latency that a hit is assumed to have where there is no cache yet; `null`: the endpoint's p10. */
  hitUs: number | null;
  /** Fills at once in one instance, and the p95 of the app's own requests above which they slow down (`null`: not watched). */
  concurrency: number;
  foregroundP95Us: number | null;
  changedAt: string;
  /** Who changed them last; `null`: nobody yet, or tailfill itself, with an incident. */
  changedBy: string | null;
}

/** A 95 % interval around an estimate. */
export interface IntervalAnswer {
  estimate: number;
  low: number;
  high: number;
}

/** Somebody worth filling. */
export interface PrefillCandidate {
  user: string;
  /** The name given to `defineCached`; where there is none, an endpoint as `GET /feed`. */
  definition: string;
  /** The endpoint whose requests use it most; `null` until that is found out. */
  endpointId: number | null;
  /** Misses of the target avoided per second of work. */
  value: number;
  /** Of somebody seen for less than a day: the visits so far. */
  visitsPerDay: number;
  missP95Us: number | null;
  fillCostUs: number;
  /** A sentence. */
  why: string;
  /** The last decision about this user there; `visit` is the first one after it. */
  last: { at: string; arm: DecisionArm; fill: FillState | null; visit: CacheOutcome | null } | null;
}

/** What users are planned for: a definition, or an endpoint where nothing is defined yet. */
export interface PrefillSubject {
  name: string;
  endpointId: number | null;
  /** `null`: not known, or an endpoint. */
  ttlSeconds: number | null;
  /** The latency above which its requests miss the target. */
  targetUs: number;
  /** For an endpoint: the latency that a hit is assumed to have. `null`: hits were measured. */
  assumedHitUs: number | null;
  /** Users worth filling at this budget. */
  candidates: number;
}

export interface PrefillPrediction {
  p99BeforeUs: number | null;
  p99AfterUs: number | null;
  p99AfterLowUs: number | null;
  p99AfterHighUs: number | null;
  missesAvoidedPerDay: number;
  fillSecondsPerHour: number;
}

/** What work buys. The first point is at no work: the p99 as it is. */
export interface PrefillFrontierPoint {
  fillSecondsPerHour: number;
  p99Us: number;
  p99LowUs: number | null;
  p99HighUs: number | null;
  missesAvoidedPerDay: number | null;
}

/** Whom to fill at a budget, and what that would do. */
export interface PrefillCandidatesAnswer {
  /** When it was computed. `null`: not yet; then there is nothing else to tell. */
  madeAt: string | null;
  /** The stretch it was learned from. */
  range: Range;
  /** `requests`: there is no `defineCached` yet, so every request counts as a miss, and hits are assumed. */
  basis: "definitions" | "requests";
  goal: "slo" | "p99";
  targetUs: number;
  budgetSecondsPerHour: number;
  /** What visitors wait for computations now, in seconds an hour. */
  missSecondsPerHour: number;
  subjects: PrefillSubject[];
  /** The most valuable first, at most as many as were asked for. */
  candidates: PrefillCandidate[];
  /** All that are worth filling at this budget. */
  candidateCount: number;
  predicted: PrefillPrediction;
  frontier: PrefillFrontierPoint[];
  tookMs: number;
}

/** First visits after decisions of one arm. */
export interface PrefillArm {
  visits: number;
  users: number;
  /** Of them, those above the target. */
  over: number;
}

/** Latencies of a group of users, for comparison. */
export interface GroupLatency {
  count: number;
  users: number;
  p50Us: number | null;
  p99Us: number | null;
}

/** A bin of the reliability chart. */
export interface ReliabilityBin {
  /**
   * Decisions whose chance of use was said to be in `[from, to)`, and how many a visit followed. Of those that were not worth a fill
   * only a share is logged, and each stands for the others.
   */
  from: number;
  to: number;
  decisions: number;
  visited: number;
  /** Decisions that were really logged: how sure the share is depends on them. */
  logged: number;
  /** The mean of what was said. */
  said: number;
}

/** What filling did, by intention to treat: whatever became of a fill, it counts where chance put it. */
export interface PrefillEffectAnswer {
  range: Range;
  targetUs: number;
  decisions: Record<DecisionArm, number>;
  fills: Record<FillState, number>;
  /** Of decisions to fill: first visits that hit, that waited for the fill, that got a stale value, that computed; and none at all. */
  used: number;
  joined: number;
  stale: number;
  missed: number;
  unused: number;
  filled: PrefillArm;
  withheld: PrefillArm;
  /** Share of withheld first visits above the target minus that of filled ones: what filling spares. */
  difference: IntervalAnswer | null;
  missesAvoided: number;
  fillSeconds: number;
  secondsPerMissAvoided: number | null;
  /** `works`, `harms`: the interval excludes zero. `unclear`: it does not. `too few`: visits for an interval worth the name. */
  verdict: "works" | "harms" | "unclear" | "too few";
  /** Users nobody ever decided to fill, in the range and in as long a stretch before filling was switched on: they pay if it does harm. */
  neverSelected: { now: GroupLatency; before: GroupLatency | null } | null;
  /** Users who are never filled by chance, against everybody else, in the range. */
  heldOut: { heldOut: GroupLatency; others: GroupLatency } | null;
  reliability: ReliabilityBin[];
  tookMs: number;
}

/** A step of prefill's history. */
export interface PrefillStep {
  at: string;
  /** Requests that use a definition, or of the planned endpoints, and the p99 that came of them. */
  count: number;
  p99Us: number | null;
  /** What was predicted of this step, by the mode it was in: without fills when nothing was filled. `null`: nothing was. */
  predictedUs: number | null;
  predictedLowUs: number | null;
  predictedHighUs: number | null;
  decisions: Record<DecisionArm, number>;
  /** What became of this step's decisions to fill; those not told yet are in none. */
  fills: Record<FillState, number>;
  /** First visits that hit after this step's decisions to fill, and fills that none came to in their window. */
  used: number;
  unused: number;
  fillSeconds: number;
  budgetSeconds: number | null;
}

export interface PrefillIncident {
  id: number;
  openedAt: string;
  /** When a person switched filling on again. */
  closedAt: string | null;
  kind: string;
  /** Why, in a sentence. */
  why: string;
}

export interface PrefillHistoryAnswer {
  range: Range;
  stepSeconds: number;
  steps: PrefillStep[];
  /** Newest first; those still open are there whatever the range. */
  incidents: PrefillIncident[];
  tookMs: number;
}

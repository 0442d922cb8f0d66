export {
  addToLogBuckets,
  HIGHEST_LOG_BUCKET,
  logBucketOf,
  mergeLogBuckets,
  quantileOfLogBuckets,
  topOfLogBucket,
  type LogBuckets,
} from "./log-buckets.ts";
export {
  addRepeat,
  FEW_REPEATS,
  mergeRepeats,
  MOST_PARENTS,
  noRepeats,
  type ParentSeen,
  type ParentSums,
  type Repeat,
  type RepeatSums,
} from "./repeat-sums.ts";
export {
  costOfRepeat,
  isProblem,
  judgeRepeat,
  REPEAT_KINDS,
  type Confidence,
  type RepeatCost,
  type RepeatKind,
  type RepeatVerdict,
} from "./repeat-verdict.ts";
export { shapeOf, type StatementShape } from "./statement-shape.ts";
export { logEvidence, percentileBounds, type Bounds } from "./quantile-bounds.ts";
export {
  addSample,
  durationsOf,
  mergeCells,
  SIZES,
  RAN,
  sizeOf,
  STRATEGIES,
  type Ran,
  type Strategy,
  type TrialCell,
  type TrialCells,
  type TrialSample,
} from "./trial-sums.ts";
export {
  analyseTrial,
  HARM_REASONS,
  harmIn,
  strategyCode,
  winnerOf,
  TRIAL_PERCENTILES,
  type ComparedPercentile,
  type Comparison,
  type Harm,
  type Measured,
  type TrialAnalysis,
  type TrialVerdict,
} from "./trial-verdict.ts";

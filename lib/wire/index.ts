export type {
  Batch,
  BatchHeader,
  BatchSource,
  BatchWindow,
  DecodedBatch,
  EndpointSeries,
  RecordedEndpoint,
  RecordedWindow,
  Rejection,
  Unkept,
  UserSeries,
} from "./batch.ts";
export { packBatches, unpackBatches } from "./batch-list.ts";
export { decodeBatch, decodeTrustedBatch } from "./decode.ts";
export { BATCH_MEDIA_TYPE, encodeBatch, encodeBatchInSlices } from "./encode.ts";
export { type Dialect, fingerprint } from "./fingerprint.ts";
export { instantOf, isCalendarDate } from "./instant.ts";
export { LOSS_REASONS, LOSS_TEXT, type LossReason, lossReasonOf, type LossUnit, lossUnitOf } from "./losses.ts";
export {
  BYTES_METHOD,
  CACHE_METHOD,
  type CachePart,
  cleanName,
  DATABASE_METHOD,
  isCached,
  isReserved,
  JOB_METHOD,
  LOAD_METHOD,
  LONGEST_NAME,
  MOST_ENDPOINTS,
  MOST_USER_SERIES,
  OTHER_ENDPOINT,
  OTHER_METHOD,
  OTHER_USERS,
  type Outcome,
  OUTCOMES,
  RESERVED_METHODS,
  REST_METHOD,
  STATEMENT_METHOD,
  STATEMENTS_METHOD,
  WRITE_METHOD,
  UNMATCHED,
} from "./names.ts";
export {
  databaseRoute,
  isStatementId,
  LONGEST_STATEMENT,
  type NamedEndpoint,
  OTHER_STATEMENTS_ID,
  readStatementRoute,
  STATEMENT_ID_LENGTH,
  statementRoute,
} from "./statement-names.ts";
export { parseJsonBatch } from "./parse-json.ts";
export { type BatchVisitor, checkWholeBatch, type IdColumn, WalkableBatch } from "./walk.ts";
export { WIRE_REASONS, WireError, type WireReason } from "./wire-error.ts";
export type {
  CacheOutcome,
  DecisionArm,
  DecisionEvent,
  DefinitionReport,
  FillEvent,
  FillState,
  PrefillEvent,
  PrefillReport,
  VisitEvent,
} from "./prefill-events.ts";
export {
  MOST_DEFINITIONS,
  MOST_PLANNED_USERS,
  type PlannedDefinition,
  type PlannedUser,
  type PrefillMode,
  type PrefillPlan,
  REFRESHED_AT,
  SAMPLED_SHARE,
} from "./prefill-plan.ts";
export {
  type InsightReport,
  type InsightSection,
  type InsightSections,
  KILL_ACTIONS,
  KILL_OUTCOMES,
  type KillAction,
  type KillOutcome,
  type KillReport,
  type RequestReport,
  SLOWEST_TOLD,
  STOPPED_BY,
  type StoppedBy,
  type StopReport,
  type StatementText,
} from "./insight-report.ts";
export type { BucketCounts, ParentReport, RepeatReport, TrialCellReport, TrialReport } from "./loading-report.ts";

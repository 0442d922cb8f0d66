import type { KillGroup, KillRow, ServiceStatement, SlowRequestRow, StopRow } from "../insight-answer-schemas.ts";
import type { RepeatRow, TrialRow } from "../loading-answer-schemas.ts";
import type { PrefillCandidate } from "../prefill-answers.ts";
import type { Cell, Columns } from "./table.ts";

export const serviceStatements = (percentiles: readonly number[]): Columns<ServiceStatement> => ({
  statement: (row) => row.statement,
  statementId: (row) => row.statementId,
  endpoint: (row) => row.endpoint.name,
  count: (row) => row.count,
  failed: (row) => row.failed,
  ...Object.fromEntries(
    percentiles.map((q) => [`p${q}Us`, (row: ServiceStatement) => row.percentiles[`p${q}Us`] ?? null]),
  ),
  maxUs: (row) => row.maxUs,
  totalUs: (row) => row.totalUs,
  share: (row) => row.share,
});

/** What guards did, and statements that were stopped otherwise, newest first. */
export const stoppedRows = (kills: readonly KillRow[], stops: readonly StopRow[]): (KillRow | StopRow)[] =>
  [...kills, ...stops].toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));

const ofGuard = (pick: (row: KillRow) => Cell) => (row: KillRow | StopRow) => ("action" in row ? pick(row) : null);

/** Of a statement that no guard has stopped, `action` is by what it was: `timeout`, `abort`, `other`. */
export const STOPPED: Columns<KillRow | StopRow> = {
  at: (row) => row.at,
  action: (row) => ("action" in row ? row.action : row.by),
  outcome: ofGuard((row) => row.outcome),
  statement: (row) => row.statement,
  statementId: (row) => row.statementId,
  endpoint: (row) => row.endpoint,
  op: ofGuard((row) => row.op),
  ageMs: (row) => ("action" in row ? row.ageMs : row.durationUs / 1_000),
  afterMs: ofGuard((row) => row.afterMs),
  reason: ofGuard((row) => row.reason),
  detail: ofGuard((row) => row.detail),
  rule: ofGuard((row) => row.rule),
  waitEvent: ofGuard((row) => row.waitEvent),
  applicationName: ofGuard((row) => row.applicationName),
  pid: (row) => row.pid,
  code: (row) => ("action" in row ? null : row.code),
  budgetMs: (row) => ("action" in row ? null : row.budgetMs),
  user: (row) => ("action" in row ? (row.request?.user ?? null) : row.user),
  traceId: (row) => ("action" in row ? (row.request?.traceId ?? null) : row.traceId),
};

export const SLOW_REQUESTS: Columns<SlowRequestRow> = {
  at: (row) => row.at,
  latencyUs: (row) => row.latencyUs,
  endpoint: (row) => row.endpoint.name,
  user: (row) => row.user,
  outcome: (row) => row.outcome,
  databaseUs: (row) => row.databaseUs,
  statements: (row) => row.statements,
  longestStatement: (row) => row.slowest[0]?.statement ?? null,
  longestStatementCount: (row) => row.slowest[0]?.count ?? null,
  longestStatementUs: (row) => row.slowest[0]?.durationUs ?? null,
  traceId: (row) => row.traceId,
};

export const STOPPED_GROUPS: Columns<KillGroup> = {
  statement: (row) => row.statement,
  statementId: (row) => row.statementId,
  endpoint: (row) => row.endpoint?.name ?? null,
  stopped: (row) => row.stopped,
  cancelled: (row) => row.cancelled,
  terminated: (row) => row.terminated,
  timedOut: (row) => row.timedOut,
  aborted: (row) => row.aborted,
  byOthers: (row) => row.byOthers,
  gone: (row) => row.gone,
  wouldCancel: (row) => row.wouldCancel,
  spared: (row) => row.spared,
  blockers: (row) => row.blockers,
  longestMs: (row) => row.longestMs,
  savedMs: (row) => row.savedMs,
  firstAt: (row) => row.firstAt,
  lastAt: (row) => row.lastAt,
  endpointP99Us: (row) => row.endpointP99Us,
};

export const REPEATED: Columns<RepeatRow> = {
  endpoint: (row) => row.endpoint.name,
  kind: (row) => row.kind,
  confidence: (row) => row.confidence,
  statement: (row) => row.statement,
  statementId: (row) => row.statementId,
  op: (row) => row.op,
  parentStatement: (row) => row.parentStatement,
  parentOp: (row) => row.parentOp,
  slope: (row) => row.slope,
  explained: (row) => row.explained,
  requests: (row) => row.requests,
  affected: (row) => row.affected,
  medianN: (row) => row.medianN,
  p95N: (row) => row.p95N,
  savedP95Us: (row) => row.savedP95Us,
  shareOfTime: (row) => row.shareOfTime,
  parallel: (row) => row.parallel,
  site: (row) => row.site,
  fix: (row) => row.fix,
};

/** A row for each percentile that a trial compares; a trial that compares none yet has one. */
export function trialRows(trials: readonly TrialRow[]): TrialLine[] {
  return trials.flatMap((trial): TrialLine[] => {
    const { percentiles } = trial;
    return percentiles.length === 0
      ? [{ trial, compared: null }]
      : percentiles.map((compared) => ({ trial, compared }));
  });
}

interface TrialLine {
  trial: TrialRow;
  compared: TrialRow["percentiles"][number] | null;
}

export const TRIALS: Columns<TrialLine> = {
  name: ({ trial }) => trial.name,
  op: ({ trial }) => trial.op,
  endpoint: ({ trial }) => trial.endpoint,
  verdict: ({ trial }) => trial.verdict,
  percentile: ({ compared }) => compared?.percentile ?? null,
  joinUs: ({ compared }) => compared?.join.valueUs ?? null,
  joinLowUs: ({ compared }) => compared?.join.lowUs ?? null,
  joinHighUs: ({ compared }) => compared?.join.highUs ?? null,
  queryUs: ({ compared }) => compared?.query.valueUs ?? null,
  queryLowUs: ({ compared }) => compared?.query.lowUs ?? null,
  queryHighUs: ({ compared }) => compared?.query.highUs ?? null,
  differenceLowUs: ({ compared }) => compared?.differenceLowUs ?? null,
  differenceHighUs: ({ compared }) => compared?.differenceHighUs ?? null,
  faster: ({ compared }) => compared?.faster ?? null,
  joinRequests: ({ trial }) => trial.requests.join,
  queryRequests: ({ trial }) => trial.requests.query,
  stopped: ({ trial }) => trial.stopped?.strategy ?? null,
};

export const CANDIDATES: Columns<PrefillCandidate> = {
  user: (row) => row.user,
  definition: (row) => row.definition,
  missesAvoidedPerSecond: (row) => row.value,
  visitsPerDay: (row) => row.visitsPerDay,
  missP95Us: (row) => row.missP95Us,
  fillCostUs: (row) => row.fillCostUs,
  why: (row) => row.why,
  lastAt: (row) => row.last?.at ?? null,
  lastArm: (row) => row.last?.arm ?? null,
  lastFill: (row) => row.last?.fill ?? null,
  lastVisit: (row) => row.last?.visit ?? null,
};

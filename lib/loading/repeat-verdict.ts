import { quantileOfLogBuckets } from "./log-buckets.ts";
import type { ParentSums, RepeatSums } from "./repeat-sums.ts";
import type { StatementShape } from "./statement-shape.ts";

/**
 * What repeats a statement. `n_plus_one`: it runs for each row of another one. `duplicates`: the same answer is asked for again.
 * `write_loop`: rows are written one by one. `batches`: lists of ids, one after the other. `fixed_loop`: a loop that has nothing to
 * do with rows, as polling, retries and pages. `unclear`: too few requests, or nothing varied.
 */
export const REPEAT_KINDS = ["n_plus_one", "duplicates", "write_loop", "batches", "fixed_loop", "unclear"] as const;
export type RepeatKind = (typeof REPEAT_KINDS)[number];
export type Confidence = "high" | "medium" | "low";

/** What should be changed in the app; the others are told only when they are asked for. */
export const isProblem = (kind: RepeatKind): boolean => PROBLEMS.has(kind);
const PROBLEMS: ReadonlySet<RepeatKind> = new Set<RepeatKind>(["n_plus_one", "duplicates", "write_loop"]);

export interface RepeatVerdict {
  kind: RepeatKind;
  confidence: Confidence;
  /** What it runs for; undefined when that is not known. */
  parent: ParentSums | undefined;
  /** Statements for each row of the parent, and how much of their number its rows explain (0…1). Null without a parent. */
  slope: number | null;
  explained: number | null;
}

/** How much it matters. Times in µs. */
export interface RepeatCost {
  requests: number;
  affected: number;
  medianN: number | null;
  p95N: number | null;
  /** What one statement instead of all would save: of the requests, 95 in a hundred would save at most that. */
  savedP95Us: number | null;
  /** Share of the requests' time in which at least one was on its way. */
  shareOfTime: number;
  /** Whether they run one after the other, or at the same time. */
  parallel: boolean;
}

/** Fewer requests tell nothing. */
const ENOUGH = 8;
/** Below one statement for five rows it is no loop over the rows. */
const LEAST_SLOPE = 0.2;
const EXPLAINED = 0.6;
const WELL_EXPLAINED = 0.85;

/** What repeats a statement, by the sums over its requests. */
export function judgeRepeat(
  { writes, list }: Pick<StatementShape, "writes" | "list">,
  sums: RepeatSums,
): RepeatVerdict {
  const best = bestParent(sums);
  const of = (kind: RepeatKind, confidence: Confidence, line?: Line): RepeatVerdict => {
    return { kind, confidence, parent: line?.parent, slope: line?.slope ?? null, explained: line?.explained ?? null };
  };
  const sure: Confidence = sums.requests >= ENOUGH ? "high" : "low";
  if (isAskedAgain(sums)) return of(isWaiting(sums) ? "fixed_loop" : "duplicates", sure, best);
  if (writes) return of(sums.failed * 2 > sums.n ? "fixed_loop" : "write_loop", sure, best);
  if (sums.requests < ENOUGH) return of("unclear", "low", best);
  if (best !== undefined && isLoopOver(best)) return of(list ? "batches" : "n_plus_one", confidenceIn(best), best);
  if (list) return of("batches", "medium", best);
  return withoutParent(sums, of);
}

/** Nothing explains the number: a loop of its own, unless there was nothing that could have explained it. */
function withoutParent(
  sums: RepeatSums,
  of: (kind: RepeatKind, confidence: Confidence, line?: Line) => RepeatVerdict,
): RepeatVerdict {
  const alike = sums.parents.find((parent) => isOncePerRow(parent, sums));
  if (alike !== undefined) return of("n_plus_one", "low", lineOf(alike));
  const compared = sums.parents.some((parent) => parent.requests * 2 > sums.requests && variance(parent).rows > 0);
  if (sums.parents.length === 0) return of("fixed_loop", "medium");
  return of(compared ? "fixed_loop" : "unclear", compared ? "high" : "low");
}

/** Pages of a fixed length never vary. That many different statements for as many rows, in every request, is no chance. */
function isOncePerRow(parent: ParentSums, { requests, distinct, n }: RepeatSums): boolean {
  return parent.exact === parent.requests && parent.requests === requests && distinct === n && variance(parent).n === 0;
}

/** One set of parameters, as a rule. */
function isAskedAgain({ requests, distinct, n }: RepeatSums): boolean {
  return distinct <= requests * 1.2 && n > requests * 1.5;
}

/** Polling and retries ask the same again on purpose: they wait, fail, or get another answer. */
function isWaiting({ requests, changed, paused, failed }: RepeatSums): boolean {
  return Math.max(changed, paused, failed) * 2 > requests;
}

/** The line through the requests: n over the parent's rows. */
interface Line {
  parent: ParentSums;
  slope: number;
  explained: number;
}

function isLoopOver({ slope, explained, parent }: Line): boolean {
  return slope >= LEAST_SLOPE && explained >= EXPLAINED && parent.requests >= ENOUGH;
}

function confidenceIn({ explained, parent }: Line): Confidence {
  if (explained < WELL_EXPLAINED) return "medium";
  return parent.requests >= 2 * ENOUGH || parent.exact === parent.requests ? "high" : "medium";
}

/** The parent that explains most. Of those that explain as much, the one of fewer statements: it is the outer one. */
function bestParent(sums: RepeatSums): Line | undefined {
  const lines = sums.parents.filter(({ requests }) => requests * 2 > sums.requests).map(lineOf);
  const most = Math.max(...lines.map(({ explained }) => explained));
  return lines
    .filter(({ explained }) => explained >= most - 0.05)
    .toSorted((a, b) => statementsPerRequest(a.parent) - statementsPerRequest(b.parent))[0];
}

function statementsPerRequest({ statements, requests }: ParentSums): number {
  return statements / requests;
}

/** The square of the correlation is what share of the variance of n the rows explain. */
function lineOf(parent: ParentSums): Line {
  const { requests, n, rows, nRows } = parent;
  const variances = variance(parent);
  const covariance = nRows / requests - (n / requests) * (rows / requests);
  if (variances.rows === 0 || variances.n === 0) return { parent, slope: 0, explained: 0 };
  const explained = covariance ** 2 / (variances.rows * variances.n);
  return { parent, slope: covariance / variances.rows, explained: Math.min(explained, 1) };
}

/** Sums of squares differ in their last digits where there is no variance at all. */
function variance({ requests, n, rows, nn, rowsRows }: ParentSums): { n: number; rows: number } {
  const of = (sum: number, squares: number): number => {
    const found = squares / requests - (sum / requests) ** 2;
    return found > 1e-9 * (squares / requests) ? found : 0;
  };
  return { n: of(n, nn), rows: of(rows, rowsRows) };
}

/** How much it matters. */
export function costOfRepeat(sums: RepeatSums): RepeatCost {
  const { requests, affected, counts, saved, busyUs, latencyUs, parallel } = sums;
  return {
    requests,
    affected,
    medianN: quantileOfLogBuckets(counts, 0.5),
    p95N: quantileOfLogBuckets(counts, 0.95),
    savedP95Us: quantileOfLogBuckets(saved, 0.95),
    shareOfTime: latencyUs > 0 ? Math.min(busyUs / latencyUs, 1) : 0,
    parallel: parallel * 2 > requests,
  };
}

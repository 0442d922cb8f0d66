import { percentile, totalOf, type Counts } from "../histogram/index.ts";
import { type Bounds, logEvidence, percentileBounds } from "./quantile-bounds.ts";
import { durationsOf, SIZES, STRATEGIES, sumOf, type Strategy, type TrialCell } from "./trial-sums.ts";

/** `mixed`: one is faster at some percentile and the other at another. */
export type TrialVerdict = Strategy | "no_difference_yet" | "mixed";

export const TRIAL_PERCENTILES = [50, 95, 99] as const;
/** Of trials without any difference, this share at most is ever told to have one: it is shared by percentiles and strategies. */
const ALPHA = 0.05;
const ALPHA_EACH = ALPHA / (TRIAL_PERCENTILES.length * STRATEGIES.length);

/** A percentile under one strategy. Null without requests. */
export interface Measured extends Bounds {
  valueUs: number | null;
}

export interface ComparedPercentile {
  percentile: number;
  join: Measured;
  query: Measured;
  /** What `query` takes more than `join`: negative where it is faster. Null where there is no bound yet. */
  differenceLowUs: number | null;
  differenceHighUs: number | null;
  /** The one whose whole range is below the other's. */
  faster: Strategy | undefined;
}

export interface Comparison {
  requests: Record<Strategy, number>;
  percentiles: ComparedPercentile[];
  verdict: TrialVerdict;
}

export interface TrialAnalysis extends Comparison {
  /** By records in the answer. Each has its own 5 %, apart from the whole. */
  bySize: (Comparison & { size: (typeof SIZES)[number] })[];
  errors: Record<Strategy, number>;
  /** Requests that ran otherwise than they were meant to. */
  fellBack: Record<Strategy, number>;
  /** Means by request. */
  statements: Record<Strategy, number | null>;
  databaseUs: Record<Strategy, number | null>;
}

/** Compares by what requests were assigned to, whatever then ran: only that is by chance alone. */
export function analyseTrial(cells: readonly TrialCell[]): TrialAnalysis {
  const bySize = SIZES.map((size, at) => ({ size, ...compare(cells.filter((cell) => cell.size === at)) }));
  const by = <Value>(of: (strategy: Strategy) => Value) => ({ join: of("join"), query: of("query") });
  const requests = by((strategy) => sumOf(cells, "requests", ({ assigned }) => assigned === strategy));
  const mean = (name: "statements" | "databaseUs") =>
    by((strategy) => {
      const sum = sumOf(cells, name, ({ assigned }) => assigned === strategy);
      return requests[strategy] === 0 ? null : sum / requests[strategy];
    });
  return {
    ...compare(cells),
    bySize: bySize.filter((each) => each.requests.join + each.requests.query > 0),
    errors: by((strategy) => sumOf(cells, "errors", ({ assigned }) => assigned === strategy)),
    fellBack: by((strategy) =>
      sumOf(cells, "requests", ({ assigned, ran }) => assigned === strategy && ran !== strategy && ran !== "unclear"),
    ),
    statements: mean("statements"),
    databaseUs: mean("databaseUs"),
  };
}

function compare(cells: readonly TrialCell[]): Comparison {
  const durations = {
    join: durationsOf(cells, ({ assigned }) => assigned === "join"),
    query: durationsOf(cells, ({ assigned }) => assigned === "query"),
  };
  const percentiles = TRIAL_PERCENTILES.map((q) => comparedAt(q, durations));
  const requests = { join: totalOf(durations.join), query: totalOf(durations.query) };
  return { requests, percentiles, verdict: verdictOf(percentiles) };
}

function comparedAt(q: number, durations: Record<Strategy, Counts>): ComparedPercentile {
  const [join, query] = STRATEGIES.map((strategy) => measured(durations[strategy], q)) as [Measured, Measured];
  return {
    percentile: q,
    join,
    query,
    differenceLowUs: join.highUs === null ? null : query.lowUs - join.highUs,
    differenceHighUs: query.highUs === null ? null : query.highUs - join.lowUs,
    faster: isBelow(join, query) ? "join" : isBelow(query, join) ? "query" : undefined,
  };
}

function measured(counts: Counts, q: number): Measured {
  return { valueUs: percentile(counts, q), ...percentileBounds(counts, q, ALPHA_EACH) };
}

function isBelow(one: Bounds, other: Bounds, factor = 1): boolean {
  return one.highUs !== null && one.highUs * factor < other.lowUs;
}

function verdictOf(percentiles: readonly ComparedPercentile[]): TrialVerdict {
  const faster = new Set(percentiles.map((each) => each.faster).filter((each) => each !== undefined));
  if (faster.size > 1) return "mixed";
  return [...faster][0] ?? "no_difference_yet";
}

export const HARM_REASONS = ["slow", "errors"] as const;

export interface Harm {
  strategy: Strategy;
  reason: (typeof HARM_REASONS)[number];
}

/** Of trials without harm, this share at most is ever stopped for errors. */
const ALPHA_ERRORS = 0.01;
/** Errors are few: every share is as likely beforehand, so that eleven in a row are enough. */
const UNIFORM = 2;

/**
 * The strategy that does harm: its p95 is `factor` times the other's, clearly, or its calls fail more often. As long as each is assigned
 * to half of the requests, an error falls to either by the same chance.
 */
export function harmIn(cells: readonly TrialCell[], factor: number): Harm | undefined {
  const [join, query] = STRATEGIES.map((strategy) => of(cells, strategy)) as [Arm, Arm];
  const pairs: [Strategy, Arm, Arm][] = [
    ["join", join, query],
    ["query", query, join],
  ];
  for (const [strategy, own, other] of pairs) {
    if (isRefused(own.errors, other.errors)) return { strategy, reason: "errors" };
    if (isBelow(other.p95, own.p95, factor)) return { strategy, reason: "slow" };
  }
  return undefined;
}

interface Arm {
  errors: number;
  p95: Bounds;
}

function of(cells: readonly TrialCell[], strategy: Strategy): Arm {
  const own = (cell: TrialCell): boolean => cell.assigned === strategy;
  return {
    errors: sumOf(cells, "errors", own),
    p95: percentileBounds(durationsOf(cells, own), 95, ALPHA_EACH),
  };
}

function isRefused(errors: number, others: number): boolean {
  return errors > others && logEvidence(errors, errors + others, 0.5, UNIFORM) >= Math.log(1 / ALPHA_ERRORS);
}

/** The strategy to write: the one that was not stopped, or that is faster; undefined while there is none. */
export function winnerOf(verdict: TrialVerdict, harm: Harm | undefined): Strategy | undefined {
  if (harm !== undefined) return harm.strategy === "join" ? "query" : "join";
  return verdict === "join" || verdict === "query" ? verdict : undefined;
}

/** As code. `op` is model and method, as `Post.findMany`. */
export function strategyCode(op: string, strategy: Strategy | undefined): string | undefined {
  if (strategy === undefined) return undefined;
  return `prisma.${op.charAt(0).toLowerCase()}${op.slice(1)}({ …, relationLoadStrategy: "${strategy}" })`;
}

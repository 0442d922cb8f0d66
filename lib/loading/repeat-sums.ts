import { addToLogBuckets, mergeLogBuckets, type LogBuckets } from "./log-buckets.ts";

/** How often a statement must run in one request to be looked at: from then on, all requests of its endpoint are. */
export const FEW_REPEATS = 5;
/** Statements that may have been the reason of a repeated one. More are not compared. */
export const MOST_PARENTS = 6;

/** A statement that ran several times in one request. */
export interface Repeat {
  /** How often. */
  n: number;
  /** How many different sets of parameters there were. */
  distinct: number;
  rows: number;
  failed: number;
  /** Whether the same parameters gave another number of rows than just before. */
  changed: boolean;
  /** Whether most of them came after a pause: somebody waits for something. */
  paused: boolean;
  /** Whether any were on their way at the same time. */
  parallel: boolean;
  /** How long at least one of them was on its way. */
  busyUs: number;
  /** The latency of the request. */
  latencyUs: number;
}

/** A statement that was answered before the first of the repeated ones, in one request. */
export interface ParentSeen {
  fingerprint: string;
  op: string | undefined;
  /** All its rows in this request, and how many statements gave them. */
  rows: number;
  statements: number;
}

/** Sums over the requests in which both ran. `n` is the repeated statement's, `rows` the parent's. */
export interface ParentSums {
  fingerprint: string;
  op: string | undefined;
  requests: number;
  statements: number;
  n: number;
  rows: number;
  nn: number;
  rowsRows: number;
  nRows: number;
  /** Requests in which the repeated statement ran once for each row, exactly. */
  exact: number;
}

/** Sums over the requests of an endpoint in which a statement ran at all. They add up over instances and hours. */
export interface RepeatSums {
  requests: number;
  /** Requests in which it ran `FEW_REPEATS` times or more. */
  affected: number;
  n: number;
  nn: number;
  distinct: number;
  rows: number;
  failed: number;
  /** Requests that were so: see `Repeat`. */
  changed: number;
  paused: number;
  parallel: number;
  busyUs: number;
  latencyUs: number;
  /** Requests by n, and by what one statement in place of all would have saved, in µs. */
  counts: LogBuckets;
  saved: LogBuckets;
  parents: ParentSums[];
}

export function noRepeats(): RepeatSums {
  const none = { requests: 0, affected: 0, n: 0, nn: 0, distinct: 0, rows: 0, failed: 0 };
  const flags = { changed: 0, paused: 0, parallel: 0, busyUs: 0, latencyUs: 0 };
  return { ...none, ...flags, counts: new Map(), saved: new Map(), parents: [] };
}

/** Adds a request. `parents` may be any number: those that are not known yet are taken while there is room. */
export function addRepeat(sums: RepeatSums, repeat: Repeat, parents: readonly ParentSeen[]): void {
  const { n } = repeat;
  sums.requests++;
  if (n >= FEW_REPEATS) sums.affected++;
  sums.n += n;
  sums.nn += n * n;
  for (const name of ["distinct", "rows", "failed", "busyUs", "latencyUs"] as const) sums[name] += repeat[name];
  for (const name of ["changed", "paused", "parallel"] as const) sums[name] += Number(repeat[name]);
  addToLogBuckets(sums.counts, n);
  addToLogBuckets(sums.saved, (repeat.busyUs * (n - 1)) / n);
  for (const parent of parents) addParent(sums, n, parent);
}

function addParent(sums: RepeatSums, n: number, { fingerprint, op, rows, statements }: ParentSeen): void {
  const parent = parentOf(sums, { fingerprint, op });
  if (parent === undefined) return;
  parent.requests++;
  parent.statements += statements;
  parent.n += n;
  parent.rows += rows;
  parent.nn += n * n;
  parent.rowsRows += rows * rows;
  parent.nRows += n * rows;
  if (n === rows) parent.exact++;
}

function parentOf({ parents }: RepeatSums, about: Pick<ParentSums, "fingerprint" | "op">): ParentSums | undefined {
  const known = parents.find(({ fingerprint, op }) => fingerprint === about.fingerprint && op === about.op);
  if (known !== undefined || parents.length >= MOST_PARENTS) return known;
  const none = { requests: 0, statements: 0, n: 0, rows: 0, nn: 0, rowsRows: 0, nRows: 0, exact: 0 };
  const added: ParentSums = { ...about, ...none };
  parents.push(added);
  return added;
}

const ADDED = ["requests", "affected", "n", "nn", "distinct", "rows", "failed"] as const;
const ADDED_TOO = ["changed", "paused", "parallel", "busyUs", "latencyUs"] as const;
const ADDED_OF_PARENT = ["requests", "statements", "n", "rows", "nn", "rowsRows", "nRows", "exact"] as const;

/** Adds the sums of another instance or hour. */
export function mergeRepeats(into: RepeatSums, from: RepeatSums): void {
  for (const name of [...ADDED, ...ADDED_TOO]) into[name] += from[name];
  mergeLogBuckets(into.counts, from.counts);
  mergeLogBuckets(into.saved, from.saved);
  for (const parent of from.parents) {
    const own = parentOf(into, { fingerprint: parent.fingerprint, op: parent.op });
    if (own !== undefined) for (const name of ADDED_OF_PARENT) own[name] += parent[name];
  }
}

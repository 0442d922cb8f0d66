import type { CacheOutcome } from "../../../wire/index.ts";
import { requestUnderWay, type Visit } from "../context.ts";
import { reportLoneVisit } from "./report.ts";

/** More definitions and users in one request than this are visits of their own. */
const MOST_IN_A_REQUEST = 64;

/** Notes that a user's value is asked for. All that one request asks for the same value is one visit. */
export function beginVisit(definition: string, user: string): Visit {
  const context = requestUnderWay();
  const known = context?.visits.find((visit) => visit.user === user && visit.definition === definition);
  if (known) return known;
  const isPart = context !== undefined && context.visits.length < MOST_IN_A_REQUEST;
  const visit: Visit = { definition, user, isPart, cache: undefined, decision: undefined };
  if (isPart) context.visits.push(visit);
  return visit;
}

/** What came first counts: what a request asks for again is there already. */
export function settleVisit(visit: Visit, cache: CacheOutcome, decision: string | undefined): void {
  visit.cache ??= cache;
  visit.decision ??= decision;
}

/** Tells of a visit outside of a request. Within one, the request's end tells. */
export function endVisit(visit: Visit, latencyUs: number, atMs: number): void {
  if (!visit.isPart) reportLoneVisit(visit, Math.round(latencyUs), atMs);
}

import { type CatalogEndpoint, findEndpoints } from "../store/catalog.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { ENDPOINT_TIERS, type Tier } from "../store/tiers.ts";
import { TailfillError } from "../errors.ts";
import type { Nothing } from "./answers.ts";
import { nothingMatched, type Scope } from "./frame.ts";
import { align, finestTierAt, type Span, widen } from "./plan.ts";
import { rangeOf } from "./time.ts";

/** The range of a question, as far as it goes without the database. */
export interface Reading {
  /** What is really read; what was asked for when all of it has expired. */
  range: Span;
  expired: boolean;
  nowSeconds: number;
}

/**
 * Aligns a question's range to the windows of some tiers.
 * @throws TailfillError `bad_request` when the range does not end after its start.
 */
export function readingOf(
  question: { from: string; to: string },
  nowMs: number,
  tiers: readonly Tier[] = ENDPOINT_TIERS,
): Reading {
  const nowSeconds = nowMs / 1_000;
  const asked = widen(rangeOf(question, nowMs));
  const range = align(asked, tiers, nowSeconds);
  return { range: range ?? asked, expired: range === null, nowSeconds };
}

/** The widest window, seconds, that a range needs at its start. */
export function windowAtStart({ range, nowSeconds }: Reading, tiers: readonly Tier[] = ENDPOINT_TIERS): number {
  return tiers[finestTierAt(tiers, range.fromSeconds, nowSeconds) ?? tiers.length - 1]!.windowSeconds;
}

/** The endpoints of a scope: each, and the rows that stand for all of a service and environment. */
export interface Matched {
  endpoints: CatalogEndpoint[];
  totals: CatalogEndpoint[];
  /** Why there are none, if there are none. */
  nothing: Nothing | null;
}

export async function matchedBy(connection: Snapshot, scope: Scope): Promise<Matched> {
  const found = await findEndpoints(connection, scope);
  const endpoints = found.filter(({ total }) => !total);
  const totals = found.filter(({ total }) => total);
  const nothing = endpoints.length === 0 ? await nothingMatched(connection, totals.length > 0) : null;
  return { endpoints, totals, nothing };
}

/**
 * The endpoint of an id.
 * @throws TailfillError `not_found`
 */
export async function endpointById(connection: Snapshot, id: number): Promise<CatalogEndpoint> {
  const [found] = Number.isSafeInteger(id) && id > 0 && id < 2 ** 31 ? await findEndpoints(connection, { id }) : [];
  if (found === undefined || found.total) throw new TailfillError("not_found", `There is no endpoint ${id}.`);
  return found;
}

import { knowsAnyEndpoint, lossesIn, releasesIn, type ScopedLoss, type ScopedRange } from "../store/catalog.ts";
import { firstWindow } from "../store/first-window.ts";
import { coarseIn } from "../store/otlp-coarse.ts";
import type { Snapshot } from "../store/snapshot.ts";
import type { AnswerFrame, Coarse, LossCount, Nothing, Range, ReleaseMark } from "./answers.ts";
import { coveredSeconds } from "./covered.ts";
import { sumByReason } from "./sum-by-reason.ts";
import type { Span } from "./plan.ts";
import { isoOf } from "./time.ts";

/** Which service and environment an answer is about; all where it is left out. */
export interface Scope {
  service?: string | undefined;
  environment?: string | undefined;
}

export const rangeText = ({ fromSeconds, toSeconds }: Span): Range => ({
  from: isoOf(fromSeconds),
  to: isoOf(toSeconds),
});

const scoped = (scope: Scope, range: Span): ScopedRange => ({
  service: scope.service,
  environment: scope.environment,
  fromMs: range.fromSeconds * 1_000,
  toMs: range.toSeconds * 1_000,
});

/** What every answer tells of the scope that it is about. */
export interface ScopeFacts {
  losses: LossCount[];
  /** When the first request of the scope was counted, Unix seconds; `null`: none ever was. */
  firstSeconds: number | null;
  /** How far off percentiles may be; `null`: no further than ever. */
  coarse?: Coarse | null;
}

export async function factsOf(connection: Snapshot, scope: Scope, range: Span): Promise<ScopeFacts> {
  const losses = sumByReason(await scopedLosses(connection, scope, range));
  const firstSeconds = await firstWindow(connection, scope);
  return { losses, firstSeconds, coarse: await coarseIn(connection, scoped(scope, range)) };
}

/** The losses of a scope in a range. They are kept by the minute: the range counts outwards to minutes. */
export function scopedLosses(connection: Snapshot, scope: Scope, range: Span): Promise<ScopedLoss[]> {
  return lossesIn(connection, scoped(scope, toMinutes(range)));
}

export const toMinutes = ({ fromSeconds, toSeconds }: Span): Span => ({
  fromSeconds: Math.floor(fromSeconds / 60) * 60,
  toSeconds: Math.ceil(toSeconds / 60) * 60,
});

export async function releaseMarks(connection: Snapshot, scope: Scope, range: Span): Promise<ReleaseMark[]> {
  const rows = await releasesIn(connection, scoped(scope, range));
  return rows.map(({ atMs, release }) => ({ at: new Date(atMs).toISOString(), release }));
}

/**
 * Why there is nothing to see when no endpoint matches the filter; `null` when that lies in the range alone.
 * @param isKnown whether the service and environment are: one of which all was lost has no endpoints
 */
export async function nothingMatched(connection: Snapshot, isKnown: boolean): Promise<Nothing | null> {
  if (!(await knowsAnyEndpoint(connection))) return "nothing_sent_yet";
  return isKnown ? null : "filtered_out";
}

/** Measures from its making to the frame of the answer. */
export class Stopwatch {
  private readonly startedMs = performance.now();

  frame(range: Span, told: ScopeFacts & { nothing: Nothing | null; nowSeconds: number }): AnswerFrame {
    const { losses, nothing, firstSeconds, nowSeconds, coarse } = told;
    const tookMs = Math.round((performance.now() - this.startedMs) * 10) / 10;
    const covered = coveredSeconds(range, firstSeconds, nowSeconds);
    return { range: rangeText(range), coveredSeconds: covered, losses, nothing, ...(coarse ? { coarse } : {}), tookMs };
  }
}

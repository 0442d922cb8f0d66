import { knowsAnyEndpoint, lossesIn, releasesIn, type ScopedRange } from "../store/catalog.ts";
import type { Snapshot } from "../store/snapshot.ts";
import type { AnswerFrame, LossCount, Nothing, Range, ReleaseMark } from "./answers.ts";
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

/** The losses of a scope in a range, by reason. They are kept by the minute: the range counts outwards to minutes. */
export async function lossesOf(connection: Snapshot, scope: Scope, range: Span): Promise<LossCount[]> {
  const rows = await lossesIn(connection, scoped(scope, toMinutes(range)));
  return sumByReason(rows);
}

export const toMinutes = ({ fromSeconds, toSeconds }: Span): Span => ({
  fromSeconds: Math.floor(fromSeconds / 60) * 60,
  toSeconds: Math.ceil(toSeconds / 60) * 60,
});

export async function releaseMarks(connection: Snapshot, scope: Scope, range: Span): Promise<ReleaseMark[]> {
  const rows = await releasesIn(connection, scoped(scope, range));
  return rows.map(({ atMs, release }) => ({ at: new Date(atMs).toISOString(), release }));
}

/** Why there is nothing to see when no endpoint matches the filter. */
export async function nothingMatched(connection: Snapshot): Promise<Nothing> {
  return (await knowsAnyEndpoint(connection)) ? "filtered_out" : "nothing_sent_yet";
}

/** Measures from its making to the frame of the answer. */
export class Stopwatch {
  private readonly startedMs = performance.now();

  frame(range: Span, rest: { losses?: LossCount[]; nothing: Nothing | null }): AnswerFrame {
    const tookMs = Math.round((performance.now() - this.startedMs) * 10) / 10;
    return { range: rangeText(range), losses: rest.losses ?? [], nothing: rest.nothing, tookMs };
  }
}

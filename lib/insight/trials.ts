import {
  analyseTrial,
  mergeCells,
  strategyCode,
  winnerOf,
  type Comparison,
  type TrialCell,
  type TrialCells,
} from "../loading/index.ts";
import type { InsightTrialsAnswer, TrialRow } from "../query/loading-answer-schemas.ts";
import type { QuestionOf } from "../query/question.ts";
import { readingOf } from "../query/reading.ts";
import type { Db } from "../store/db.ts";
import { type StoredTrial, trialsIn } from "../store/insight-loading.ts";
import { findScope } from "../store/scopes.ts";
import { hoursOf, MOST_ROWS } from "./hours.ts";

/**
 * Trials of join against query in a range, the hours of all instances together.
 * @throws TailfillError `bad_request` for a bad range
 */
export async function insightTrials(
  db: Db,
  question: QuestionOf<"insightTrials">,
  nowMs: number,
): Promise<InsightTrialsAnswer> {
  const { range, span } = hoursOf(readingOf(question, nowMs));
  const scope = await findScope(db, question.service, question.environment);
  const rows = scope === null ? [] : await trialsIn(db, scope.id, span);
  const names = [...new Set(rows.map(({ trial }) => trial))].sort().slice(0, question.limit);
  const trials = names.map((name) => rowOf(rows.filter(({ trial }) => trial === name)));
  return { range, trials, partial: rows.length >= MOST_ROWS };
}

/** The hours of one trial, the last ones first: they say what is tried. */
function rowOf(hours: readonly StoredTrial[]): TrialRow {
  const { trial: name, about } = hours[0]!;
  const { op, endpoint } = about;
  const cells: TrialCells = [];
  for (const each of hours) mergeCells(cells, each.about.cells.map(cellOf));
  const stopped = hours.find(({ about: { stopped: harm } }) => harm !== null)?.about.stopped ?? null;
  const checks = { same: 0, different: 0, skipped: 0 };
  for (const found of ["same", "different", "skipped"] as const)
    for (const each of hours) checks[found] += each.about.checks[found];
  const { bySize, ...whole } = analyseTrial(cells);
  const winner = checks.different > 0 ? undefined : winnerOf(whole.verdict, stopped ?? undefined);
  return {
    name,
    op,
    endpoint,
    stopped,
    checks,
    ...whole,
    ...told(whole),
    bySize: bySize.map((each) => ({ ...told(each), size: each.size })),
    code: strategyCode(op, winner) ?? null,
  };
}

function told({ requests, verdict, percentiles }: Comparison) {
  return { requests, verdict, percentiles: percentiles.map((each) => ({ ...each, faster: each.faster ?? null })) };
}

function cellOf({ durations, ...cell }: StoredTrial["about"]["cells"][number]): TrialCell {
  return { ...cell, durations: new Map(durations) };
}

import type { AlertMark, AlertMarksAnswer } from "../query/alert-board-answers.ts";
import type { QuestionOf } from "../query/question.ts";
import { rangeOf } from "../query/time.ts";
import { type MarkRow, marksIn } from "../store/alert-marks.ts";
import type { Connection } from "../store/db.ts";
import { endpointOf } from "./incidents.ts";
import { iso } from "./rules.ts";
import type { About } from "./subject.ts";

/** More than that no chart can show. */
const MOST_MARKS = 500;

/**
 * When something fired, to be marked on charts.
 * @throws TailfillError `bad_request` for a bad range
 */
export async function alertMarks(
  db: Connection,
  question: QuestionOf<"alertMarks">,
  nowMs: number,
): Promise<AlertMarksAnswer> {
  const { fromSeconds, toSeconds } = rangeOf(question, nowMs);
  const { endpoint: endpointId, user, rule: ruleId, incident: incidentId, service, environment } = question;
  const rows = await marksIn(db, {
    ...{ fromMs: fromSeconds * 1_000, toMs: toSeconds * 1_000, limit: MOST_MARKS + 1 },
    ...{ endpointId, user, ruleId, incidentId, service, environment },
  });
  return { marks: rows.slice(0, MOST_MARKS).map(markOf), isLimited: rows.length > MOST_MARKS };
}

function markOf({ incidentId, ruleName, severity, about, firedAtMs, resolvedAtMs }: MarkRow): AlertMark {
  return {
    incident: incidentId,
    rule: ruleName,
    severity: severity as AlertMark["severity"],
    endpoint: endpointOf(about as About),
    user: (about as About).user ?? null,
    from: iso(firedAtMs)!,
    to: iso(resolvedAtMs),
  };
}

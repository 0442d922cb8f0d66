import type { AlertMark, AlertMarksAnswer, AlertsNowAnswer } from "../query/alert-board-answers.ts";
import type { QuestionOf } from "../query/question.ts";
import { rangeOf } from "../query/time.ts";
import { firingNow, type MarkRow, marksIn } from "../store/alert-marks.ts";
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
    fromMs: fromSeconds * 1_000,
    toMs: toSeconds * 1_000,
    endpointId,
    user,
    ruleId,
    incidentId,
    service,
    environment,
    limit: MOST_MARKS + 1,
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

/** What fires and is not muted. */
export async function alertsNow(db: Connection): Promise<AlertsNowAnswer> {
  const rows = await firingNow(db);
  return {
    incidents: new Set(rows.map(({ incidentId }) => incidentId)).size,
    endpoints: rows.flatMap(({ endpointId, incidentId, ruleName }) =>
      endpointId === null ? [] : [{ id: endpointId, incident: incidentId, rule: ruleName }],
    ),
  };
}

import type { Db } from "../store/db.ts";
import { snapshot } from "../store/snapshot.ts";
import { ENDPOINT_TIERS } from "../store/tiers.ts";
import type { EndpointsAnswer } from "./answers.ts";
import { endpointRowsOf, trendSteps } from "./endpoint-rows.ts";
import { fetchEndpointRows } from "./endpoint-windows.ts";
import { lossesOf, Stopwatch } from "./frame.ts";
import { segmentsOf } from "./plan.ts";
import type { QuestionOf } from "./question.ts";
import { matchedBy, readingOf, windowAtStart } from "./reading.ts";

/**
 * The endpoints of a scope that had requests in a range, worst first: most time lost beyond their median.
 * @throws TailfillError `bad_request` when the range does not end after its start.
 */
export async function endpoints(db: Db, question: QuestionOf<"endpoints">, nowMs: number): Promise<EndpointsAnswer> {
  const watch = new Stopwatch();
  const reading = readingOf(question, nowMs);
  const { range, expired } = reading;
  const steps = trendSteps(range, windowAtStart(reading));
  const read = await snapshot(db, async (connection) => {
    const matched = await matchedBy(connection, question);
    const ids = expired ? [] : matched.endpoints.map(({ id }) => id);
    const rows = await fetchEndpointRows(connection, ids, segmentsOf(range, ENDPOINT_TIERS, steps.stepSeconds));
    return { matched, rows, losses: await lossesOf(connection, question, range) };
  });
  const { matched, rows, losses } = read;
  const found = await endpointRowsOf({ catalog: matched.endpoints, rows, steps, percentiles: question.percentiles });
  const nothing = matched.nothing ?? (expired ? "expired" : found.length === 0 ? "none_in_range" : null);
  return { ...watch.frame(range, { losses, nothing }), trendStepSeconds: steps.stepSeconds, endpoints: found };
}

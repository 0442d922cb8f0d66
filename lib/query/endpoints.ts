import type { Db } from "../store/db.ts";
import { snapshot } from "../store/snapshot.ts";
import { ENDPOINT_TIERS } from "../store/tiers.ts";
import type { EndpointsAnswer } from "./answers.ts";
import { rankedEndpoints, trendSteps } from "./endpoint-rows.ts";
import { factsOf, Stopwatch } from "./frame.ts";
import { keptSumsOf } from "./kept-sums.ts";
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
  const segments = expired ? [] : segmentsOf(range, ENDPOINT_TIERS, steps.stepSeconds);
  const { matched, facts, found } = await snapshot(db, async (connection) => {
    const matched = await matchedBy(connection, question);
    const facts = await factsOf(connection, question, range);
    const { percentiles } = question;
    const source = { connection, kept: keptSumsOf(db), nowSeconds: reading.nowSeconds };
    const found = await rankedEndpoints(source, matched.endpoints, { range, segments, steps, percentiles });
    return { matched, facts, found };
  });
  const nothing = matched.nothing ?? (expired ? "expired" : found.length === 0 ? "none_in_range" : null);
  return {
    ...watch.frame(range, { ...facts, nothing, nowSeconds: reading.nowSeconds }),
    trendStepSeconds: steps.stepSeconds,
    endpoints: found,
  };
}

import type { Db } from "../store/db.ts";
import { type Snapshot, snapshot } from "../store/snapshot.ts";
import { USER_TIERS } from "../store/tiers.ts";
import { userKey } from "../store/user-key.ts";
import { cleanName } from "../wire/names.ts";
import type { UserAxisAnswer } from "./answers.ts";
import { axisOf } from "./axis.ts";
import { factsOf, Stopwatch } from "./frame.ts";
import { segmentsOf } from "./plan.ts";
import type { QuestionOf } from "./question.ts";
import { endpointById, type Reading, readingOf } from "./reading.ts";
import { nothingIn } from "./series.ts";
import { Tally } from "./tally.ts";
import { eachOfUser, fetchUserRows } from "./user-windows.ts";

type Question = QuestionOf<"userAxis"> & { endpointId: number };

/**
 * How one user's requests to one endpoint are distributed, to be drawn beside everybody's. A user nobody has seen is a user
 * without requests, not an error.
 * @throws TailfillError `not_found` for an unknown endpoint, `bad_request` for a bad range.
 */
export async function userAxis(db: Db, question: Question, nowMs: number): Promise<UserAxisAnswer> {
  const watch = new Stopwatch();
  const reading = readingOf(question, nowMs, USER_TIERS);
  const { rows, key, facts } = await snapshot(db, (connection) => fetchUser(connection, question, reading));
  const tally = new Tally();
  eachOfUser(rows, key, (payload) => tally.addUnknown(payload));
  return {
    ...watch.frame(reading.range, { ...facts, nothing: nothingIn(reading, [tally]), nowSeconds: reading.nowSeconds }),
    user: question.id,
    count: tally.count,
    axis: axisOf(tally.counts),
  };
}

async function fetchUser(connection: Snapshot, { endpointId, id }: Question, { range, expired }: Reading) {
  const endpoint = await endpointById(connection, endpointId);
  const key = userKey(endpoint.service, cleanName(id));
  const segments = expired ? [] : segmentsOf(range, USER_TIERS);
  const rows = await fetchUserRows(connection, [endpoint.id], { segments, key });
  return { rows, key, facts: await factsOf(connection, endpoint, range) };
}

import { rangeText } from "../query/frame.ts";
import type { InsightRequestsAnswer } from "../query/insight-answer-schemas.ts";
import type { QuestionOf } from "../query/question.ts";
import { readingOf } from "../query/reading.ts";
import { endpointIdsByName } from "../store/database-series.ts";
import type { Db } from "../store/db.ts";
import { requestsIn, type StoredRequest } from "../store/insight-requests.ts";
import { textsOf } from "../store/insight-statements.ts";
import { findScope } from "../store/scopes.ts";
import { snapshot } from "../store/snapshot.ts";

/**
 * The slowest single requests of a range, of one endpoint or user when named, and what their time went to.
 * @throws TailfillError `bad_request` for a bad range
 */
export async function insightRequests(
  db: Db,
  question: QuestionOf<"insightRequests">,
  nowMs: number,
): Promise<InsightRequestsAnswer> {
  const { range } = readingOf(question, nowMs);
  const scope = await findScope(db, question.service, question.environment);
  if (scope === null) return { range: rangeText(range), requests: [] };
  return snapshot(db, async (connection) => {
    const ids = await endpointIdsByName(connection, question);
    const endpoint = nameOf(ids, question.endpoint);
    const span = { fromMs: range.fromSeconds * 1_000, toMs: range.toSeconds * 1_000, limit: question.limit };
    const isUnknown = question.endpoint !== undefined && endpoint === undefined;
    const found = isUnknown ? [] : await requestsIn(connection, scope.id, { ...span, endpoint, user: question.user });
    const wanted = new Set(found.flatMap(({ about }) => about.slowest.map(({ statementId }) => statementId)));
    const texts = await textsOf(connection, scope.serviceId, [...wanted]);
    return { range: rangeText(range), requests: found.map((request) => rowOf(request, { ids, texts })) };
  });
}

function nameOf(ids: ReadonlyMap<string, number>, id: number | undefined): string | undefined {
  return id === undefined ? undefined : [...ids].find(([, known]) => known === id)?.[0];
}

function rowOf(
  { id, endpoint, user, latencyUs, atMs, about }: StoredRequest,
  { ids, texts }: { ids: ReadonlyMap<string, number>; texts: ReadonlyMap<string, string> },
): InsightRequestsAnswer["requests"][number] {
  const slowest = about.slowest.map((one) => ({ ...one, statement: texts.get(one.statementId) ?? null }));
  const named = { name: endpoint, id: ids.get(endpoint) ?? null };
  return { id, at: new Date(atMs).toISOString(), user, latencyUs, ...about, endpoint: named, slowest };
}

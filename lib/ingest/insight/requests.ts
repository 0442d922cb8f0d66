import { countRequests, hourOfRequest, REQUESTS_AN_HOUR, saveRequests } from "../../store/insight-requests.ts";
import { saveStatements, statementIdOf } from "../../store/insight-statements.ts";
import type { StatementText } from "../../wire/index.ts";
import type { ReadSection } from "./read-insight.ts";
import type { Taking } from "./take-insight.ts";
import { timely } from "./timely.ts";

/** Keeps the slowest requests. Returns how many entries were taken: also those that slower ones take the place of. */
export async function takeRequests(section: ReadSection<"requests">, taking: Taking): Promise<number> {
  const { db, scope, nowMs } = taking;
  const kept = await withRoom(timely(section, taking), taking);
  const texts = new Map<string, StatementText>();
  const requests = kept.map(({ entry: { id, endpoint, user, latencyUs, slowest, ...about } }) => ({
    id,
    endpoint,
    user,
    latencyUs,
    about: {
      ...about,
      slowest: slowest.map(({ statement, ...figures }) => {
        const statementId = statementIdOf(statement);
        texts.set(statementId, { id: statementId, text: statement });
        return { statementId, ...figures };
      }),
    },
  }));
  await saveStatements(db, scope.serviceId, { statements: [...texts.values()], atMs: nowMs });
  await saveRequests(db, scope.id, requests);
  return kept.length;
}

async function withRoom(
  section: ReadSection<"requests">,
  { db, scope, rejected }: Taking,
): Promise<ReadSection<"requests">> {
  if (section.length === 0) return [];
  const hoursMs = [...new Set(section.map(({ entry }) => hourOfRequest(entry.id)))];
  const known = await countRequests(db, { scopeId: scope.id, hoursMs });
  return section.filter(({ path, entry }) => {
    const hourMs = hourOfRequest(entry.id);
    const rows = (known.get(hourMs) ?? 0) + 1;
    known.set(hourMs, rows);
    if (rows <= REQUESTS_AN_HOUR) return true;
    rejected.push({ path, reason: `at most ${REQUESTS_AN_HOUR} are kept of a service for one hour` });
    return false;
  });
}

import { saveStatements, statementIdOf } from "../../store/insight-statements.ts";
import { countStops, saveStops, type Stop, STOPS_A_DAY } from "../../store/insight-stops.ts";
import type { StatementText } from "../../wire/index.ts";
import type { ReadSection } from "./read-insight.ts";
import type { Taking } from "./take-insight.ts";
import { timely } from "./timely.ts";

const DAY_MS = 86_400_000;

/** Keeps statements that were stopped. Returns how many entries were taken. */
export async function takeStops(section: ReadSection<"stops">, taking: Taking): Promise<number> {
  const { db, scope, nowMs, rejected } = taking;
  const found = timely(section, taking);
  if (found.length === 0) return 0;
  const room = Math.max(0, STOPS_A_DAY - (await countStops(db, scope.id, nowMs - DAY_MS)));
  const kept = found.slice(0, room);
  for (const { path } of found.slice(room))
    rejected.push({ path, reason: `at most ${STOPS_A_DAY} are kept of a service in 24 h` });
  const texts = new Map<string, StatementText>();
  const stops = kept.map(({ entry: { statement, ...stop } }): Stop => {
    if (statement === null) return { ...stop, statementId: null };
    const id = statementIdOf(statement);
    texts.set(id, { id, text: statement });
    return { ...stop, statementId: id };
  });
  await saveStatements(db, scope.serviceId, { statements: [...texts.values()], atMs: nowMs });
  await saveStops(db, scope.id, stops);
  return kept.length;
}

import { countKills, type Kill, KILLS_A_DAY, saveKills } from "../../store/insight-kills.ts";
import { saveStatements, statementIdOf } from "../../store/insight-statements.ts";
import { timeOfId } from "../../store/prefill-decisions.ts";
import type { StatementText } from "../../wire/index.ts";
import { outOfTime } from "../entry.ts";
import type { ReadSection } from "./read-insight.ts";
import type { Taking } from "./take-insight.ts";

const DAY_MS = 86_400_000;

/** Keeps what guards did. Returns how many entries were taken. */
export async function takeKills(section: ReadSection<"kills">, taking: Taking): Promise<number> {
  const { db, scope, nowMs, rejected } = taking;
  const timely = section.filter(({ path, entry }) => {
    const reason = outOfTime(timeOfId(entry.id), nowMs);
    if (reason !== undefined) rejected.push({ path, reason: `id: ${reason}` });
    return reason === undefined;
  });
  if (timely.length === 0) return 0;
  const room = KILLS_A_DAY - (await countKills(db, scope.id, nowMs - DAY_MS));
  const kept = timely.slice(0, Math.max(0, room));
  for (const { path } of timely.slice(kept.length))
    rejected.push({ path, reason: `at most ${KILLS_A_DAY} are kept of a service in 24 h` });
  const texts = new Map<string, StatementText>();
  const kills = new Map<string, Kill>();
  for (const { entry } of kept) {
    const { statement, ...kill } = entry;
    const statementId = statement === null ? null : statementIdOf(statement);
    if (statementId !== null && statement !== null) texts.set(statementId, { id: statementId, text: statement });
    const known = kills.get(kill.id);
    const { outcome, afterMs } = known !== undefined && known.outcome !== null ? known : kill;
    kills.set(kill.id, { ...kill, statementId, outcome, afterMs });
  }
  await saveStatements(db, scope.serviceId, { statements: [...texts.values()], atMs: nowMs });
  await saveKills(db, scope.id, [...kills.values()]);
  return kept.length;
}

import { countKills, type Kill, KILLS_A_DAY, saveKills } from "../../store/insight-kills.ts";
import { saveStatements, statementIdOf } from "../../store/insight-statements.ts";
import type { StatementText } from "../../wire/index.ts";
import type { ReadSection } from "./read-insight.ts";
import type { Taking } from "./take-insight.ts";
import { timely } from "./timely.ts";

const DAY_MS = 86_400_000;

/** Keeps what guards did. Returns how many entries were taken. */
export async function takeKills(section: ReadSection<"kills">, taking: Taking): Promise<number> {
  const { db, scope, nowMs, rejected } = taking;
  const found = timely(section, taking);
  if (found.length === 0) return 0;
  const room = KILLS_A_DAY - (await countKills(db, scope.id, nowMs - DAY_MS));
  const kept = found.slice(0, Math.max(0, room));
  for (const { path } of found.slice(kept.length))
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

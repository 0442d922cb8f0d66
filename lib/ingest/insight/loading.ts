import {
  countByHour,
  REPEATS_AN_HOUR,
  saveRepeats,
  saveTrials,
  type StoredRepeat,
  type StoredTrial,
  TRIALS_AN_HOUR,
} from "../../store/insight-loading.ts";
import { saveStatements, statementIdOf } from "../../store/insight-statements.ts";
import type { StatementText } from "../../wire/index.ts";
import { outOfTime } from "../entry.ts";
import type { ReadSection } from "./read-insight.ts";
import type { Taking } from "./take-insight.ts";

/** Keeps what requests run again and again, with the texts of those statements. Returns how many entries were taken. */
export async function takeRepeats(section: ReadSection<"repeats">, taking: Taking): Promise<number> {
  const { db, scope, instance, nowMs } = taking;
  const kept = await withRoom(section, taking, { table: "insight_repeat", most: REPEATS_AN_HOUR });
  const texts = new Map<string, StatementText>();
  const rows = new Map<string, StoredRepeat>();
  for (const { entry } of kept) {
    const { hour, endpoint, statement, ...about } = entry;
    for (const text of [statement, ...about.parents.map((parent) => parent.statement)])
      texts.set(text, { id: statementIdOf(text), text });
    const row = { hourMs: Date.parse(hour), endpoint, statementId: statementIdOf(statement), instance, about };
    rows.set(JSON.stringify([hour, endpoint, row.statementId]), row);
  }
  await saveStatements(db, scope.serviceId, { statements: [...texts.values()], atMs: nowMs });
  await saveRepeats(db, scope.id, [...rows.values()]);
  return kept.length;
}

/** Keeps trials of relation loading. Returns how many entries were taken. */
export async function takeTrials(section: ReadSection<"trials">, taking: Taking): Promise<number> {
  const { db, scope, instance } = taking;
  const kept = await withRoom(section, taking, { table: "insight_trial", most: TRIALS_AN_HOUR });
  const rows = new Map<string, StoredTrial>();
  for (const { entry } of kept) {
    const { hour, trial, ...about } = entry;
    rows.set(JSON.stringify([hour, trial]), { hourMs: Date.parse(hour), trial, instance, about });
  }
  await saveTrials(db, scope.id, [...rows.values()]);
  return kept.length;
}

/** Those that are of these days, while their hour has room: where it is nearly full, what is told again may be refused as well. */
async function withRoom<Entry extends { path: string; entry: { hour: string } }>(
  section: readonly Entry[],
  { db, scope, nowMs, rejected }: Taking,
  { table, most }: { table: "insight_repeat" | "insight_trial"; most: number },
): Promise<Entry[]> {
  const timely = section.filter(({ path, entry }) => {
    const reason = outOfTime(Date.parse(entry.hour), nowMs);
    if (reason !== undefined) rejected.push({ path, reason: `hour: ${reason}` });
    return reason === undefined;
  });
  if (timely.length === 0) return [];
  const hoursMs = [...new Set(timely.map(({ entry }) => Date.parse(entry.hour)))];
  const known = await countByHour(db, table, { scopeId: scope.id, hoursMs });
  return timely.filter(({ path, entry }) => {
    const rows = (known.get(Date.parse(entry.hour)) ?? 0) + 1;
    known.set(Date.parse(entry.hour), rows);
    if (rows <= most) return true;
    rejected.push({ path, reason: `at most ${most} are kept of a service for one hour` });
    return false;
  });
}

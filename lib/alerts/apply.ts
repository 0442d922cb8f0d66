import { holdingAlertClock, setAlertClock } from "../store/alert-clock.ts";
import { makeNewDue } from "../store/alert-delivery-queue.ts";
import { readMaintenance, readSilences } from "../store/alert-mutes.ts";
import { readRules } from "../store/alert-rules.ts";
import { deleteSeries, readSeries, writeSeries } from "../store/alert-series.ts";
import type { Connection, Db } from "../store/db.ts";
import { SET_BACK_MS } from "./closed.ts";
import { IncidentBook } from "./incident-book.ts";
import type { Maintenance, Matcher, Mutes } from "./mute.ts";
import type { Judgement } from "./judge.ts";
import type { StoredRule } from "./rule.ts";
import { byRule, fromRow, toRow } from "./state-rows.ts";
import { stepGone, type Stepped, stepRule } from "./step.ts";
import { storedRule } from "./stored-rule.ts";
import { LookingAround } from "./surroundings.ts";
import { tellIncidents } from "./tell.ts";

/** Whether there is something new to judge. */
export function isAhead(atMs: number, evaluatedAtMs: number | null): boolean {
  return evaluatedAtMs === null || atMs > evaluatedAtMs || evaluatedAtMs - atMs > SET_BACK_MS;
}

/**
 * Writes what became of a judgement, and tells what is due. Everything is read anew once the clock is locked: whoever was faster has
 * judged this moment already, and then only what is due is told, which is little.
 */
export async function applyRound(
  db: Db,
  judgement: Judgement | null,
  { nowMs, publicUrl }: { nowMs: number; publicUrl: string },
): Promise<void> {
  await holdingAlertClock(db, async (tx, clock) => {
    if (clock.ranAtMs !== null && clock.ranAtMs - nowMs > SET_BACK_MS) await makeNewDue(tx, nowMs);
    const isNew = judgement !== null && isAhead(judgement.atMs, clock.evaluatedAtMs);
    const all = await readRules(tx);
    const rules = new Map(all.flatMap(storedRule).map((stored) => [stored.id, stored]));
    const book = await IncidentBook.open(tx, nowMs);
    if (isNew) await stepAll(tx, judgement, { rules, enabled: enabledOf(all), book });
    const atMs = isNew ? judgement.atMs : (clock.evaluatedAtMs ?? nowMs);
    const mutes = await mutesOf(tx, nowMs);
    await tellIncidents({ db, book, rules, mutes, nowMs, atMs, publicUrl, time: new LookingAround() });
    await book.write();
    await setAlertClock(tx, { evaluatedAtMs: isNew ? judgement.atMs : clock.evaluatedAtMs, ranAtMs: nowMs });
  });
}

const enabledOf = (rows: readonly { id: string; enabled: boolean }[]): Set<string> =>
  new Set(rows.filter(({ enabled }) => enabled).map(({ id }) => id));

interface StepContext {
  rules: ReadonlyMap<string, StoredRule>;
  enabled: ReadonlySet<string>;
  book: IncidentBook;
}

async function stepAll(tx: Connection, judgement: Judgement, { rules, enabled, book }: StepContext): Promise<void> {
  const known = byRule((await readSeries(tx)).map(fromRow));
  const stepped: Stepped[] = [];
  for (const { id, version } of judgement.rules) {
    const now = rules.get(id);
    // Changed since it was judged: the next round judges by what it says now.
    if (now === undefined || now.version !== version || !enabled.has(id)) continue;
    const own = { known: known.get(id) ?? [], atMs: judgement.atMs };
    stepped.push(...stepRule(now, judgement.judged.get(id) ?? null, own));
  }
  for (const [id, series] of known)
    if (!enabled.has(id)) stepped.push(...stepGone(series, rules.has(id) ? "rule_changed" : "rule_removed"));
  for (const one of stepped) book.note(one);
  const over = stepped.filter(({ isOver }) => isOver).map(({ series }) => series);
  await deleteSeries(
    tx,
    over.map((series) => ({ ruleId: series.ruleId, series: series.subject.key })),
  );
  await writeSeries(
    tx,
    stepped.filter(({ isOver }) => !isOver).map(({ series }) => toRow(series)),
  );
}

async function mutesOf(tx: Connection, nowMs: number): Promise<Mutes> {
  const silences = await readSilences(tx, nowMs);
  const maintenance = await readMaintenance(tx);
  return {
    silences: silences.map((row) => ({ ...row, matcher: row.matcher as Matcher })),
    maintenance: maintenance.map((row) => ({
      ...row,
      matcher: row.matcher as Matcher,
      repeats: row.repeats as Maintenance["repeats"],
    })),
  };
}

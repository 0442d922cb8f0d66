import type { Db } from "../store/db.ts";
import { openIncident } from "../store/prefill-incidents.ts";
import { outcomesIn } from "../store/prefill-learning.ts";
import { settingsOf, stopFilling } from "../store/prefill-settings.ts";
import { log } from "../log.ts";
import { allScopes, type Scope } from "../store/scopes.ts";
import type { Effect } from "./effect.ts";
import { effectOfRows } from "./effect-answer.ts";

/** Harm is looked for in the decisions since filling was switched on, of so long at most: what was long ago is mended or known. */
const LOOKED_BACK_MS = 24 * 3_600_000;
/** Looking every minute, chance alone would once show harm where there is none: it has to show in looks this far apart. */
const CONFIRMED_AFTER_MS = 5 * 60_000;

/** What an incident keeps. */
export interface HarmDetail {
  filledOver: number;
  withheldOver: number;
  low: number;
  high: number;
  filled: number;
  withheld: number;
}

/**
 * Looks whether filling does harm in any service, and switches it off where it does, with an incident. A person has to switch it on again.
 * A scope that fails does not stop the others.
 */
export async function checkHarm(db: Db, nowMs: number, stop: () => boolean = () => false): Promise<void> {
  const failures: unknown[] = [];
  for (const scope of await allScopes(db)) {
    if (stop()) return;
    await checkScope(db, scope, nowMs).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

async function checkScope(db: Db, scope: Scope, nowMs: number): Promise<void> {
  const { mode, modeSinceMs, targetUs } = await settingsOf(db, scope.id, nowMs);
  if (mode !== "fill") return;
  const fromMs = Math.max(modeSinceMs, nowMs - LOOKED_BACK_MS);
  const before = await outcomesIn(db, scope.id, { fromMs, toMs: nowMs, endedBy: nowMs - CONFIRMED_AFTER_MS });
  if (effectOfRows(before, targetUs).verdict !== "harms") return;
  const rows = await outcomesIn(db, scope.id, { fromMs, toMs: nowMs, endedBy: nowMs });
  const effect = effectOfRows(rows, targetUs);
  if (effect.verdict !== "harms" || !(await stopFilling(db, scope.id, nowMs))) return;
  const { service, environment } = scope;
  log("prefill").warn({ service, environment }, "filling does harm and was switched off");
  await openIncident(db, scope.id, { kind: "harm", detail: { ...detailOf(effect) }, nowMs });
}

function detailOf({ filledOver, withheldOver, difference, decisions }: Effect): HarmDetail {
  const { low, high } = difference!;
  const { fill: filled, withheld } = decisions;
  return { filledOver: filledOver!, withheldOver: withheldOver!, low, high, filled, withheld };
}

/** Why filling was switched off, in a sentence. */
export function harmInWords(detail: unknown): string {
  const { filledOver, withheldOver, low, high } = detail as Partial<HarmDetail>;
  if (filledOver === undefined || withheldOver === undefined || low === undefined || high === undefined)
    return "Filling did harm.";
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return (
    `After fills, ${percent(filledOver)} of first visits missed the target, without them ${percent(withheldOver)}: ` +
    `${percent(-high)} to ${percent(-low)} more, so filling was switched off.`
  );
}

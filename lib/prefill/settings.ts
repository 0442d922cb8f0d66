import type { z } from "zod";
import { TailfillError } from "../errors.ts";
import type { SETTING_CHANGE } from "../query/prefill-answer-schemas.ts";
import type { PrefillSettingsAnswer } from "../query/prefill-answers.ts";
import type { Connection } from "../store/db.ts";
import { closeIncidents } from "../store/prefill-incidents.ts";
import { changeSettings, type PrefillSettings, settingsOf } from "../store/prefill-settings.ts";
import { findScope, type Scope } from "../store/scopes.ts";

export interface ScopeNames {
  service: string;
  environment: string;
}

/**
 * The settings of a service and environment.
 * @throws TailfillError `not_found` when nothing was ever sent under these names
 */
export async function prefillSettings(
  db: Connection,
  names: ScopeNames,
  nowMs: number,
): Promise<PrefillSettingsAnswer> {
  const scope = await scopeOf(db, names);
  return answerOf(scope, await settingsOf(db, scope.id, nowMs));
}

/**
 * Changes settings. Apps act on it within 2 s. Switching filling on closes the incident that had switched it off.
 * @throws TailfillError `not_found` when nothing was ever sent under these names
 */
export async function changePrefillSettings(
  db: Connection,
  names: ScopeNames,
  { changes, by, nowMs }: { changes: z.output<typeof SETTING_CHANGE>; by: string; nowMs: number },
): Promise<PrefillSettingsAnswer> {
  const scope = await scopeOf(db, names);
  await settingsOf(db, scope.id, nowMs);
  // A change of nothing was made by nobody.
  if (Object.keys(changes).length > 0) await changeSettings(db, scope.id, changes, { nowMs, by });
  if (changes.mode === "fill") await closeIncidents(db, scope.id, nowMs);
  return answerOf(scope, await settingsOf(db, scope.id, nowMs));
}

/** @throws TailfillError `not_found` */
export async function scopeOf(db: Connection, { service, environment }: ScopeNames): Promise<Scope> {
  const scope = await findScope(db, service, environment);
  if (scope === null) throw new TailfillError("not_found", "Nothing was ever sent under this service and environment.");
  return scope;
}

function answerOf({ service, environment }: Scope, settings: PrefillSettings): PrefillSettingsAnswer {
  const { scopeId: _, salt: __, version: ___, modeSinceMs, changedAtMs, ...rest } = settings;
  const [modeSince, changedAt] = [modeSinceMs, changedAtMs].map((ms) => new Date(ms).toISOString());
  return { service, environment, ...rest, modeSince: modeSince!, changedAt: changedAt! };
}

import { log } from "../log.ts";
import type { Db } from "../store/db.ts";
import { waitingBatches } from "../store/batches.ts";
import { plansMadeAt } from "../store/prefill-plans.ts";
import { allTookMs } from "../store/profiles.ts";
import { settingsOf } from "../store/prefill-settings.ts";
import { allScopes, type Scope } from "../store/scopes.ts";
import { MOST_DEFINITIONS } from "../wire/index.ts";
import { type BuildWish, buildProfiles } from "./build-profiles.ts";
import { findMainEndpoints } from "./main-endpoints.ts";
import { makePlan } from "./make-plan.ts";
import { cachedSubjects, type NamedSubject, plainSubjects } from "./subjects.ts";

/** A plan is made anew after this, or when people changed the settings, or when there is something new to see. */
const PLAN_EVERY_MS = 55_000;
/** Users with profiles of their own, over all subjects of a scope: what a plan can be made of within its time and memory. */
const MOST_PROFILES = 50_000;
const FEWEST_PROFILES = 500;
/** While there are cached definitions, endpoints without one are looked at this often. */
const PLAIN_EVERY_MS = 30 * 60_000;
/** Which endpoints without a cache are worth a look is found out this often. */
const CHOOSE_EVERY_MS = 15 * 60_000;
const LINK_EVERY_MS = 60 * 60_000;
/** Folding is behind when a batch waits longer than this. */
const BEHIND_MS = 10_000;

export interface RoundContext {
  nowMs: () => number;
  stop: () => boolean;
}

/** How busy this server is. */
type Pace = Required<Pick<BuildWish, "allTookMs" | "isBehind">>;

/** Brings the profiles of every service up to now, and its plan, where they are due. A scope that fails does not stop the others. */
export async function prefillRound(db: Db, context: RoundContext): Promise<void> {
  const scopes = await allScopes(db);
  const madeAt = await plansMadeAt(db);
  const { oldestMs } = await waitingBatches(db);
  const pace = {
    allTookMs: await allTookMs(db),
    isBehind: oldestMs !== null && context.nowMs() - oldestMs > BEHIND_MS,
  };
  const failures: unknown[] = [];
  for (const scope of scopes) {
    if (context.stop()) return;
    await scopeRound(db, scope, { ...context, pace, madeAtMs: madeAt.get(scope.id) ?? null }).catch(
      (error: unknown) => {
        log("prefill").error({ err: error, service: scope.service, environment: scope.environment }, "planning failed");
        failures.push(error);
      },
    );
  }
  if (failures.length > 0) throw failures[0];
}

async function scopeRound(
  db: Db,
  scope: Scope,
  { nowMs, stop, madeAtMs, pace }: RoundContext & { madeAtMs: number | null; pace: Pace },
): Promise<void> {
  const cached = await cachedSubjects(db, scope);
  const plain = await chosenPlain(db, scope, nowMs());
  let isNew = false;
  for (const subject of [...cached, ...plain]) {
    if (stop()) return;
    const soonestMs = subject.isCached || cached.length === 0 ? undefined : PLAIN_EVERY_MS;
    const most = Math.max(FEWEST_PROFILES, Math.floor(MOST_PROFILES / (subject.isCached ? cached : plain).length));
    const wish = { nowMs: nowMs(), most, stop, ...pace, ...(soonestMs === undefined ? {} : { soonestMs }) };
    const state = await buildProfiles(db, subject, wish);
    isNew ||= (state?.madeAtMs ?? 0) > (madeAtMs ?? 0);
  }
  if (!stop()) await linkEndpoints(db, scope, cached, nowMs());
  const { changedAtMs } = await settingsOf(db, scope.id, nowMs());
  const isDue = madeAtMs === null || nowMs() - madeAtMs >= PLAN_EVERY_MS || changedAtMs > madeAtMs || isNew;
  if (isDue && !stop()) await makePlan(db, scope, nowMs());
}

/** When it was found out last which endpoints use the definitions of each scope, by its id. */
const lookedAt = new WeakMap<Db, Map<number, number>>();

/** Definitions that nobody knows the endpoint of are looked for soon; an app may move the others at any time, but seldom does. */
async function linkEndpoints(db: Db, scope: Scope, cached: readonly NamedSubject[], nowMs: number): Promise<void> {
  const looked = lookedAt.get(db) ?? new Map<number, number>();
  lookedAt.set(db, looked);
  const isUnknown = cached.some(({ mainEndpointId }) => mainEndpointId === null);
  const sinceMs = Math.abs(nowMs - (looked.get(scope.id) ?? Number.NEGATIVE_INFINITY));
  if (cached.length === 0 || sinceMs < (isUnknown ? PLAN_EVERY_MS : LINK_EVERY_MS)) return;
  looked.set(scope.id, nowMs);
  await findMainEndpoints(db, scope, { definitionIds: cached.map(({ endpointId }) => endpointId), nowMs });
}

/** What was chosen last, by scope: choosing reads the last day of all endpoints. */
const chosen = new WeakMap<Db, Map<number, { atMs: number; subjects: NamedSubject[] }>>();

async function chosenPlain(db: Db, scope: Scope, nowMs: number): Promise<NamedSubject[]> {
  const own = chosen.get(db) ?? new Map<number, { atMs: number; subjects: NamedSubject[] }>();
  chosen.set(db, own);
  const known = own.get(scope.id);
  if (known !== undefined && known.subjects.length > 0 && Math.abs(nowMs - known.atMs) < CHOOSE_EVERY_MS)
    return known.subjects;
  const subjects = (await plainSubjects(db, scope, nowMs)).slice(0, MOST_DEFINITIONS);
  own.set(scope.id, { atMs: nowMs, subjects });
  return subjects;
}

import type { PrefillArm, PrefillEffectAnswer, ReliabilityBin } from "../query/prefill-answers.ts";
import type { QuestionOf } from "../query/question.ts";
import { rangeText } from "../query/frame.ts";
import { type Span } from "../query/plan.ts";
import { readingOf } from "../query/reading.ts";
import { UserTable } from "../query/user-table.ts";
import type { Db } from "../store/db.ts";
import { ARMS, CACHES, STATES } from "../store/prefill-decisions.ts";
import { type OutcomeRow, outcomesIn, RELIABILITY_BINS, reliabilityOf } from "../store/prefill-learning.ts";
import { type PrefillSettings, settingsOf } from "../store/prefill-settings.ts";
import { USER_TIERS } from "../store/tiers.ts";
import { highOf, lowOf } from "../store/user-key.ts";
import { SAMPLED_SHARE } from "../wire/index.ts";
import { type Effect, effectOf, type Outcome } from "./effect.ts";
import { groupLatencies, Standing } from "./effect-groups.ts";
import { seededRandom } from "./random.ts";
import { scopeOf } from "./settings.ts";

/** The same decisions give the same interval, whoever asks and when. */
const SEED = 1;
/** Definitions whose latencies are compared: those with most decisions. */
const MOST_COMPARED = 10;

/**
 * What filling did: first visits after decisions to fill against those after withheld ones. Only decisions whose window is over count.
 * @throws TailfillError `not_found` when nothing was ever sent under these names, `bad_request` for a bad range
 */
export async function prefillEffect(
  db: Db,
  question: QuestionOf<"prefillEffect">,
  nowMs: number,
): Promise<PrefillEffectAnswer> {
  const startedMs = performance.now();
  const scope = await scopeOf(db, question);
  const settings = await settingsOf(db, scope.id, nowMs);
  const { range } = readingOf(question, nowMs, USER_TIERS);
  const span = { fromMs: range.fromSeconds * 1_000, toMs: range.toSeconds * 1_000 };
  const rows = await outcomesIn(db, scope.id, { ...span, endedBy: nowMs });
  const { filledOver: _, withheldOver: __, ...effect } = effectOfRows(rows, settings.targetUs);
  return {
    range: rangeText(range),
    targetUs: settings.targetUs,
    ...effect,
    filled: armOf(rows, "fill", settings.targetUs),
    withheld: armOf(rows, "withheld", settings.targetUs),
    ...(await compared(db, rows, { range, settings, nowMs })),
    reliability: await reliability(db, scope.id, nowMs),
    tookMs: Math.round((performance.now() - startedMs) * 10) / 10,
  };
}

/** The effect of some decisions. Those without a target of their own are judged by `targetUs`. */
export function effectOfRows(rows: readonly OutcomeRow[], targetUs: number): Effect {
  const users = new UserTable();
  return effectOf(outcomesOf(rows, users, targetUs), seededRandom(SEED));
}

function* outcomesOf(rows: readonly OutcomeRow[], users: UserTable, targetUs: number): Generator<Outcome> {
  for (const { userKey, arm, state, cache, tookUs, targetUs: own, latencyUs } of rows)
    yield {
      user: users.placeOf(highOf(userKey), lowOf(userKey)),
      arm: ARMS[arm]!,
      targetUs: own ?? targetUs,
      fill: state === null ? null : { state: STATES[state]!, tookUs },
      visit: cache === null ? null : { cache: CACHES[cache]!, latencyUs: latencyUs! },
    };
}

function armOf(rows: readonly OutcomeRow[], name: (typeof ARMS)[number], targetUs: number): PrefillArm {
  const users = new UserTable();
  const arm = { visits: 0, over: 0 };
  for (const row of rows) {
    if (ARMS[row.arm] !== name || row.latencyUs === null) continue;
    arm.visits++;
    if (row.latencyUs > (row.targetUs ?? targetUs)) arm.over++;
    users.placeOf(highOf(row.userKey), lowOf(row.userKey));
  }
  return { ...arm, users: users.size };
}

interface Comparing {
  range: Span;
  settings: PrefillSettings;
  nowMs: number;
}

/** How those fare who were never selected, and those who are held out. Nothing when nobody was selected. */
async function compared(
  db: Db,
  rows: readonly OutcomeRow[],
  { range, settings, nowMs }: Comparing,
): Promise<Pick<PrefillEffectAnswer, "neverSelected" | "heldOut">> {
  const acted = rows.filter(({ arm }) => ARMS[arm] !== "observe");
  const ids = mostOften(acted.map(({ definitionId }) => definitionId)).slice(0, MOST_COMPARED);
  if (ids.length === 0) return { neverSelected: null, heldOut: null };
  const standing = new Standing(acted);
  const now = await groupLatencies(db, ids, { range, standing });
  const before = beforeFilling(range, settings, nowMs);
  const then = before === null ? null : await groupLatencies(db, ids, { range: before, standing });
  return {
    neverSelected: { now: now.never, before: then === null || then.never.count === 0 ? null : then.never },
    heldOut: now.heldOut.count === 0 ? null : { heldOut: now.heldOut, others: now.chosen },
  };
}

/** As long a stretch as the range, before filling was switched on; `null` while nothing is filled. */
function beforeFilling({ fromSeconds, toSeconds }: Span, { mode, modeSinceMs }: PrefillSettings, nowMs: number) {
  if (mode !== "fill") return null;
  const until = Math.floor(modeSinceMs / 60_000) * 60;
  const asked = { from: isoOf(until - (toSeconds - fromSeconds)), to: isoOf(until) };
  const { range, expired } = readingOf(asked, nowMs, USER_TIERS);
  return expired ? null : range;
}

const isoOf = (seconds: number): string => new Date(seconds * 1_000).toISOString();

function mostOften(ids: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([id]) => id);
}

/** What was thought of the chance of use, and what came: over all definitions, in tenths. */
async function reliability(db: Db, scopeId: number, nowMs: number): Promise<ReliabilityBin[]> {
  const rows = await reliabilityOf(db, scopeId, { nowMs, sampledShare: SAMPLED_SHARE });
  const bins = Array.from({ length: RELIABILITY_BINS }, () => ({ decisions: 0, use: 0, visited: 0, logged: 0 }));
  for (const { decisions, use, visited, logged } of rows) {
    const bin = bins[Math.min(RELIABILITY_BINS - 1, Math.floor((use / decisions) * RELIABILITY_BINS))]!;
    bin.decisions += decisions;
    bin.use += use;
    bin.visited += visited;
    bin.logged += logged;
  }
  return bins.flatMap(({ decisions, use, visited, logged }, at) =>
    decisions === 0
      ? []
      : [
          {
            from: at / RELIABILITY_BINS,
            to: (at + 1) / RELIABILITY_BINS,
            decisions: Math.round(decisions),
            visited: Math.round(visited),
            logged,
            said: Math.min(1, use / decisions),
          },
        ],
  );
}

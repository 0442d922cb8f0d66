import { eachSum, trendSteps } from "../query/endpoint-rows.ts";
import { rangeText } from "../query/frame.ts";
import type { InsightKillsAnswer } from "../query/insight-answer-schemas.ts";
import { keptSumsOf } from "../query/kept-sums.ts";
import { segmentsOf } from "../query/plan.ts";
import type { QuestionOf } from "../query/question.ts";
import { type Reading, readingOf, windowAtStart } from "../query/reading.ts";
import { endpointIdsByName } from "../store/database-series.ts";
import type { Db } from "../store/db.ts";
import { hasKills, killsIn, type StoredKill } from "../store/insight-kills.ts";
import { findScope } from "../store/scopes.ts";
import { type Snapshot, snapshot } from "../store/snapshot.ts";
import { ENDPOINT_TIERS } from "../store/tiers.ts";
import { type BareGroup, groupKills } from "./group-kills.ts";

/** More of one range are not looked at: guards have limits, see `KILLS_A_DAY`. */
const MOST_READ = 20_000;
const MOST_GROUPS = 200;

/**
 * What query guards did in a range, by statement and endpoint, and one by one.
 * @throws TailfillError `bad_request` for a bad range
 */
export async function insightKills(
  db: Db,
  question: QuestionOf<"insightKills">,
  nowMs: number,
): Promise<InsightKillsAnswer> {
  const reading = readingOf(question, nowMs);
  const { range } = reading;
  const scope = await findScope(db, question.service, question.environment);
  if (scope === null) return { range: rangeText(range), told: false, groups: [], kills: [], killCount: 0 };
  const span = { fromMs: range.fromSeconds * 1_000, toMs: range.toSeconds * 1_000, limit: MOST_READ };
  return snapshot(db, async (connection) => {
    const kills = await killsIn(connection, scope, span);
    const groups = groupKills(kills).slice(0, MOST_GROUPS);
    const ids = await endpointIdsByName(connection, question);
    const p99s = await p99sOf(db, connection, { ids: idsOf(groups, ids), reading });
    return {
      range: rangeText(range),
      told: kills.length > 0 || (await hasKills(connection, scope.id)),
      groups: groups.map(({ endpoint, ...group }) => {
        const id = (endpoint !== null && ids.get(endpoint)) || null;
        const named = endpoint === null ? null : { name: endpoint, id };
        return { ...group, endpoint: named, endpointP99Us: id === null ? null : (p99s.get(id) ?? null) };
      }),
      kills: kills.slice(0, question.limit).map(rowOf),
      killCount: kills.length,
    };
  });
}

function idsOf(groups: readonly BareGroup[], ids: ReadonlyMap<string, number>): number[] {
  const found = groups.flatMap(({ endpoint }) => (endpoint === null ? [] : [ids.get(endpoint)]));
  return [...new Set(found.filter((id) => id !== undefined))];
}

/** The p99 of some endpoints in the range. */
async function p99sOf(
  db: Db,
  connection: Snapshot,
  { ids, reading }: { ids: readonly number[]; reading: Reading },
): Promise<Map<number, number | null>> {
  const { range, expired, nowSeconds } = reading;
  const steps = trendSteps(range, windowAtStart(reading));
  const segments = expired ? [] : segmentsOf(range, ENDPOINT_TIERS, steps.stepSeconds);
  const source = { connection, kept: keptSumsOf(db), nowSeconds };
  const named = ids.map((id) => ({ id }));
  const found = await eachSum(
    source,
    named,
    { range, segments, steps },
    ({ id }, tally) => [id, tally.whole.percentile(99)] as const,
  );
  return new Map(found);
}

function rowOf({ atMs, ...kill }: StoredKill): InsightKillsAnswer["kills"][number] {
  return { ...kill, at: new Date(atMs).toISOString() };
}

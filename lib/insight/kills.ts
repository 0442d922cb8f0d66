import { eachSum, trendSteps } from "../query/endpoint-rows.ts";
import { rangeText } from "../query/frame.ts";
import type { InsightKillsAnswer } from "../query/insight-answer-schemas.ts";
import { keptSumsOf } from "../query/kept-sums.ts";
import { segmentsOf } from "../query/plan.ts";
import type { QuestionOf } from "../query/question.ts";
import { type Reading, readingOf, windowAtStart } from "../query/reading.ts";
import { endpointIdsByName } from "../store/database-series.ts";
import type { Db } from "../store/db.ts";
import { hasKills, killsIn } from "../store/insight-kills.ts";
import { hasStops, type StoredStop, stopsIn } from "../store/insight-stops.ts";
import { findScope } from "../store/scopes.ts";
import { type Snapshot, snapshot } from "../store/snapshot.ts";
import { ENDPOINT_TIERS } from "../store/tiers.ts";
import { type BareGroup, groupKills } from "./group-kills.ts";
import { joinStops, type KillOfRequest } from "./join-stops.ts";

/** More of one range are not looked at: guards have limits, see `KILLS_A_DAY`. */
const MOST_READ = 20_000;
const MOST_GROUPS = 200;
/** What a guard stopped at the end of the range has ended a little later. */
const LATER_MS = 60_000;

/**
 * What query guards did in a range, and what else was stopped, by statement and endpoint, and one by one.
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
  if (scope === null)
    return { range: rangeText(range), told: false, groups: [], kills: [], killCount: 0, stops: [], stopCount: 0 };
  const span = { fromMs: range.fromSeconds * 1_000, toMs: range.toSeconds * 1_000, limit: MOST_READ };
  return snapshot(db, async (connection) => {
    const { kills, rest } = joinStops(
      await killsIn(connection, scope, span),
      await stopsIn(connection, scope, { ...span, toMs: span.toMs + LATER_MS }),
    );
    const stops = rest.filter(({ atMs }) => atMs < span.toMs);
    const groups = groupKills(kills, stops).slice(0, MOST_GROUPS);
    const ids = await endpointIdsByName(connection, question);
    const p99s = await p99sOf(db, connection, { ids: idsOf(groups, ids), reading });
    return {
      range: rangeText(range),
      told: kills.length + stops.length > 0 || (await isTold(connection, scope.id)),
      groups: groups.map(({ endpoint, ...group }) => {
        const id = (endpoint !== null && ids.get(endpoint)) || null;
        const named = endpoint === null ? null : { name: endpoint, id };
        return { ...group, endpoint: named, endpointP99Us: id === null ? null : (p99s.get(id) ?? null) };
      }),
      kills: kills.slice(0, question.limit).map(rowOf),
      killCount: kills.length,
      stops: stops.slice(0, question.limit).map(stopRowOf),
      stopCount: stops.length,
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

const isTold = async (connection: Snapshot, scopeId: number): Promise<boolean> =>
  (await hasKills(connection, scopeId)) || (await hasStops(connection, scopeId));

function rowOf({ atMs, stop, ...kill }: KillOfRequest): InsightKillsAnswer["kills"][number] {
  const request = stop && { user: stop.user, traceId: stop.traceId, durationUs: stop.durationUs };
  return { ...kill, at: new Date(atMs).toISOString(), request };
}

function stopRowOf({ atMs, ...stop }: StoredStop): InsightKillsAnswer["stops"][number] {
  return { ...stop, at: new Date(atMs).toISOString() };
}

import type { KillGroup } from "../query/insight-answer-schemas.ts";
import type { StoredKill } from "../store/insight-kills.ts";
import type { StoredStop } from "../store/insight-stops.ts";

/** A group without what is known of its endpoint. */
export type BareGroup = Omit<KillGroup, "endpoint" | "endpointP99Us"> & { endpoint: string | null };

interface Members {
  kills: StoredKill[];
  stops: StoredStop[];
}

/**
 * What guards did, and what else was stopped, by statement and endpoint: those stopped most often first, then those that would have
 * been. `stops` holds none that is a guard's doing.
 */
export function groupKills(kills: readonly StoredKill[], stops: readonly StoredStop[] = []): BareGroup[] {
  const groups = new Map<string, Members>();
  const groupOfOne = ({ statementId, endpoint }: StoredKill | StoredStop): Members => {
    const key = JSON.stringify([statementId, endpoint]);
    const known = groups.get(key) ?? { kills: [], stops: [] };
    groups.set(key, known);
    return known;
  };
  for (const kill of kills) groupOfOne(kill).kills.push(kill);
  for (const stop of stops) groupOfOne(stop).stops.push(stop);
  return [...groups.values()].map(groupOf).sort((a, b) => weight(b) - weight(a) || (a.lastAt < b.lastAt ? 1 : -1));
}

const weight = ({ stopped, timedOut, aborted, byOthers, wouldCancel, spared }: BareGroup): number =>
  (stopped + timedOut + aborted + byOthers) * 1e9 + wouldCancel * 1e4 + spared;

function groupOf({ kills, stops }: Members): BareGroup {
  const all = [...kills, ...stops];
  const { statementId, endpoint } = all[0]!;
  const count = (action: StoredKill["action"]) =>
    kills.filter((kill) => kill.action === action && kill.outcome !== "gone").length;
  const countBy = (by: StoredStop["by"]) => stops.filter((stop) => stop.by === by).length;
  const times = all.map(({ atMs }) => atMs);
  const ages = [
    ...kills.flatMap(({ ageMs }) => (ageMs === null ? [] : [ageMs])),
    ...stops.map(({ durationUs }) => durationUs / 1_000),
  ];
  const [cancelled, terminated] = [count("cancel"), count("terminate")];
  // A connection is closed only of a statement that was cancelled before, unless that was before the range.
  const stopped = Math.max(cancelled, terminated);
  return {
    statementId,
    statement: all.find(({ statement }) => statement !== null)?.statement ?? null,
    endpoint,
    stopped,
    cancelled,
    terminated,
    timedOut: countBy("timeout"),
    aborted: countBy("abort"),
    byOthers: countBy("other"),
    gone: kills.filter(({ outcome }) => outcome === "gone").length,
    wouldCancel: count("would_cancel"),
    spared: count("spare"),
    blockers: count("blocker"),
    longestMs: ages.length === 0 ? null : Math.max(...ages),
    savedMs: savedMsOf(kills, stopped),
    firstAt: new Date(Math.min(...times)).toISOString(),
    lastAt: new Date(Math.max(...times)).toISOString(),
  };
}

/**
 * What those that were stopped would have run on for: as long on average as those that a dry run let run to their end. Without one
 * nobody knows.
 */
function savedMsOf(kills: readonly StoredKill[], stopped: number): number | null {
  const ranOn = kills.flatMap(({ action, outcome, afterMs }) =>
    action === "would_cancel" && outcome === "ended" && afterMs !== null ? [afterMs] : [],
  );
  if (ranOn.length === 0) return null;
  return (stopped * ranOn.reduce((sum, ms) => sum + ms, 0)) / ranOn.length;
}

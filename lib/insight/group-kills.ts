import type { KillGroup } from "../query/insight-answer-schemas.ts";
import type { StoredKill } from "../store/insight-kills.ts";

/** A group without what is known of its endpoint. */
export type BareGroup = Omit<KillGroup, "endpoint" | "endpointP99Us"> & { endpoint: string | null };

/** Kills by statement and endpoint, those stopped most often first, then those that would have been. */
export function groupKills(kills: readonly StoredKill[]): BareGroup[] {
  const groups = new Map<string, StoredKill[]>();
  for (const kill of kills) {
    const key = JSON.stringify([kill.statementId, kill.endpoint]);
    groups.set(key, [...(groups.get(key) ?? []), kill]);
  }
  return [...groups.values()].map(groupOf).sort((a, b) => weight(b) - weight(a) || (a.lastAt < b.lastAt ? 1 : -1));
}

const weight = ({ stopped, wouldCancel, spared }: BareGroup): number => stopped * 1e9 + wouldCancel * 1e4 + spared;

function groupOf(kills: readonly StoredKill[]): BareGroup {
  const { statementId, endpoint } = kills[0]!;
  const count = (action: StoredKill["action"]) =>
    kills.filter((kill) => kill.action === action && kill.outcome !== "gone").length;
  const times = kills.map(({ atMs }) => atMs);
  const ages = kills.flatMap(({ ageMs }) => (ageMs === null ? [] : [ageMs]));
  const [cancelled, terminated] = [count("cancel"), count("terminate")];
  // A connection is closed only of a statement that was cancelled before, unless that was before the range.
  const stopped = Math.max(cancelled, terminated);
  return {
    statementId,
    statement: kills.find(({ statement }) => statement !== null)?.statement ?? null,
    endpoint,
    stopped,
    cancelled,
    terminated,
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

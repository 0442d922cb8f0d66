import type { IncidentRow } from "../store/alert-incidents.ts";
import type { MemberRow } from "../store/alert-members.ts";
import type { Observed } from "./evaluation.ts";

/** Before the first window that made it fire, so that the page shows what led to it. */
const ROOM_MS = 60_000;

interface Told {
  incident: IncidentRow;
  /** Those that count first. */
  members: readonly MemberRow[];
  atMs: number;
  publicUrl: string;
}

/** What query guards stopped, as an event tells it; `null` where no rule was about that. Pure. */
export function stoppedOf({ incident, members, atMs, publicUrl }: Told) {
  const seen = members.map(({ observed }) => observed as Observed | null).find((one) => one?.unit === "queries");
  if (seen === undefined || seen === null) return null;
  const { service, environment, openedAtMs } = incident;
  const from = new Date(openedAtMs - seen.windowSeconds * 1_000 - ROOM_MS).toISOString();
  const search = new URLSearchParams({ service, environment, from, to: new Date(atMs).toISOString() });
  return {
    queries: (seen.stopped ?? []).map(({ atMs: ms, action, ageMs, endpoint, statementId, statement }) => {
      return { at: new Date(ms).toISOString(), action, endpoint, statementId, statement, ageMs };
    }),
    url: `${publicUrl}/queries/stopped?${search.toString()}`,
  };
}

import type { StoredKill } from "../store/insight-kills.ts";
import type { StoredStop } from "../store/insight-stops.ts";

/** A guard's clock and an app's may differ by so much. */
const CLOCKS_MS = 5_000;
/** From a signal to the end that the app sees: a connection is closed some rounds after a cancel that was not heeded. */
const SAME_PROCESS_MS = 60_000;
/** The same where only the statement is known: another one like it may be stopped soon. */
const SAME_STATEMENT_MS = 10_000;

/** What a guard did, with the request that it did it to as far as that is known. */
export interface KillOfRequest extends StoredKill {
  stop: StoredStop | null;
}

/**
 * Finds the app's own record of each statement that a guard has stopped: by the connection's process id and time, or where the driver
 * tells no process id, by statement, endpoint and time. `rest`: stops that were no guard's doing.
 */
export function joinStops(
  kills: readonly StoredKill[],
  stops: readonly StoredStop[],
): { kills: KillOfRequest[]; rest: StoredStop[] } {
  const taken = new Set<StoredStop>();
  const guessed = new Set<StoredStop>();
  const others = stops.filter(({ by }) => by === "other").toSorted((a, b) => a.atMs - b.atMs);
  const stopOf = (kill: StoredKill): StoredStop | null => {
    if (!wasSent(kill)) return null;
    const known = others.find((stop) => stop.pid === kill.pid && isWithin(kill, stop, SAME_PROCESS_MS));
    const found = known ?? others.find((stop) => !guessed.has(stop) && isLike(kill, stop));
    if (found === undefined) return null;
    taken.add(found);
    if (found.pid === null) guessed.add(found);
    return found;
  };
  const oldestFirst = kills.toSorted((a, b) => a.atMs - b.atMs);
  const found = new Map(oldestFirst.map((kill) => [kill, stopOf(kill)]));
  return {
    kills: kills.map((kill) => ({ ...kill, stop: found.get(kill) ?? null })),
    rest: stops.filter((stop) => !taken.has(stop)),
  };
}

const wasSent = ({ action, outcome }: StoredKill): boolean =>
  (action === "cancel" || action === "terminate") && outcome !== "gone";

const isWithin = (kill: StoredKill, stop: StoredStop, ms: number): boolean =>
  stop.atMs >= kill.atMs - CLOCKS_MS && stop.atMs <= kill.atMs + ms;

const isLike = (kill: StoredKill, stop: StoredStop): boolean =>
  stop.pid === null &&
  kill.statementId !== null &&
  stop.statementId === kill.statementId &&
  (kill.endpoint === null || kill.endpoint === stop.endpoint) &&
  isWithin(kill, stop, SAME_STATEMENT_MS);

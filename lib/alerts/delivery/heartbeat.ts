import { readAlertClock } from "../../store/alert-clock.ts";
import type { Connection } from "../../store/db.ts";
import type { Guard } from "./connect.ts";
import { post } from "./post.ts";

/** Rounds run every ten seconds: without one for so long, or with windows judged that are so old, nobody is watching. */
const STALE_MS = 120_000;

export interface Heartbeat {
  /** Who misses it, tells somebody. Unset: nobody. */
  url: string | undefined;
  guard: Guard;
  nowMs: number;
}

/**
 * Tells a service outside that alerts are judged; what stops is told by its silence. Rounds go on without a rule, too.
 * Returns whether it was told.
 * @throws Error when the service does not answer 2xx: the job says so, and tries again with its next turn
 */
export async function heartbeat(db: Connection, { url, guard, nowMs }: Heartbeat): Promise<boolean> {
  if (url === undefined) return false;
  const { ranAtMs, evaluatedAtMs } = await readAlertClock(db);
  const isFresh = (atMs: number | null) => atMs !== null && nowMs - atMs < STALE_MS;
  if (!isFresh(ranAtMs) || !isFresh(evaluatedAtMs)) return false;
  const { status } = await post({ url, headers: {}, body: JSON.stringify({ status: "ok" }) }, guard);
  if (status < 200 || status > 299) throw new Error(`TAILFILL_HEARTBEAT_URL answered ${status}.`);
  return true;
}

import { formatSpan } from "@/components/format/duration";
import type { KillGroup, KillRow, StopRow } from "@/lib/query/insight-answer-schemas";

/** What a guard did, in one word or two. */
export const ACTION_WORDS: Record<KillRow["action"], string> = {
  cancel: "cancelled",
  terminate: "connection closed",
  would_cancel: "dry run",
  spare: "left alone",
  blocker: "blocks others",
};

/** What ended a statement, where it was no guard. */
export const STOP_WORDS: Record<StopRow["by"], string> = {
  timeout: "timed out",
  abort: "client left",
  other: "stopped by others",
};

export function whyStopped({ by, budgetMs, code }: StopRow): string {
  if (by === "abort") return "nobody waited for the response any more";
  if (by === "other") return `by a person, another tool, or a shutdown (${code})`;
  return budgetMs === null ? `a limit of the database (${code})` : `over its budget of ${formatSpan(budgetMs * 1_000)}`;
}

/** All that were ended before their time, by whom it may be. */
export const allStopped = ({ stopped, timedOut, aborted, byOthers }: KillGroup): number =>
  stopped + timedOut + aborted + byOthers;

/** Who ended them, where it was not the guard alone. */
export function stoppedBy({ stopped, timedOut, aborted, byOthers }: KillGroup): string {
  if (timedOut + aborted + byOthers === 0) return "";
  const parts = [
    stopped > 0 && `${stopped} by the guard`,
    timedOut > 0 && `${timedOut} timed out`,
    aborted > 0 && `${aborted} whose client left`,
    byOthers > 0 && `${byOthers} by others`,
  ];
  return parts.filter(Boolean).join(", ");
}

/** What came of it; empty while nothing is known, or where nothing was done. */
export function outcomeWords({ action, outcome, afterMs }: KillRow): string {
  if (outcome === null) return "";
  if (action === "would_cancel") return `ran on for ${milliseconds(afterMs ?? 0)}`;
  if (outcome === "gone") return "was over before the signal";
  return outcome === "ended" ? `ended ${milliseconds(afterMs ?? 0)} later` : "did not heed it";
}

/** Whether a signal was sent that met its statement. */
export const isKill = ({ action, outcome }: KillRow): boolean =>
  (action === "cancel" || action === "terminate") && outcome !== "gone";

function milliseconds(ms: number): string {
  return ms < 1_000 ? `${ms}\u00a0ms` : `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)}\u00a0s`;
}

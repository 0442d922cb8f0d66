import type { KillRow } from "@/lib/query/insight-answer-schemas";

/** What a guard did, in one word or two. */
export const ACTION_WORDS: Record<KillRow["action"], string> = {
  cancel: "cancelled",
  terminate: "connection closed",
  would_cancel: "dry run",
  spare: "left alone",
  blocker: "blocks others",
};

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

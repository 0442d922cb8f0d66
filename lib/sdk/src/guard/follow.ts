import type { Session } from "./session.ts";

export type Signal = "cancel" | "terminate";

/** A statement that was chosen, and what has been done to it. */
export interface Chosen {
  session: Session;
  /** Null in a dry run. */
  signal: Signal | null;
  /** When it was signalled, by the guard's own clock. */
  atMs: number;
  /** Whether nothing more will be done to it. */
  isOver: boolean;
}

export type Next = "wait" | "ended" | "terminate" | "give_up";

/**
 * What to do next about a chosen statement.
 * @param isRunning whether the database still shows the very same statement
 */
export function next(
  chosen: Chosen,
  isRunning: boolean,
  { graceMs, terminate }: { graceMs: number; terminate: boolean },
  nowMs: number,
): Next {
  if (!isRunning) return "ended";
  if (chosen.signal === null || chosen.isOver || nowMs - chosen.atMs < graceMs) return "wait";
  return chosen.signal === "cancel" && terminate ? "terminate" : "give_up";
}

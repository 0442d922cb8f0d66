import { attributionOf } from "./attribution.ts";
import { fingerprint, type Dialect } from "../database/fingerprint.ts";
import type { Reason } from "./judge.ts";
import type { Blocking, Session } from "./session.ts";

export type Action = "would_cancel" | "cancel" | "terminate" | "spare" | "blocker";

/** One thing that the guard did, would do, or left alone. It holds no value of a statement. */
export interface GuardRecord {
  /** ISO 8601, UTC. */
  at: string;
  action: Action;
  pid: number;
  /** Of the statement; of a blocker, of its transaction. Null where the role may not see it. */
  ageMs: number | null;
  applicationName: string | null;
  endpoint: string | null;
  op: string | null;
  fingerprint: string | null;
  reason: Reason;
  /** The reason in words. */
  detail: string;
  /** The rule that the statement came under, as `over 20s`. */
  rule: string;
  waitEvent: string | null;
}

/** What came of a signal. */
export interface GuardOutcome {
  /** ISO 8601, UTC. */
  at: string;
  pid: number;
  /**
   * `gone`: it was over before the signal, which was not sent. `ended`: it ended after it, because of it or by itself.
   * `still_running`: it did not heed it for as long as the grace is.
   */
  outcome: "gone" | "ended" | "still_running";
  /** Since the signal. */
  afterMs: number;
  /** What was recorded before the signal. */
  record: GuardRecord;
}

const WORDS: Record<Reason, string> = {
  over_limit: "it ran longer than the limit",
  application: "its application is not among those that may be stopped",
  protected_application: "its application is a migration, a dump or replication",
  nokill: "it says nokill",
  waits_for_lock: "it waits for a lock: stopping it would not help the others that wait",
  schema: "it changes the schema or tends tables",
  copy: "it copies data in or out",
  dump: "it is part of a dump",
  other: "it is no statement that is known to be harmless to stop",
  upkeep: "it builds an index or tends tables",
  advisory_lock: "it holds an advisory lock, as migrations do",
  write: "it writes, or its transaction has written: stopping it rolls that back",
  too_many: "too many would be stopped at once: the database is sick, not this statement",
  budget: "enough were stopped within the last minute",
  still_running: "it did not heed the signal",
  not_recorded: "it could not be recorded before the signal",
  blocks: "others wait for it",
};

export interface About {
  dialect: Dialect;
  rule: string;
  at: string;
}

/** The record of an action upon a statement. */
export function recordOf(action: Action, session: Session, reason: Reason, { dialect, rule, at }: About): GuardRecord {
  const { pid, applicationName, waitEvent, text } = session;
  const from = { applicationName, ...attributionOf(text), fingerprint: fingerprint(text, dialect) };
  return { at, action, pid, ageMs: Math.round(session.ageMs), ...from, reason, detail: WORDS[reason], rule, waitEvent };
}

/** The record of a session that others wait for; `waiting` are those over the limit. */
export function blockerRecord(
  blocking: Blocking,
  waiting: readonly Session[],
  { dialect, rule, at }: About,
): GuardRecord {
  const { pid, applicationName, text, ageMs } = blocking;
  const from = { applicationName, ...attributionOf(text ?? ""), fingerprint: text && fingerprint(text, dialect) };
  const detail = `${pid === 0 ? "a prepared transaction" : (blocking.state ?? "a session of another role")}; ${waitingWords(waiting)}`;
  const age = ageMs === null ? null : Math.round(ageMs);
  return { at, action: "blocker", pid, ageMs: age, ...from, reason: "blocks", detail, rule, waitEvent: null };
}

function waitingWords(waiting: readonly Session[]): string {
  const each = waiting.map(
    ({ pid, ageMs, waitEvent }) => `${pid} has waited ${Math.round(ageMs / 1_000)} s for ${waitEvent}`,
  );
  return each.join(", ");
}

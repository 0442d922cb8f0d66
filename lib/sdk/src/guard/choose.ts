import type { Dialect } from "../database/fingerprint.ts";
import { judge, type Reason } from "./judge.ts";
import type { Policy } from "./policy.ts";
import { keyOf, type Self, type Session } from "./session.ts";

/** What has been done before, as far as it matters for what may be done now. */
export interface Past {
  /** When statements were chosen within the last minute, by the guard's own clock. */
  chosenAtMs: readonly number[];
  /** Statements that were chosen before and still run. */
  underWay: { has(key: string): boolean };
}

export interface Spared {
  session: Session;
  reason: Reason;
}

export interface Choice {
  /** Longest first. */
  victims: Session[];
  spared: Spared[];
  /** Blocking process → the statements over the limit that wait for it. */
  blockers: Map<number, Session[]>;
}

/** What the budget is of. */
export const MINUTE_MS = 60_000;

/** Which of the statements to stop, which to leave alone and why, and whom those wait for that wait. */
export function choose(
  sessions: readonly Session[],
  { policy, self, dialect }: { policy: Policy; self: Self; dialect: Dialect },
  past: Past,
  nowMs: number,
): Choice {
  const candidates: Session[] = [];
  const spared: Spared[] = [];
  for (const session of sessions) {
    const judgement = judge(session, policy, self, dialect);
    if (!judgement.ours || past.underWay.has(keyOf(session))) continue;
    if (judgement.reason === "over_limit") candidates.push(session);
    else spared.push({ session, reason: judgement.reason });
  }
  const { victims, refused } = ration(candidates, policy, budgetOf(policy, past, nowMs));
  spared.push(...refused);
  return { victims, spared, blockers: blockersOf(spared) };
}

function budgetOf(policy: Policy, past: Past, nowMs: number): number {
  const recent = past.chosenAtMs.filter((atMs) => nowMs - atMs < MINUTE_MS);
  return Math.max(0, policy.maxPerMinute - recent.length);
}

/** All slow at once is a sick database: its own statements are not the cause, and stopping them makes clients try again. */
function ration(candidates: Session[], policy: Policy, budget: number): { victims: Session[]; refused: Spared[] } {
  const refuse = (sessions: Session[], reason: Reason) => sessions.map((session) => ({ session, reason }));
  if (candidates.length > policy.mostAtOnce) return { victims: [], refused: refuse(candidates, "too_many") };
  const longestFirst = candidates.toSorted((one, other) => other.ageMs - one.ageMs);
  return { victims: longestFirst.slice(0, budget), refused: refuse(longestFirst.slice(budget), "budget") };
}

function blockersOf(spared: readonly Spared[]): Map<number, Session[]> {
  const blockers = new Map<number, Session[]>();
  for (const { session } of spared)
    for (const pid of new Set(session.blockedBy)) blockers.set(pid, [...(blockers.get(pid) ?? []), session]);
  return blockers;
}

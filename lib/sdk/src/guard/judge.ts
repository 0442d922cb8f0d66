import type { Dialect } from "../database/fingerprint.ts";
import type { Policy } from "./policy.ts";
import type { Self, Session } from "./session.ts";
import { statementKind, type StatementKind } from "./statement.ts";

/** Why the guard does what it does, or does not. A closed list: docs/query-guard.md explains each. */
export type Reason =
  | "over_limit"
  | "application"
  | "protected_application"
  | "nokill"
  | "waits_for_lock"
  | "schema"
  | "copy"
  | "dump"
  | "other"
  | "upkeep"
  | "advisory_lock"
  | "write"
  | "too_many"
  | "budget"
  | "still_running"
  | "not_recorded"
  | "blocks";

/** `ours` is a statement that the guard may have an opinion on at all. */
export type Judgement = { ours: false } | { ours: true; reason: Reason };

/** Migrations, dumps and replication, whatever the policy says. */
const PROTECTED =
  /migrat|^schema[- ]engine|flyway|liquibase|^pg_(?:dump|restore|basebackup|rec|probackup|repack)|^(?:mysql|mariadb)-?dump|replic|^wal|^tailfill-guard$/i;

export function isProtectedApplication(name: unknown): boolean {
  return typeof name === "string" && PROTECTED.test(name);
}

/**
 * A positive list: what is not known to be harmless to stop is left alone. `over_limit` is the only reason to stop one.
 */
export function judge(session: Session, policy: Policy, self: Self, dialect: Dialect): Judgement {
  const isOurs =
    session.role === self.role &&
    session.database === self.database &&
    session.backendType === "client backend" &&
    session.state === "active" &&
    session.pid !== self.pid &&
    session.ageMs > policy.overMs;
  return isOurs ? { ours: true, reason: reasonFor(session, policy, dialect) } : { ours: false };
}

function reasonFor(session: Session, policy: Policy, dialect: Dialect): Reason {
  const name = session.applicationName;
  if (isProtectedApplication(name)) return "protected_application";
  if (policy.applicationNames && !policy.applicationNames.has(name ?? "")) return "application";
  const kind = statementKind(session.text, dialect, session.isCut);
  if (kind !== "read" && kind !== "write") return kind;
  if (session.isUpkeep) return "upkeep";
  if (session.hasAdvisoryLock) return "advisory_lock";
  if (session.waitsForLock) return "waits_for_lock";
  return isWrite(session, kind) && !policy.includeWrites ? "write" : "over_limit";
}

/** Stopping a read rolls back what its transaction wrote before. */
function isWrite(session: Session, kind: StatementKind): boolean {
  return kind === "write" || session.hasWritten;
}

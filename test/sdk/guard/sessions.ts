import { readPolicy, type PolicyOptions } from "@/lib/sdk/src/guard/policy";
import type { Self, Session } from "@/lib/sdk/src/guard/session";

export const SELF: Self = { pid: 1, role: "shop", database: "shop" };

let lastPid = 100;

/** A read of the app's own role that has run for 30 s: a victim, but for what a test changes. */
export function session(changes: Partial<Session> = {}): Session {
  lastPid += 1;
  return {
    pid: lastPid,
    backendStart: "2026-11-22 09:00:00.000001+00",
    queryStart: "2026-11-22 10:00:00.123456+00",
    role: "shop",
    database: "shop",
    backendType: "client backend",
    state: "active",
    applicationName: "shop",
    ageMs: 30_000,
    text: "SELECT count(*) FROM comment WHERE author = $1",
    isCut: false,
    waitEvent: null,
    waitsForLock: false,
    hasWritten: false,
    hasAdvisoryLock: false,
    isUpkeep: false,
    blockedBy: [],
    ...changes,
  };
}

export function context(options: PolicyOptions = {}) {
  return { policy: readPolicy(options), self: SELF, dialect: "postgresql" as const };
}

import { expect, test } from "vitest";
import { lineOf } from "@/lib/cli/doctor";
import { bytesText, type Finding, timeText } from "@/lib/cli/doctor/finding";
import { judgeDatabase } from "@/lib/cli/doctor/judge-database";
import { type JobFacts, judgeJobs, judgeTelling } from "@/lib/cli/doctor/judge-jobs";
import { judgeMachine } from "@/lib/cli/doctor/judge-machine";
import { judgeReplica } from "@/lib/cli/doctor/judge-replica";
import { judgeProblems, judgeSettings } from "@/lib/cli/doctor/judge-settings";
import type { MachineFacts } from "@/lib/cli/doctor/machine-facts";
import { readConfig } from "@/lib/config";
import type { JobStatus } from "@/lib/query/answers";
import type { DatabaseFacts } from "@/lib/store/database-facts";

/** What is not well, as "state check", in order. Each tells what to do. */
function troubles(findings: readonly Finding[]): string[] {
  const found = findings.filter(({ state }) => state !== "ok");
  for (const { next } of found) expect(next).toBeTruthy();
  return found.map(({ state, check }) => `${state} ${check}`);
}

const MACHINE: MachineFacts = {
  nodeVersion: "20.19.0",
  uid: 1000,
  databaseUid: 1000,
  dataDir: { path: "/data", mode: 0o700, uid: 1000 },
  cluster: { path: "/data/postgres", mode: 0o700, uid: 1000 },
  secrets: [{ path: "/data/secret", mode: 0o600, uid: 1000 }],
  disk: { path: "/data", freeBytes: 50e9, totalBytes: 100e9, freeInodes: 1e6, totalInodes: 2e6 },
};
const disk = (changes: Partial<NonNullable<MachineFacts["disk"]>>) => ({ disk: { ...MACHINE.disk!, ...changes } });

test.each<[string, Partial<MachineFacts>, string[]]>([
  ["all is well", {}, []],
  ["a newer Node.js", { nodeVersion: "24.1.0" }, []],
  ["an older minor version", { nodeVersion: "20.18.3" }, ["fail Node.js"]],
  ["an older major version", { nodeVersion: "18.20.0" }, ["fail Node.js"]],
  ["less than ingest wants", disk({ freeBytes: 199e6 }), ["fail disk"]],
  ["little", disk({ freeBytes: 1.9e9 }), ["warn disk"]],
  ["a twentieth of a large disk", disk({ freeBytes: 49e9, totalBytes: 1e12 }), ["warn disk"]],
  ["few inodes", disk({ freeInodes: 50_000 }), ["warn disk"]],
  ["nearly no inodes", disk({ freeInodes: 10 }), ["fail disk"]],
  ["a file system without a number of inodes", disk({ freeInodes: null, totalInodes: null }), []],
  ["a data directory that others read", { dataDir: { path: "/d", mode: 0o755, uid: 1000 } }, ["warn data directory"]],
  ["a cluster of somebody else", { cluster: { path: "/d", mode: 0o700, uid: 0 } }, ["fail data directory"]],
  ["a secret that the group reads", { secrets: [{ path: "/s", mode: 0o640, uid: 1000 }] }, ["fail secrets"]],
  ["Windows", { uid: null, databaseUid: null, secrets: [{ path: "s", mode: null, uid: 0 }] }, []],
  ["a database elsewhere", { dataDir: null, cluster: null, secrets: [], disk: null }, []],
])("the machine: %s", (_, changes, expected) => {
  expect(troubles(judgeMachine({ ...MACHINE, ...changes }))).toEqual(expected);
});

test.each<[string, Record<string, string>, string[]]>([
  ["nothing set", {}, []],
  ["a name that is none", { TAILFILL_PUBLC_URL: "x" }, ["warn settings"]],
  ["everywhere, and links to this machine", { HOST: "0.0.0.0" }, ["warn public URL"]],
  ["everywhere, with a name", { HOST: "::", TAILFILL_PUBLIC_URL: "https://t.example.com" }, []],
  ["a name without TLS", { TAILFILL_PUBLIC_URL: "http://t.example.com" }, ["warn public URL"]],
])("settings: %s", (_, env, expected) => {
  const known = new Set(["TAILFILL_PUBLIC_URL", "HOST"]);
  expect(troubles(judgeSettings(readConfig(env), Object.keys(env), known))).toEqual(expected);
});

test("problems of settings are told all at once", () => {
  expect(troubles(judgeProblems(["PORT must be a number", "HOST is …"]))).toEqual(["fail settings", "fail settings"]);
});

const DATABASE: DatabaseFacts = {
  versionNumber: 140_000,
  version: "14.0",
  clockAheadMs: 900,
  clockWithinMs: 5,
  isStandby: false,
  unsafe: [],
  isAutovacuumOn: true,
  migrations: { missing: [], unknown: [], unfinished: [] },
  role: { name: "t", isSuperuser: false, mayCreate: true, ownsTables: true, ownsDatabaseOrQueue: true },
  connections: { used: 10, most: 97 },
  partitions: { missingNow: [], missingAhead: [] },
  invalidIndexes: [],
  dead: [],
  longTransactions: [],
  transactionAge: 5e7,
  isWorkerConnected: true,
  hasQueue: true,
  ahead: [],
  refusedForTime: 0,
};
const migrations = (changes: Partial<DatabaseFacts["migrations"]>) => ({
  migrations: { ...DATABASE.migrations, ...changes },
});
const role = (changes: Partial<DatabaseFacts["role"]>) => ({ role: { ...DATABASE.role, ...changes } });

test.each<[string, Partial<DatabaseFacts>, string[]]>([
  ["all is well", {}, []],
  ["PostgreSQL 13", { versionNumber: 139_999 }, ["fail database"]],
  ["a standby", { isStandby: true }, ["fail database"]],
  ["3 s apart", { clockAheadMs: -3_000 }, ["warn clock"]],
  ["3 s apart, known within 2 s", { clockAheadMs: 3_000, clockWithinMs: 2_000 }, []],
  ["two minutes apart", { clockAheadMs: 120_000 }, ["fail clock"]],
  ["a window that is open", { ahead: [{ service: "s", environment: "e", seconds: 9 }] }, []],
  ["a window ahead", { ahead: [{ service: "s", environment: "e", seconds: 31 }] }, ["warn clocks of senders"]],
  ["batches refused", { refusedForTime: 3 }, ["warn clocks of senders"]],
  ["a migration to come", migrations({ missing: ["b"] }), ["warn migrations"]],
  ["one that was not finished", migrations({ missing: ["b"], unfinished: ["b"] }), ["fail migrations"]],
  ["one of a newer version", migrations({ unknown: ["z"] }), ["fail migrations"]],
  ["a role that may not create tables", role({ mayCreate: false }), ["fail role"]],
  ["tables of another role", role({ ownsTables: false }), ["fail role"]],
  ["no place for the job queue", role({ ownsDatabaseOrQueue: false }), ["fail role"]],
  ["a superuser", role({ isSuperuser: true }), []],
  [
    "nothing is synced",
    { unsafe: ["fsync"], isAutovacuumOn: false },
    ["warn database settings", "warn database settings"],
  ],
  ["no partition of today", { partitions: { missingNow: ["p"], missingAhead: ["q"] } }, ["fail partitions"]],
  ["no partition of tomorrow", { partitions: { missingNow: [], missingAhead: ["q"] } }, ["warn partitions"]],
  ["a broken index", { invalidIndexes: ["i"] }, ["fail indexes"]],
  ["dead rows", { dead: [{ table: "t", dead: 9e5, live: 10 }] }, ["warn dead rows"]],
  ["a long transaction", { longTransactions: [{ pid: 7, application: "", seconds: 900 }] }, ["warn long transactions"]],
  ["nothing was frozen", { transactionAge: 1.5e9 }, ["warn vacuum"]],
  ["many connections", { connections: { used: 80, most: 97 } }, ["warn connections"]],
  ["nearly all connections", { connections: { used: 96, most: 97 } }, ["fail connections"]],
])("the database: %s", (_, changes, expected) => {
  expect(troubles(judgeDatabase({ ...DATABASE, ...changes }))).toEqual(expected);
});

const STATUS: JobStatus = {
  job: "fold",
  everySeconds: 2,
  startedAt: null,
  succeededAt: null,
  durationMs: 1,
  error: null,
  runs: 1,
  failures: 0,
  lagSeconds: 0,
  healthy: true,
};
const JOBS: JobFacts = {
  statuses: [STATUS],
  waiting: { count: 2, oldestSeconds: 3 },
  isRunning: true,
  hasQueue: true,
  redis: null,
};
const REDIS = { reachable: true as const, version: "7.2.1", evictionPolicy: "noeviction", isSavedToDisk: true };

test.each<[string, Partial<JobFacts>, string[]]>([
  ["all is well", {}, []],
  ["nothing runs", { isRunning: false, statuses: [{ ...STATUS, healthy: false }], hasQueue: false }, ["warn jobs"]],
  ["one is late", { statuses: [STATUS, { ...STATUS, healthy: false, lagSeconds: 900 }] }, ["fail jobs"]],
  ["one has never run", { statuses: [{ ...STATUS, healthy: false, lagSeconds: null }] }, ["fail jobs"]],
  ["one failed just now", { statuses: [{ ...STATUS, error: "no" }] }, ["warn jobs"]],
  ["batches wait", { waiting: { count: 900, oldestSeconds: 300 } }, ["warn batches"]],
  ["no queue", { hasQueue: false }, ["fail job queue"]],
  ["a good Redis", { redis: REDIS, hasQueue: false }, []],
  ["an old Redis", { redis: { ...REDIS, version: "6.0.9" } }, ["fail job queue"]],
  ["a Redis that evicts", { redis: { ...REDIS, evictionPolicy: "allkeys-lru" } }, ["fail job queue"]],
  ["no Redis", { redis: { reachable: false, why: "refused" } }, ["fail job queue"]],
])("jobs: %s", (_, changes, expected) => {
  expect(troubles(judgeJobs({ ...JOBS, ...changes }))).toEqual(expected);
});

test.each<[string, Parameters<typeof judgeReplica>[0], string[]]>([
  ["follows", { reachable: true, isStandby: true, behindBytes: 1e6 }, []],
  ["is far behind", { reachable: true, isStandby: true, behindBytes: 9e8 }, ["warn replica"]],
  ["is no standby", { reachable: true, isStandby: false, behindBytes: 0 }, ["warn replica"]],
  ["is away", { reachable: false, why: "The database cannot be reached: refused" }, ["warn replica"]],
])("the replica %s", (_, facts, expected) => {
  expect(troubles([judgeReplica(facts)])).toEqual(expected);
});

test.each<[string, Parameters<typeof judgeTelling>[0], string[]]>([
  ["none", { receivers: [], receiverCount: 0, mail: null }, []],
  [
    "one is off",
    { receivers: [{ name: "a", offReason: "gone", failingSeconds: 9 }], receiverCount: 2, mail: null },
    ["warn receivers"],
  ],
  ["a mail server", { receivers: [], receiverCount: 1, mail: { address: "m:25", why: null } }, []],
  [
    "no mail server",
    { receivers: [], receiverCount: 1, mail: { address: "m:25", why: "refused" } },
    ["fail mail server"],
  ],
])("receivers: %s", (_, facts, expected) => {
  expect(troubles(judgeTelling(facts))).toEqual(expected);
});

test("a line says state, thing, what is, and what to do", () => {
  const finding: Finding = { check: "disk", state: "warn", says: "1 GB is free.", next: "Free some." };
  expect(lineOf(finding)).toBe("warn  disk: 1 GB is free. → Free some.");
  expect(lineOf({ check: "disk", state: "ok", says: "Much." })).toBe("ok    disk: Much.");
});

test("numbers are told in units that people read", () => {
  expect([1.5e9, 199e6, 2_000].map(bytesText)).toEqual(["1.5 GB", "199 MB", "2 kB"]);
  expect([40, 700, 9_000, 400_000].map(timeText)).toEqual(["40 s", "12 min", "3 h", "5 days"]);
});

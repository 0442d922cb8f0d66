import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { systemClock } from "@/lib/clock";
import { healthOf } from "@/lib/jobs/health";
import { type RunningWorker, startWorker } from "@/lib/jobs/run";
import { SCHEDULE } from "@/lib/jobs/schedule";
import { jobStatuses } from "@/lib/jobs/status";
import type { Job } from "@/lib/jobs/table";
import { openDb } from "@/lib/store/db";
import { DiskWatch } from "@/lib/store/disk";
import { batchOf } from "../support/batches.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { sql } from "../support/global-setup.ts";
import { store } from "../support/stored.ts";
import { until } from "../support/until.ts";

let database: TestDatabase;
const workers: RunningWorker[] = [];

beforeAll(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
});
afterAll(() => database.drop());

async function start(jobs?: readonly Job[]): Promise<RunningWorker> {
  const place = { databaseUrl: database.url, redisUrl: undefined };
  const worker = await startWorker({ db: database.db, place, ...(jobs ? { jobs } : {}) });
  workers.push(worker);
  return worker;
}

/** A job that counts its runs, and how many are at it at once. */
function counting(work: () => Promise<void> = () => Promise.resolve()) {
  const seen = { runs: 0, atOnce: 0, most: 0 };
  const run = async () => {
    seen.runs++;
    seen.most = Math.max(seen.most, ++seen.atOnce);
    await work().finally(() => seen.atOnce--);
  };
  return { seen, job: { name: "fold", everySeconds: 1, run } satisfies Job };
}

test("every job runs at once after the start, a batch that waits is folded, and health is good", async () => {
  await start();
  await until("all jobs have run", async () =>
    (await jobStatuses(database.db, Date.now())).every(({ runs }) => runs > 0),
  );
  await store(database.db, batchOf({ window: { startMs: Date.now(), seconds: 10 } }));
  await until("the batch is folded", async () => (await database.db.batch.count()) === 0);
  expect(await database.db.endpoint.count()).toBe(2);
  const health = await healthOf(systemClock, () => database.db);
  expect(health).toMatchObject({ status: "ok", database: "ok", waitingBatches: 0 });
  expect(health.jobs.map(({ job }) => job)).toEqual(SCHEDULE.map(({ name }) => name));
});

test("a slow job is neither started twice nor piled up", async () => {
  let release = (): void => undefined;
  const gate = new Promise<void>((done) => (release = done));
  const { seen, job } = counting(() => (seen.runs === 1 ? gate : Promise.resolve()));
  await start([job]);
  await until("it runs", () => seen.runs === 1);
  const begun = Date.now();
  await until("three periods have passed", () => Date.now() - begun > 3_000);
  expect(seen.runs).toBe(1);
  release();
  await until("it runs again", () => seen.runs === 2);
  expect(seen.most).toBe(1);
});

test("jobs go on when the clock is set back by an hour", async () => {
  const { seen, job } = counting();
  const place = { databaseUrl: database.url, redisUrl: undefined };
  workers.push(await startWorker({ db: database.db, place, jobs: [job], mendMs: 200 }));
  await until("it runs by turns", () => seen.runs >= 2);
  const [real, before] = [Date.now, seen.runs];
  const clock = vi.spyOn(Date, "now").mockImplementation(() => real() - 3_600_000);
  try {
    await until("it goes on", () => seen.runs >= before + 3);
  } finally {
    clock.mockRestore();
  }
});

test("a job that throws is noted, told by health when it goes on, and runs again", async () => {
  let runs = 0;
  const run = () => (++runs === 1 ? Promise.reject(new Error("no luck")) : Promise.resolve());
  await start([{ name: "roll_up", everySeconds: 1, run }]);
  await until(
    "it failed",
    async () => (await database.db.jobRun.findUnique({ where: { job: "roll_up" } }))?.error === "no luck",
  );
  await until(
    "it ran well",
    async () => (await database.db.jobRun.findUnique({ where: { job: "roll_up" } }))?.error === null,
  );
  expect(Number((await database.db.jobRun.findUniqueOrThrow({ where: { job: "roll_up" } })).failures)).toBe(1);
});

test("an hourly job that failed does not wait for an hour", async () => {
  let runs = 0;
  const run = () => (++runs < 3 ? Promise.reject(new Error("deadlock detected")) : Promise.resolve());
  const place = { databaseUrl: database.url, redisUrl: undefined };
  await database.db.jobRun.deleteMany();
  const jobs: Job[] = [{ name: "retention", everySeconds: 3_600, run }];
  workers.push(await startWorker({ db: database.db, place, jobs, retryMs: 50 }));
  await until(
    "it ran well",
    async () => (await database.db.jobRun.findUnique({ where: { job: "retention" } }))?.succeededAt,
  );
});

test("stopping lets a running job finish", async () => {
  let ended = false;
  const { seen, job } = counting(async () => {
    await until("asked to stop", () => stopping);
    ended = true;
  });
  let stopping = false;
  const worker = await start([job]);
  await until("it runs", () => seen.runs === 1);
  const stopped = worker.stop();
  stopping = true;
  await stopped;
  expect(ended).toBe(true);
});

test("after the database dropped every connection, jobs go on", async () => {
  const { seen, job } = counting();
  await start([job]);
  await until("it runs", () => seen.runs > 0);
  const before = seen.runs;
  await sql(
    database.url,
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
  );
  await until("it runs again", () => seen.runs > before + 1, 20_000);
});

test("without a database, health says so within a second", async () => {
  const db = openDb("postgresql://postgres@127.0.0.1:1/none");
  const begun = performance.now();
  expect(await healthOf(systemClock, () => db)).toMatchObject({
    status: "not_well",
    database: "unreachable",
    jobs: [],
  });
  expect(performance.now() - begun).toBeLessThan(1_000);
  await db.$disconnect();
});

test("a full disk is told by health, since nothing new is accepted", async () => {
  await start();
  await until("all jobs are well", async () => (await healthOf(systemClock, () => database.db)).status === "ok");
  const disk = new DiskWatch("/data", systemClock, async () => 1_000);
  expect(await healthOf(systemClock, () => database.db, disk)).toMatchObject({ status: "not_well", disk: "full" });
});

test("jobs count as not well when they are late, and not while they are at it", async () => {
  const at = (seconds: number) => new Date(Date.parse("2026-11-22T10:00:00Z") + seconds * 1000);
  const data = { job: "fold", startedAt: at(0), endedAt: at(1), succeededAt: at(1) };
  await database.db.jobRun.deleteMany();
  await database.db.jobRun.create({ data });
  const fold = async (seconds: number) => (await jobStatuses(database.db, at(seconds).getTime()))[0]!;
  expect(await fold(60)).toMatchObject({ healthy: true, lagSeconds: 57 });
  expect(await fold(70)).toMatchObject({ healthy: false, lagSeconds: 67 });
  await database.db.jobRun.update({ where: { job: "fold" }, data: { startedAt: at(5) } });
  expect(await fold(300)).toMatchObject({ healthy: true });
  expect(await fold(700)).toMatchObject({ healthy: false });
  expect((await jobStatuses(database.db, at(0).getTime()))[1]).toMatchObject({ healthy: false, lagSeconds: null });
});

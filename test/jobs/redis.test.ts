import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWorker } from "@/lib/jobs/run";
import { jobStatuses } from "@/lib/jobs/status";
import { batchOf } from "../support/batches.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { emptyRedis, redisOrNone } from "../support/redis.ts";
import { store } from "../support/stored.ts";
import { until } from "../support/until.ts";

const redis = redisOrNone("jobs on Redis");

describe.runIf(redis)("with REDIS_URL", () => {
  let database: TestDatabase;
  let redisUrl: string;

  beforeAll(async () => {
    database = await testDatabase();
    redisUrl = await emptyRedis(redis!, 11);
  });
  afterAll(() => database.drop());

  const start = () => startWorker({ db: database.db, place: { databaseUrl: database.url, redisUrl } });
  const folds = async () => (await jobStatuses(database.db, Date.now())).find(({ job }) => job === "fold")!;

  test("every job runs, two workers share them, and PostgreSQL holds no queue", async () => {
    const workers = [await start(), await start()];
    try {
      await until("all jobs have run", async () =>
        (await jobStatuses(database.db, Date.now())).every(({ runs }) => runs > 0),
      );
      await store(database.db, batchOf({ window: { startMs: Date.now(), seconds: 10 } }));
      await until("the batch is folded", async () => (await database.db.batch.count()) === 0);
      const { runs, everySeconds } = await folds();
      const begun = Date.now();
      await until("three more folds", async () => (await folds()).runs >= runs + 3);
      // Two workers that each had a schedule of their own would be twice as fast.
      expect(Date.now() - begun).toBeGreaterThan(1.5 * everySeconds * 1_000);
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
    }
    const schemas = await database.db.$queryRaw<unknown[]>`SELECT FROM pg_namespace WHERE nspname = 'bullmq'`;
    expect(schemas).toEqual([]);
  });
});

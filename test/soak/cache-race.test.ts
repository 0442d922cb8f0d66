import { describe, expect, test } from "vitest";
import { define } from "../sdk/cache/defined";
import { MemoryTruth } from "../sdk/cache/memory-truth";
import { AppProcess, bundleProgram } from "../sdk/cache/shared/processes";
import { raceOn } from "../sdk/cache/shared/race";
import { emptyRedis, redisOrNone } from "../support/redis";

const READS = 100_000;

test("100,000 reads beside writes and fills in one process: none stale", async () => {
  const truth = new MemoryTruth();
  const definition = define({ load: (user) => truth.load(user) });
  const result = await raceOn({ truth, definition, rounds: READS });
  console.info(JSON.stringify(result));
  expect(result.stale).toBe(0);
});

const redis = redisOrNone("the race of four processes");

describe.runIf(redis)("four processes on Redis", () => {
  test.each(["redis", "memory before redis with a bus"] as const)("100,000 reads, none stale (%s)", async (kind) => {
    const redisUrl = await emptyRedis(redis!, 14);
    const program = await bundleProgram();
    const apps = await Promise.all([1, 2, 3, 4].map(() => AppProcess.start(program, kind, { redisUrl })));
    try {
      const results = await Promise.all(apps.map((app) => app.do("race", READS / apps.length)));
      console.info(JSON.stringify(results));
      expect(results.map(({ stale }) => stale)).toEqual([0, 0, 0, 0]);
    } finally {
      await Promise.all(apps.map((app) => app.kill()));
    }
  });
});

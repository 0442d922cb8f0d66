import { expect, test } from "vitest";
import { faultRun, VICTIMS } from "../support/fault-run.ts";

test("kill -9 of web, worker, PostgreSQL and all of them: nothing acknowledged is lost or doubled", async () => {
  const { sent, shown } = await faultRun(VICTIMS);
  expect(sent.batches).toBeGreaterThan(50);
  expect([...sent.retries.values()].reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0); // the kills were felt
  expect(shown).toEqual({ requests: sent.requests, byUsers: sent.requests });
}, 180_000);

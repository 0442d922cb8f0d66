import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { API_KEY, atRest } from "../support/fault-run.ts";
import { manyMachines, manyRun } from "../support/many-run.ts";
import { StubbornClient } from "../support/stubborn-client.ts";
import { until } from "../support/until.ts";

test("3 web and 2 worker machines on one database end at random under load: nothing acknowledged is lost or doubled", async () => {
  const { sent, shown, receipts, failures } = await manyRun({ webs: 3, workers: 2, forMs: 12_000, everyMs: 1_000 });
  console.info(JSON.stringify({ sent: { ...sent, retries: Object.fromEntries(sent.retries) }, failures }));
  expect(sent.batches).toBeGreaterThan(100);
  expect([...sent.retries.values()].reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0); // the ends were felt
  expect(receipts).toBe(sent.batches);
  const right = { requests: sent.requests, byUsers: sent.requests };
  expect(shown).toEqual([right, right, right]);
}, 300_000);

test("a rolling restart behind a load balancer refuses nobody", async () => {
  const env = { TAILFILL_DRAIN_SECONDS: "2" };
  const many = await manyMachines({ webs: 2, workers: 1, asksReady: true, env });
  try {
    const client = new StubbornClient({ url: many.proxy.url, apiKey: API_KEY }, 6);
    for (const machine of many.webs) {
      const enough = client.sent.batches + 30;
      await until("batches are acknowledged", () => client.sent.batches >= enough, 60_000);
      await machine.fail("stop");
      await machine.ready();
      await pause(300); // the balancer takes so long to see it
    }
    const sent = await client.finish();
    expect([Object.fromEntries(sent.retries), sent.duplicates, many.proxy.failures]).toEqual([{}, 0, 0]);
    expect(await atRest(many.urls[0]!)).toEqual({ requests: sent.requests, byUsers: sent.requests });
  } finally {
    await many.stop();
  }
}, 240_000);

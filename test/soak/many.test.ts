import { expect, test } from "vitest";
import { manyRun } from "../support/many-run.ts";

test("5 minutes of 3 web and 2 worker machines that end at random under load: nothing acknowledged is lost or doubled", async () => {
  const { sent, shown, receipts, failures } = await manyRun({ webs: 3, workers: 2, forMs: 300_000, everyMs: 3_000 });
  console.info(JSON.stringify({ sent: { ...sent, retries: Object.fromEntries(sent.retries) }, failures }));
  expect(receipts).toBe(sent.batches);
  const right = { requests: sent.requests, byUsers: sent.requests };
  expect(shown).toEqual([right, right, right]);
});

import { expect, test } from "vitest";
import { faultRun, VICTIMS } from "../support/fault-run.ts";

test("200 kills: nothing acknowledged is lost or doubled", async () => {
  const victims = Array.from({ length: 200 }, () => VICTIMS[Math.floor(Math.random() * VICTIMS.length)] ?? "web");
  const { sent, shown } = await faultRun(victims);
  expect(shown).toEqual({ requests: sent.requests, byUsers: sent.requests });
});

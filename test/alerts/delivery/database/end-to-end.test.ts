import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { acknowledge } from "@/lib/alerts/incidents";
import { beat } from "@/lib/store/alert-clock";
import { ensurePartitions } from "@/lib/store/partitions";
import { makeRule, NOON, round, send, sendAll } from "../../database/support.ts";
import { FakeClock } from "../../../support/clock.ts";
import { makeReceiver, worker, receivingRoom } from "./support.ts";

const { room, receiving } = receivingRoom();

const SECOND = 1_000;

test("from the end of the window that breaches to the webhook it takes 45 s at most; then acknowledged, then resolved", async () => {
  const { db } = room;
  await ensurePartitions(db, NOON);
  const { id, secret } = await makeReceiver(db, receiving.url());
  const pager = await makeReceiver(db, receiving.url("/pager"), "pagerduty");
  await makeRule(db, { receivers: [id, pager.id], keepFiringSeconds: 60 });
  await sendAll(db, NOON - 300 * SECOND, NOON, { us: 10_000 });
  await send(db, NOON, { us: 900_000, count: 100, user: "u_1" });
  const clock = new FakeClock(NOON);
  const deliveries = worker(db, clock);
  /** Lets time pass: rounds every ten seconds at the worst moment, deliveries every two; notes when something arrives. */
  const times: number[] = [];
  const pass = async (seconds: number): Promise<void> => {
    for (const end = clock.now() + seconds * SECOND; clock.now() < end; clock.advance(SECOND)) {
      const second = (clock.now() - NOON) / SECOND;
      if (second % 10 === 9) await beat(db, "web", clock.now()).then(() => round(db, clock.now()));
      if (second % 2 === 0) await deliveries.round();
      while (times.length < receiving.arrived.length) times.push(second);
    }
  };
  await pass(60);
  expect(receiving.arrived.map(({ path }) => path).sort()).toEqual(["/hook", "/pager"]);
  expect(Math.max(...times) - 10).toBeLessThanOrEqual(45);
  const { headers, body } = receiving.arrived.find(({ path }) => path === "/hook")!;
  expect(new Webhook(secret).sign(headers["webhook-id"] as string, new Date(NOON + times[0]! * SECOND), body)).toBe(
    headers["webhook-signature"],
  );
  expect(JSON.parse(body)).toMatchObject({ type: "incident.opened", data: { users: [{ user: "u_1", tailShare: 1 }] } });
  const incident = (JSON.parse(body) as { data: { incident: { id: string } } }).data.incident.id;
  await acknowledge(db, incident, { by: "somebody", nowMs: clock.now() });
  await sendAll(db, NOON + 10 * SECOND, NOON + 500 * SECOND, { us: 10_000 });
  await pass(440);
  const toPager = receiving.arrived
    .filter(({ path }) => path === "/pager")
    .map((one) => JSON.parse(one.body) as object);
  expect(toPager).toMatchObject(
    ["trigger", "acknowledge", "resolve"].map((action) => ({ event_action: action, dedup_key: incident })),
  );
});

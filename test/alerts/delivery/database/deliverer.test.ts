import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, test } from "vitest";
import { applyRound } from "@/lib/alerts/apply";
import { changeReceiver } from "@/lib/alerts/delivery/receivers";
import { send } from "@/lib/alerts/delivery/send";
import { setAlertClock } from "@/lib/store/alert-clock";
import { listDeliveries, noteAttempt, type DeliveryRow } from "@/lib/store/alert-deliveries";
import { claimDue, fanOut, RECEIVER_OFF } from "@/lib/store/alert-delivery-queue";
import { deleteReceiver, findReceiver, updateReceiver } from "@/lib/store/alert-receivers";
import { FakeClock } from "../../../support/clock.ts";
import { until } from "../../../support/until.ts";
import { told } from "../told.ts";
import { forget, makeEvent, makeReceiver, outsideOf, worker, receivingRoom } from "./support.ts";

const { room, receiving } = receivingRoom();
let clock: FakeClock;

beforeEach(async () => {
  clock = new FakeClock(Date.now());
  await forget(room.db);
});

const all = (): Promise<DeliveryRow[]> => listDeliveries(room.db, { limit: 1_000 });
const only = async (): Promise<DeliveryRow> => (await all())[0]!;
const answer = (status: number, headers: Record<string, string> = {}) => {
  receiving.respond = (_, response) => response.writeHead(status, headers).end();
};

describe("an event and its deliveries", () => {
  test("arrives, signed, as it was written", async () => {
    const { id, secret } = await makeReceiver(room.db, receiving.url("/hook?a=1"));
    const event = await makeEvent(room.db, [id], clock.now());
    await worker(room.db, clock).round();
    expect(receiving.arrived).toHaveLength(1);
    const { path, headers, body } = receiving.arrived[0]!;
    expect(path).toBe("/hook?a=1");
    expect(headers).toMatchObject({
      "webhook-id": event,
      "content-type": "application/json",
      "user-agent": "tailfill",
    });
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(told());
    const address = receiving.url("/…");
    const log = [{ status: 200, error: null, answer: "thanks", atMs: clock.now(), tookMs: 0, address }];
    expect(await only()).toMatchObject({ state: "delivered", attempts: 1, messageId: event, nextAtMs: null, log });
    await worker(room.db, clock).round();
    expect(receiving.arrived).toHaveLength(1);
  });

  test("goes to each receiver in its form, and to none that does not exist", async () => {
    const webhook = await makeReceiver(room.db, receiving.url());
    const slack = await makeReceiver(room.db, receiving.url("/slack"), "slack");
    await makeEvent(room.db, [webhook.id, "r1", slack.id, newId()], clock.now());
    await worker(room.db, clock).round();
    const bySlack = receiving.arrived.find(({ path }) => path === "/slack")!;
    expect(JSON.parse(bySlack.body)).toMatchObject({ text: "Firing: count is slow" });
    expect(bySlack.headers["webhook-signature"]).toBeUndefined();
    expect((await all()).map(({ state }) => state)).toEqual(["delivered", "delivered"]);
  });

  test("is fanned out once, whatever workers do at the same time", async () => {
    const { id } = await makeReceiver(room.db, receiving.url());
    for (let i = 0; i < 20; i += 1) await makeEvent(room.db, [id], clock.now());
    const fanned = await Promise.all([1, 2, 3, 4].map(() => fanOut(room.db, clock.now())));
    expect(fanned.reduce((sum, { events }) => sum + events, 0)).toBe(20);
    expect(await all()).toHaveLength(20);
  });

  test("is claimed by one worker, one of a receiver at a time", async () => {
    const ids = await Promise.all([1, 2, 3].map(async () => (await makeReceiver(room.db, receiving.url())).id));
    await makeEvent(room.db, ids, clock.now());
    await makeEvent(room.db, ids, clock.now());
    await fanOut(room.db, clock.now());
    const claim = () => claimDue(room.db, { nowMs: clock.now(), leaseMs: 30_000, limit: 10 });
    const claims = (await Promise.all([claim(), claim(), claim()])).flat();
    expect(claims.map(({ receiverId }) => receiverId).sort()).toEqual([...ids].sort());
    expect(await claim()).toEqual([]);
    clock.advance(30_001);
    expect(await claim()).toHaveLength(3);
  });

  test("of a receiver that is off fails, and says why", async () => {
    const { id } = await makeReceiver(room.db, receiving.url());
    await updateReceiver(room.db, id, { enabled: false });
    await makeEvent(room.db, [id], clock.now());
    await worker(room.db, clock).round();
    expect(await only()).toMatchObject({ state: "failed", why: RECEIVER_OFF, attempts: 0 });
    expect(receiving.arrived).toEqual([]);
  });
});

const newId = () => "019a0000-0000-7000-8000-00000000ffff";

describe("a receiver that fails", () => {
  test("gets it again by the schedule, under the same id and with a new time", async () => {
    const { id } = await makeReceiver(room.db, receiving.url());
    const event = await makeEvent(room.db, [id], clock.now());
    const { round } = worker(room.db, clock);
    answer(500);
    await round();
    expect(await only()).toMatchObject({ state: "waiting", attempts: 1, nextAtMs: clock.now() + 5_000 });
    clock.advance(4_999);
    await round();
    expect(receiving.arrived).toHaveLength(1);
    for (const seconds of [0.001, 300, 1_800, 7_200, 18_000, 36_000]) {
      clock.advance(seconds * 1_000);
      await round();
    }
    expect(receiving.arrived).toHaveLength(7);
    answer(204);
    clock.advance(36_000_000);
    await round();
    expect(await only()).toMatchObject({ state: "delivered", attempts: 8 });
    expect(new Set(receiving.ids())).toEqual(new Set([event]));
    expect(new Set(receiving.arrived.map(({ headers }) => headers["webhook-timestamp"])).size).toBe(8);
    expect(await findReceiver(room.db, id)).toMatchObject({ failingSinceMs: null, enabled: true });
  });

  test("and says when: Retry-After is obeyed", async () => {
    const { id } = await makeReceiver(room.db, receiving.url());
    await makeEvent(room.db, [id], clock.now());
    answer(429, { "retry-after": "120" });
    await worker(room.db, clock).round();
    expect(await only()).toMatchObject({ state: "waiting", nextAtMs: clock.now() + 120_000 });
  });

  test("with 410 is off at once, with all that waits for it", async () => {
    const { id } = await makeReceiver(room.db, receiving.url());
    await makeEvent(room.db, [id], clock.now());
    await makeEvent(room.db, [id], clock.now());
    answer(410);
    await worker(room.db, clock).round();
    expect((await all()).map(({ state }) => state)).toEqual(["failed", "failed"]);
    expect(receiving.arrived).toHaveLength(1);
    expect(await findReceiver(room.db, id)).toMatchObject({ enabled: false, offReason: "gone", offAtMs: clock.now() });
  });

  test("for five days is off", async () => {
    const { id } = await makeReceiver(room.db, receiving.url());
    const { round } = worker(room.db, clock);
    answer(503);
    for (let hours = 0; hours <= 120; hours += 12) {
      await makeEvent(room.db, [id], clock.now());
      await round();
      expect((await findReceiver(room.db, id))!.enabled).toBe(hours < 120);
      clock.advance(12 * 3_600_000);
    }
    expect(await findReceiver(room.db, id)).toMatchObject({ offReason: "failing" });
  });

  test("a private address is refused at every attempt, and told", async () => {
    const { id } = await makeReceiver(room.db, "http://10.0.0.1/hook");
    await makeEvent(room.db, [id], clock.now());
    await worker(room.db, clock).round();
    const log = [{ status: null, error: expect.stringContaining("TAILFILL_WEBHOOK_ALLOW") as string }];
    expect(await only()).toMatchObject({ state: "waiting", log });
  });
});

describe("a receiver that changes while a message is under way", () => {
  /** What a worker that sends is told, when the receiver answers so late that something else has happened. */
  const underWay = async (meanwhile: (id: string) => Promise<void>, status: number): Promise<void> => {
    const { id } = await makeReceiver(room.db, receiving.url());
    await makeEvent(room.db, [id], clock.now());
    receiving.respond = (_, response) => void meanwhile(id).then(() => response.writeHead(status).end());
    await worker(room.db, clock).round();
    expect(receiving.arrived).toHaveLength(1);
  };

  test.each([200, 500])("removed: nothing of it is left, whatever it answers (%i)", async (status) => {
    await underWay((id) => deleteReceiver(room.db, id), status);
    expect([await all(), await room.db.alertAttempt.count()]).toEqual([[], 0]);
  });

  test("switched off: what fails is not tried again", async () => {
    await underWay(async (id) => void (await changeReceiver(room.db, id, { enabled: false })), 500);
    expect(await only()).toMatchObject({ state: "failed", why: RECEIVER_OFF, nextAtMs: null, attempts: 1 });
    clock.advance(3_600_000);
    await worker(room.db, clock).round();
    expect(receiving.arrived).toHaveLength(1);
  });

  test("removed at the very moment in which it is noted: neither waits for the other", async () => {
    const made = await Promise.all(Array.from({ length: 40 }, () => makeReceiver(room.db, receiving.url())));
    const ids = made.map(({ id }) => id);
    await makeEvent(room.db, ids, clock.now());
    await fanOut(room.db, clock.now());
    const claims = await claimDue(room.db, { nowMs: clock.now(), leaseMs: 30_000, limit: 100 });
    const attempt = { atMs: clock.now(), tookMs: 1, status: 200, error: null, answer: null, address: null };
    const health = { failingSinceMs: null, failedAtMs: null, off: null, nowMs: clock.now() };
    const outcome = { state: "delivered", nextAtMs: null, attempt, ...health } as const;
    await Promise.all(
      claims.flatMap((claim) => [noteAttempt(room.db, claim, outcome), deleteReceiver(room.db, claim.receiverId)]),
    );
    expect(await all()).toEqual([]);
  });
});

test("what was never tried is due at once when the clock is set back by an hour", async () => {
  const { id } = await makeReceiver(room.db, receiving.url());
  await makeEvent(room.db, [id], clock.now());
  await fanOut(room.db, clock.now());
  await setAlertClock(room.db, { evaluatedAtMs: clock.now(), ranAtMs: clock.now() });
  clock.advance(-3_600_000);
  await applyRound(room.db, null, { nowMs: clock.now(), publicUrl: "https://tailfill.example" });
  await worker(room.db, clock).round();
  expect(await only()).toMatchObject({ state: "delivered" });
});

describe("at least once", () => {
  test("a kill between sending and noting, a hundred times: again under the same id, at most twice", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 100; i += 1) ids.push((await makeReceiver(room.db, receiving.url())).id);
    const events = await Promise.all(ids.map((id) => makeEvent(room.db, [id], clock.now())));
    await fanOut(room.db, clock.now());
    // What a worker does up to the moment in which it is killed.
    const claims = await claimDue(room.db, { nowMs: clock.now(), leaseMs: 30_000, limit: 200 });
    await Promise.all(claims.map((claim) => send(claim, outsideOf(clock))));
    const { round } = worker(room.db, clock);
    await round();
    expect(receiving.ids()).toEqual([...events].sort());
    clock.advance(30_001);
    await round();
    expect(receiving.ids()).toEqual([...events, ...events].sort());
    expect((await all()).every(({ state }) => state === "delivered")).toBe(true);
  });

  test("a database that fails when it is noted", async () => {
    const { id } = await makeReceiver(room.db, receiving.url());
    const event = await makeEvent(room.db, [id], clock.now());
    await room.db.$executeRawUnsafe("ALTER TABLE alert_attempt RENAME TO away");
    await worker(room.db, clock).round();
    await room.db.$executeRawUnsafe("ALTER TABLE away RENAME TO alert_attempt");
    expect(await only()).toMatchObject({ state: "waiting", attempts: 0 });
    clock.advance(30_001);
    await worker(room.db, clock).round();
    expect(receiving.ids()).toEqual([event, event]);
    expect(await only()).toMatchObject({ state: "delivered", attempts: 1 });
  });
});

test("fifty receivers that hang delay no other", async () => {
  const hanging = await Promise.all(Array.from({ length: 50 }, () => makeReceiver(room.db, receiving.url("/hang"))));
  const well = await Promise.all(Array.from({ length: 50 }, () => makeReceiver(room.db, receiving.url("/well"))));
  const took: number[] = [];
  const begin = performance.now();
  receiving.respond = ({ url }, response) => {
    if (url === "/hang") return;
    took.push(performance.now() - begin);
    response.end();
  };
  const { deliverer } = worker(room.db, clock, 10_000);
  for (let i = 0; i < 3; i += 1)
    await makeEvent(
      room.db,
      [...hanging, ...well].map(({ id }) => id),
      clock.now(),
    );
  await until("all that are well were told", async () => {
    await deliverer.round();
    return took.length === 150;
  });
  took.sort((a, b) => a - b);
  expect(took[142]!).toBeLessThan(5_000);
  expect(receiving.arrived.filter(({ path }) => path === "/hang")).toHaveLength(50);
  receiving.reset();
  await deliverer.settled();
});

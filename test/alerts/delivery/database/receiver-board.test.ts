import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BoardReceiver, receiverBoard } from "@/lib/alerts/delivery/receiver-board";
import { changeReceiver } from "@/lib/alerts/delivery/receivers";
import { serverRoom } from "../../../auth/support/server-room.ts";
import { FakeClock } from "../../../support/clock.ts";
import type { TestDatabase } from "../../../support/database.ts";
import { makeRule } from "../../database/support.ts";
import { forget, makeEvent, makeReceiver, Receiving, worker } from "./support.ts";

let room: TestDatabase;
let receiving: Receiving;
let clock: FakeClock;

beforeAll(async () => {
  room = await serverRoom();
  receiving = await new Receiving().listen();
});
afterAll(async () => {
  receiving.close();
  await room.drop();
});
beforeEach(async () => {
  receiving.reset();
  clock = new FakeClock(Date.parse("2026-11-22T12:00:00Z"));
  await forget(room.db);
  await room.db.alertRule.deleteMany();
});

const boardOf = async (id: string): Promise<BoardReceiver> =>
  (await receiverBoard(room.db)).receivers.find((one) => one.id === id)!;
const answer = (status: number) => {
  receiving.respond = (_, response) => response.writeHead(status).end();
};
async function tell(id: string): Promise<void> {
  await makeEvent(room.db, [id], clock.now());
  await worker(room.db, clock).round();
}

test("has the rules that name a receiver, and its last delivery", async () => {
  const [one, other] = [await makeReceiver(room.db, receiving.url()), await makeReceiver(room.db, receiving.url())];
  const rule = await makeRule(room.db, { name: "slow", receivers: [one.id] });
  expect(await boardOf(one.id)).toMatchObject({ rules: [{ id: rule, name: "slow" }], last: null, unsent: 0 });
  await tell(one.id);
  answer(500);
  clock.advance(60_000);
  await tell(one.id);
  const at = new Date(clock.now()).toISOString();
  expect((await boardOf(one.id)).last).toEqual({ type: "incident.opened", state: "waiting", at });
  expect(await boardOf(other.id)).toMatchObject({ rules: [], last: null });
});

test("counts what one was not sent that was switched off by itself: what waited, and what came since", async () => {
  const { id } = await makeReceiver(room.db, receiving.url());
  answer(500);
  await tell(id);
  await tell(id);
  answer(410);
  clock.advance(10_000);
  await tell(id); // the first is tried again, and is told 410
  clock.advance(3_600_000);
  await tell(id);
  const off = await boardOf(id);
  expect(off).toMatchObject({ enabled: false, offReason: "gone" });
  const why = await room.db.alertDelivery.findMany({ where: { why: { not: null } } });
  expect([off.unsent, why.length]).toEqual([3, 3]);
  await changeReceiver(room.db, id, { enabled: true });
  expect(await boardOf(id)).toMatchObject({ enabled: true, unsent: 0 });
  await changeReceiver(room.db, id, { enabled: false });
  await tell(id);
  expect((await boardOf(id)).unsent).toBe(0); // people did that
});

test("has those that need somebody first", async () => {
  const ids: string[] = [];
  for (const status of [200, 500, 410]) {
    const { id } = await makeReceiver(room.db, receiving.url());
    answer(status);
    await tell(id);
    ids.push(id);
  }
  const { receivers } = await receiverBoard(room.db);
  expect(receivers.map(({ id }) => ids.indexOf(id))).toEqual([2, 1, 0]);
});

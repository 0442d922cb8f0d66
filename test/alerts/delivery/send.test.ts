import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { seal } from "@/lib/alerts/delivery/sealed";
import { send } from "@/lib/alerts/delivery/send";
import { newSecret } from "@/lib/alerts/delivery/sign";
import { FakeClock } from "../../support/clock.ts";
import { outsideOf, Receiving, SECRET } from "./database/support.ts";
import { told } from "./told.ts";

let receiving: Receiving;
beforeAll(async () => {
  receiving = await new Receiving().listen();
});
afterAll(() => receiving.close());
beforeEach(() => receiving.reset());

const ID = "019a0000-0000-7000-8000-000000000001";
const clock = new FakeClock(Date.now());

const sendWith = (signing: { secret: string; untilMs: number | null }[], by = SECRET) =>
  send(
    {
      messageId: ID,
      receiverId: ID,
      kind: "webhook",
      sealed: seal({ url: receiving.url(), signing }, ID, by),
      payload: told(),
    },
    outsideOf(clock),
  );

test("a secret that was replaced signs until its time is over", async () => {
  const [before, after] = [newSecret(), newSecret()];
  const verify = (secret: string, place: number) => {
    const { body, headers } = receiving.arrived[place]!;
    return new Webhook(secret).verify(body, headers as Record<string, string>);
  };
  const replaced = (untilMs: number) =>
    sendWith([
      { secret: after, untilMs: null },
      { secret: before, untilMs },
    ]);
  await replaced(clock.now() + 1);
  await replaced(clock.now());
  expect([verify(before, 0), verify(after, 0), verify(after, 1)]).toEqual([told(), told(), told()]);
  expect(() => verify(before, 1)).toThrow();
});

test("what cannot be opened is not sent, and the reader knows why", async () => {
  const error = expect.stringContaining("TAILFILL_SECRET has changed") as string;
  expect(await sendWith([], "another secret")).toMatchObject({ status: null, error });
  expect(receiving.arrived).toEqual([]);
});

test("a receiver that is not there is told in words", async () => {
  const sealed = seal({ url: "http://127.0.0.1:1" }, ID, SECRET);
  const message = { messageId: ID, receiverId: ID, kind: "webhook", payload: told() };
  expect(await send({ ...message, sealed }, outsideOf(clock))).toMatchObject({
    status: null,
    error: expect.any(String) as string,
  });
  const free = seal({ url: receiving.url().replace(/:\d+/, ":9") }, ID, SECRET);
  expect((await send({ ...message, sealed: free }, outsideOf(clock))).error).toMatch(/port 9/);
});

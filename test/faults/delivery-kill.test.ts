import { expect, test } from "vitest";
import { deliveryKills } from "../support/delivery-kills.ts";

test("kill -9 of everything between sending and noting: what was sent comes once more, under the same id", async () => {
  const got = await deliveryKills(3);
  expect(got).toEqual(got.map(({ event }) => ({ event, ids: [event, event], state: "delivered" })));
  expect(got).toHaveLength(3);
}, 180_000);

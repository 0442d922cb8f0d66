import { expect, test } from "vitest";
import { deliveryKills } from "../support/delivery-kills.ts";

test("100 kills between sending and noting: no message is missing, and none comes a third time", async () => {
  const got = await deliveryKills(100);
  expect(got).toEqual(got.map(({ event }) => ({ event, ids: [event, event], state: "delivered" })));
  expect(got).toHaveLength(100);
});

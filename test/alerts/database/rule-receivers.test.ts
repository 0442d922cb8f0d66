import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { removeReceiver } from "@/lib/alerts/delivery/receivers";
import { changeRule, createRule, oneRule } from "@/lib/alerts/rules";
import { exportRules, importRules } from "@/lib/alerts/rules-file";
import { insertReceiver } from "@/lib/store/alert-receivers";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { forget, NOON, SLOW_FEED } from "./support.ts";

const OPS = "019a0000-0000-7000-8000-0000000000a1";
const CHAT = "019a0000-0000-7000-8000-0000000000a2";
const NOBODY = "019a0000-0000-7000-8000-0000000000ff";
const change = { nowMs: NOON, by: "somebody" };

let room: TestDatabase;
beforeAll(async () => {
  room = await testDatabase();
});
afterAll(() => room.drop());
beforeEach(async () => {
  await forget(room.db);
  await room.db.alertReceiver.deleteMany();
  for (const id of [OPS, CHAT])
    await insertReceiver(room.db, { id, name: id, kind: "slack", shown: "…", sealed: "…" }, change);
});

const make = (receivers: unknown, name = "slow") => createRule(room.db, { ...SLOW_FEED, name, receivers }, change);
const receiversOf = async (id: string) => (await oneRule(room.db, id)).rule["receivers"];
const file = (receivers: string) => `version: 1
rules:
  - { name: slow, kind: silence, service: shop, environment: production, receivers: [${receivers}] }
`;

describe("the receivers of a rule", () => {
  test("exist, however their ids are written", async () => {
    const id = await make([OPS.toUpperCase(), ` ${CHAT} `]);
    expect(await receiversOf(id)).toEqual([OPS, CHAT]);
  });

  test("that do not exist are named, each of them, beside every other problem", async () => {
    const made = createRule(room.db, { ...SLOW_FEED, percentile: 101, receivers: [NOBODY, OPS, "r1"] }, change);
    await expect(made).rejects.toMatchObject({
      code: "bad_request",
      message: expect.stringMatching(
        new RegExp(
          `percentile: .*receivers.0: there is no receiver "${NOBODY}".*receivers.2: there is no receiver "r1"`,
        ),
      ) as string,
    });
    expect(await room.db.alertRule.count()).toBe(0);
  });

  test("are checked when a rule changes, which stays as it was", async () => {
    const id = await make([OPS]);
    const changed = changeRule(room.db, id, { receivers: [OPS, NOBODY] }, change);
    await expect(changed).rejects.toThrow(`receivers.1: there is no receiver "${NOBODY}"`);
    expect(await receiversOf(id)).toEqual([OPS]);
  });

  test("are checked in a rules file, all of which is refused", async () => {
    await expect(importRules(room.db, file(`"${NOBODY}"`), change)).rejects.toThrow(
      `rules.0.receivers.0: there is no receiver "${NOBODY}"`,
    );
    expect(await room.db.alertRule.count()).toBe(0);
    expect(await importRules(room.db, file(`"${OPS}"`), change)).toMatchObject({ created: ["slow"] });
  });
});

test("a receiver that is removed leaves the rules, which can be changed and exported as before", async () => {
  const [both, other] = [await make([OPS, CHAT]), await make([CHAT], "other")];
  const before = await room.db.alertRule.findUniqueOrThrow({ where: { id: both } });
  await removeReceiver(room.db, OPS);
  expect(await receiversOf(both)).toEqual([CHAT]);
  expect(await receiversOf(other)).toEqual([CHAT]);
  const after = await room.db.alertRule.findUniqueOrThrow({ where: { id: both } });
  expect(after).toMatchObject({ receivers: [CHAT], version: before.version });
  await changeRule(room.db, both, { enabled: false }, change);
  expect(await exportRules(room.db)).not.toContain(OPS);
});

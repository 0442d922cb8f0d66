import { expect, test } from "vitest";
import { networks } from "@/lib/alerts/delivery/addresses";
import { RefusedTarget } from "@/lib/alerts/delivery/connect";
import { heartbeat } from "@/lib/alerts/delivery/heartbeat";
import { setAlertClock } from "@/lib/store/alert-clock";
import { NOON } from "../told.ts";
import { receivingRoom } from "./support.ts";

const { room, receiving } = receivingRoom();

const beat = (changes: { url?: string | undefined; allow?: string[] } = {}) =>
  heartbeat(room.db, {
    url: "url" in changes ? changes.url : receiving.url("/alive"),
    guard: { allow: networks(changes.allow ?? ["127.0.0.0/8"]) },
    nowMs: NOON,
  });

test.each([
  ["alerts are judged", 5, 25, 1],
  ["the last round was two minutes ago", 120, 25, 0],
  ["what is judged is two minutes old", 5, 120, 0],
  ["no round ever ran", null, null, 0],
])("%s", async (_, ranSeconds, evaluatedSeconds, times) => {
  const ago = (seconds: number | null) => (seconds === null ? null : NOON - seconds * 1_000);
  await setAlertClock(room.db, { ranAtMs: ago(ranSeconds), evaluatedAtMs: ago(evaluatedSeconds) });
  expect(await beat()).toBe(times === 1);
  expect(receiving.arrived.map(({ path }) => path)).toEqual(Array.from({ length: times }, () => "/alive"));
});

test("is guarded like every other address, tells of a bad answer, and is off without an address", async () => {
  await setAlertClock(room.db, { ranAtMs: NOON - 5_000, evaluatedAtMs: NOON - 25_000 });
  await expect(beat({ allow: [] })).rejects.toThrow(RefusedTarget);
  expect(await beat({ url: undefined })).toBe(false);
  expect(receiving.arrived).toEqual([]);
  receiving.respond = (_, response) => response.writeHead(404).end();
  await expect(beat()).rejects.toThrow("TAILFILL_HEARTBEAT_URL answered 404");
});

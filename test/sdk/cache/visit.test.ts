import { afterEach, expect, it } from "vitest";
import { memoryStore } from "@/lib/sdk/src/cache/default-store";
import { until } from "@/test/support/until";
import { FakeClock, turns } from "../support/fake-clock";
import { define, order, SlowLoad, visitsTo } from "./defined";

const cleanup: (() => unknown)[] = [];
afterEach(() => {
  for (const undo of cleanup.splice(0)) undo();
});

function watched(definition: { name: string }) {
  const { visits, stop } = visitsTo(definition);
  cleanup.push(stop);
  return visits;
}

it("computes a user's value once, and serves it from then on", async () => {
  let loads = 0;
  const definition = define({ load: (user) => ({ user, loads: ++loads }) });
  const visits = watched(definition);
  expect(await definition.get("ada")).toEqual({ user: "ada", loads: 1 });
  expect(await definition.get("ada")).toEqual({ user: "ada", loads: 1 });
  expect(await definition.get("bob")).toEqual({ user: "bob", loads: 2 });
  expect(visits.map(({ user, cache }) => `${user} ${cache}`)).toEqual(["ada miss", "ada hit", "bob miss"]);
});

it.each([undefined, null, 0, "", false, [], { a: undefined }])("keeps %j", async (value) => {
  let loads = 0;
  const definition = define<unknown>({ load: () => (loads++, value) });
  expect(await definition.get("ada")).toEqual(value);
  expect(await definition.get("ada")).toEqual(value);
  expect(loads).toBe(1);
});

it("has all who come while it computes wait for that one load", async () => {
  const slow = new SlowLoad<string>();
  const definition = define({ load: slow.load });
  const visits = watched(definition);
  const all = Promise.all(Array.from({ length: 50 }, () => definition.get("ada")));
  await until("it loads", () => slow.calls.length > 0);
  const later = definition.get("ada");
  slow.calls[0]!.answer("value");
  expect(new Set([...(await all), await later])).toEqual(new Set(["value"]));
  expect(slow.calls).toHaveLength(1);
  expect(visits.filter(({ cache }) => cache === "joined")).toHaveLength(50);
});

it("rejects with what load rejects with, for all who waited, and stores nothing", async () => {
  const slow = new SlowLoad<string>();
  const definition = define({ load: slow.load });
  const failure = new Error("no database");
  const both = Promise.allSettled([definition.get("ada"), definition.get("ada")]);
  await until("it loads", () => slow.calls.length > 0);
  slow.calls[0]!.fail(failure);
  expect((await both).map((each) => each.status === "rejected" && each.reason)).toEqual([failure, failure]);
  expect(await definition.isCold("ada")).toBe(true);
  const again = definition.get("ada");
  await until("it loads again", () => slow.calls.length > 1);
  slow.calls[1]!.answer("value");
  expect(await again).toBe("value");
});

it("computes for itself when a load hangs, and so does who comes after", async () => {
  const clock = new FakeClock();
  const slow = new SlowLoad<string>();
  const definition = define({ load: slow.load, waitFor: 5 }, { clock, store: memoryStore(clock) });
  void definition.get("ada");
  await until("it loads", () => slow.calls.length === 1);
  const second = definition.get("ada");
  await turns();
  await clock.advance(4_000);
  expect(slow.calls).toHaveLength(1);
  await clock.advance(1_500);
  expect(slow.calls).toHaveLength(2);
  const third = definition.get("ada");
  slow.calls[1]!.answer("value");
  expect(await second).toBe("value");
  expect(await third).toBe("value");
  expect(await definition.get("ada")).toBe("value");
});

it("forgets a value after its time to live, which varies by a tenth", async () => {
  const clock = new FakeClock();
  let loads = 0;
  const definition = define({ load: () => ++loads, ttl: "100s" }, { clock, store: memoryStore(clock) });
  clock.jitter = () => 0;
  await definition.get("ada");
  clock.jitter = () => 0.999;
  await definition.get("bob");
  await clock.advance(89_000);
  expect(await definition.get("ada")).toBe(1);
  await clock.advance(2_000);
  expect(await definition.get("ada")).toBe(3);
  await clock.advance(18_000);
  expect(await definition.get("bob")).toBe(2);
  await clock.advance(2_000);
  expect(await definition.get("bob")).toBe(4);
});

it("serves an expired value while it computes a new one, for as long as it may", async () => {
  const clock = new FakeClock();
  let loads = 0;
  const definition = define({ load: () => ++loads, ttl: 100, staleFor: 50 }, { clock, store: memoryStore(clock) });
  const visits = watched(definition);
  await definition.get("ada");
  await clock.advance(120_000);
  expect(await definition.isCold("ada")).toBe(false);
  expect(await definition.get("ada")).toBe(1);
  await turns();
  expect(await definition.get("ada")).toBe(2);
  await clock.advance(200_000);
  expect(await definition.isCold("ada")).toBe(true);
  expect(await definition.get("ada")).toBe(3);
  expect(visits.map(({ cache }) => cache)).toEqual(["miss", "stale", "hit", "miss"]);
});

it("tells what the visit took when it is no part of a request", async () => {
  const clock = new FakeClock();
  const slow = new SlowLoad<string>();
  const definition = define({ load: slow.load }, { clock, store: memoryStore(clock) });
  const visits = watched(definition);
  const visit = definition.get("ada");
  await until("it loads", () => slow.calls.length === 1);
  await clock.advance(250);
  slow.calls[0]!.answer("value");
  await visit;
  expect(visits).toEqual([
    {
      definition: definition.name,
      user: "ada",
      cache: "miss",
      decision: undefined,
      latencyUs: 250_000,
      atMs: clock.wallMs(),
    },
  ]);
});

it("gives a visit its value though it cannot be stored, and computes again next time", async () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const values = [() => 1, 10n, Symbol("s"), circle, new Map([[1, 2]]), { deep: [{ of: () => 1 }] }];
  for (const value of values) {
    let loads = 0;
    const definition = define<unknown>({ load: () => (loads++, value) });
    expect(await definition.get("ada")).toBe(value);
    expect(await definition.get("ada")).toBe(value);
    expect(loads).toBe(2);
    expect(await definition.fill("ada", order())).toMatchObject({ state: "failed", bytes: 0 });
  }
});

it("hands out what nobody else can change", async () => {
  const definition = define<number[]>({ load: () => [1, 2] });
  await definition.get("ada");
  (await definition.get("ada")).push(3);
  expect(await definition.get("ada")).toEqual([1, 2]);
});

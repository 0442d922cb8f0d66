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

function onFakeClock(options: Parameters<typeof define<string>>[0] = {}) {
  const clock = new FakeClock();
  const slow = new SlowLoad<string>();
  const definition = define({ load: slow.load, ...options }, { clock, store: memoryStore(clock) });
  const until10s = (decision = "d1") => ({ decision, notAfterMs: clock.wallMs() + 10_000 });
  return { clock, slow, definition, until10s };
}

it("fills, and the first visit tells the decision, once", async () => {
  const definition = define({ load: () => "value" });
  const visits = watched(definition);
  expect(await definition.isCold("ada")).toBe(true);
  expect(await definition.fill("ada", order("d1"))).toMatchObject({ state: "filled", bytes: 7 });
  expect(await definition.isCold("ada")).toBe(false);
  await definition.get("ada");
  await definition.get("ada");
  expect(visits.map(({ cache, decision }) => [cache, decision])).toEqual([
    ["hit", "d1"],
    ["hit", undefined],
  ]);
});

it("does not fill what is there, and the next visit still tells the decision", async () => {
  let loads = 0;
  const definition = define({ load: () => ++loads });
  await definition.get("ada");
  const visits = watched(definition);
  expect(await definition.fill("ada", order("d2"))).toEqual({ state: "warm", tookUs: 0, bytes: 0 });
  await definition.get("ada");
  expect(loads).toBe(1);
  expect(visits[0]).toMatchObject({ cache: "hit", decision: "d2" });
});

it("does the same job once, and leaves it to a visit that came first", async () => {
  const slow = new SlowLoad<string>();
  const definition = define({ load: slow.load });
  const first = definition.fill("ada", order("d1"));
  await until("it loads", () => slow.calls.length === 1);
  expect(await definition.fill("ada", order("d1"))).toMatchObject({ state: "warm" });
  slow.calls[0]!.answer("value");
  expect(await first).toMatchObject({ state: "filled" });

  const visit = definition.get("bob");
  await until("it loads", () => slow.calls.length === 2);
  expect(await definition.fill("bob", order("d2"))).toMatchObject({ state: "late" });
  slow.calls[1]!.answer("value");
  await visit;
});

it("lets a visit join a fill under way, and tells the fill's decision with it", async () => {
  const slow = new SlowLoad<string>();
  const definition = define({ load: slow.load });
  const visits = watched(definition);
  const filled = definition.fill("ada", order("d1"));
  await until("it loads", () => slow.calls.length === 1);
  expect(slow.calls[0]!.reason).toBe("fill");
  expect(await definition.isCold("ada")).toBe(false);
  const visit = definition.get("ada");
  slow.calls[0]!.answer("value");
  expect(await visit).toBe("value");
  expect(await filled).toMatchObject({ state: "filled" });
  expect(visits).toMatchObject([{ cache: "joined", decision: "d1" }]);
});

it("has a visit compute for itself when the fill that it joined fails", async () => {
  const slow = new SlowLoad<string>();
  const definition = define({ load: slow.load });
  const filled = definition.fill("ada", order());
  await until("it loads", () => slow.calls.length === 1);
  const visits = [definition.get("ada"), definition.get("ada")];
  await turns();
  slow.calls[0]!.fail(new Error("no database"));
  expect(await filled).toMatchObject({ state: "failed", bytes: 0 });
  await until("one visit loads", () => slow.calls.length === 2);
  expect(slow.calls[1]!.reason).toBe("visit");
  slow.calls[1]!.answer("value");
  expect(await Promise.all(visits)).toEqual(["value", "value"]);
  expect(slow.calls).toHaveLength(2);
});

it("ends a fill that takes too long, and tells its load", async () => {
  const { clock, slow, definition } = onFakeClock({ fillWithin: 3 });
  const filled = definition.fill("ada", { decision: "d1", notAfterMs: clock.wallMs() + 60_000 });
  await until("it loads", () => slow.calls.length === 1);
  await clock.advance(2_900);
  expect(slow.calls[0]!.signal.aborted).toBe(false);
  await clock.advance(200);
  expect(slow.calls[0]!.signal.aborted).toBe(true);
  expect(await filled).toEqual({ state: "failed", tookUs: 3_000_000, bytes: 0 });
  slow.calls[0]!.answer("too late");
  expect(await definition.isCold("ada")).toBe(true);
});

it("ends a fill at its deadline, unless a visit waits for it", async () => {
  const { clock, slow, definition, until10s } = onFakeClock();
  const unwanted = definition.fill("ada", until10s());
  const wanted = definition.fill("bob", until10s());
  await until("they load", () => slow.calls.length === 2);
  await clock.advance(8_000);
  const visit = definition.get("bob");
  await turns();
  await clock.advance(3_000);
  expect(await unwanted).toMatchObject({ state: "late" });
  expect(slow.calls.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  slow.calls[1]!.answer("value");
  expect(await wanted).toMatchObject({ state: "filled" });
  expect(await visit).toBe("value");
});

it("drops a fill when it is told to", async () => {
  const slow = new SlowLoad<string>();
  const definition = define({ load: slow.load });
  const stop = new AbortController();
  const filled = definition.fill("ada", { ...order(), signal: stop.signal });
  await until("it loads", () => slow.calls.length === 1);
  stop.abort();
  expect(await filled).toMatchObject({ state: "dropped" });
  expect(slow.calls[0]!.signal.aborted).toBe(true);
  expect(await definition.fill("ada", { ...order(), signal: stop.signal })).toMatchObject({ state: "dropped" });
  expect(await definition.fill("ada", order("d2", -1))).toMatchObject({ state: "late" });
  expect(slow.calls).toHaveLength(1);
});

it("tells a marked decision with the first visit that misses", async () => {
  const definition = define({ load: () => "value" });
  const visits = watched(definition);
  await definition.mark("ada", "withheld", Date.now() + 60_000);
  await definition.mark("bob", "over", Date.now() - 1);
  await definition.get("ada");
  await definition.invalidate("ada");
  await definition.get("ada");
  await definition.get("bob");
  expect(visits.map(({ user, decision }) => [user, decision])).toEqual([
    ["ada", "withheld"],
    ["ada", undefined],
    ["bob", undefined],
  ]);
});

it("does not tell a decision after its window", async () => {
  const { clock, slow, definition, until10s } = onFakeClock();
  const visits = watched(definition);
  const filled = definition.fill("ada", until10s());
  await until("it loads", () => slow.calls.length === 1);
  slow.calls[0]!.answer("value");
  await filled;
  await clock.advance(10_001);
  await definition.get("ada");
  expect(visits).toMatchObject([{ cache: "hit", decision: undefined }]);
});

it("refreshes what expires soon, which is served until then", async () => {
  const { clock, slow, definition, until10s } = onFakeClock({ ttl: 100 });
  const visits = watched(definition);
  const visit = definition.get("ada");
  await until("it loads", () => slow.calls.length === 1);
  slow.calls[0]!.answer("old");
  await visit;
  await clock.advance(80_000);
  const refreshed = definition.fill("ada", { ...until10s(), refresh: true });
  await until("it loads", () => slow.calls.length === 2);
  expect(await definition.get("ada")).toBe("old");
  slow.calls[1]!.answer("new");
  expect(await refreshed).toMatchObject({ state: "filled" });
  await clock.advance(60_000);
  expect(await definition.get("ada")).toBe("new");
  expect(visits.map(({ cache, decision }) => [cache, decision])).toEqual([
    ["miss", undefined],
    ["hit", "d1"],
    ["hit", undefined],
  ]);
});

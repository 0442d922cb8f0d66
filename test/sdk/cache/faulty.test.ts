import { expect, it } from "vitest";
import { memoryStore } from "@/lib/sdk/src/cache/default-store";
import type { Bento } from "@/lib/sdk/src/cache/bento";
import { afterFailure, CLOSED, mayAsk, type Breaker } from "@/lib/sdk/src/cache/breaker";
import type { Leases } from "@/lib/sdk/src/cache/leases";
import { LocalLeases } from "@/lib/sdk/src/cache/local-leases";
import { CacheStore } from "@/lib/sdk/src/cache/store";
import { FakeClock, turns } from "../support/fake-clock";
import { define, order, SlowLoad } from "./defined";

/** A store of which single calls fail, as a test likes. */
class FaultyStore {
  readonly clock = new FakeClock();
  readonly errors: unknown[] = [];
  readonly failing = new Set<string>();
  readonly hanging = new Set<string>();
  readonly store: CacheStore;

  constructor() {
    const { clock } = this;
    const bento = this.#faulty<Bento>(memoryStore().bento, ["get", "set", "delete"]);
    const leases = this.#faulty<Leases>(new LocalLeases(), ["versions", "begin", "renew", "end", "drop"]);
    this.store = new CacheStore({ bento, leases, clock, report: (error) => void this.errors.push(error) });
  }

  #faulty<Target extends object>(target: Target, names: (keyof Target & string)[]): Target {
    const calls = names.map((name) => {
      const call = async (...args: unknown[]): Promise<unknown> => {
        if (this.failing.has(name)) throw new Error(`${name} fails`);
        if (this.hanging.has(name)) return new Promise(() => undefined);
        return (target[name] as (...args: unknown[]) => unknown).apply(target, args);
      };
      return [name, call];
    });
    return { kind: "redis", ...Object.fromEntries(calls) } as Target;
  }
}

const CALLS = ["get", "set", "delete", "versions", "begin", "renew", "end", "drop"];

it.each(CALLS)("serves, fills and invalidates without a rejection while %s fails", async (call) => {
  const { store, clock, failing, errors } = new FaultyStore();
  let loads = 0;
  const definition = define({ load: () => ++loads }, { store, clock });
  failing.add(call);
  for (let round = 0; round < 8; round++) {
    expect(await definition.get("ada")).toBeGreaterThan(0);
    const { state } = await definition.fill("bob", { decision: "d", notAfterMs: clock.wallMs() + 1_000 });
    expect(["filled", "warm", "failed", "voided"]).toContain(state);
    await definition.invalidate("bob");
    await definition.mark("ada", "d", clock.wallMs() + 1_000);
    await definition.isCold("ada");
    await clock.advance(100);
  }
  expect(errors.length > 0).toBe(call !== "renew");
});

it.each(CALLS)("loses a visit at most a quarter of a second while %s hangs", async (call) => {
  const { store, clock, hanging } = new FaultyStore();
  const definition = define({ load: () => "value" }, { store, clock });
  hanging.add(call);
  let value: string | undefined;
  void definition.get("ada").then((got) => (value = got));
  await clock.advance(250);
  expect(value).toBe("value");
});

it("serves nothing that was invalidated while the store could not be told, and tells it later", async () => {
  const { store, clock, failing } = new FaultyStore();
  let loads = 0;
  const definition = define({ load: () => ++loads, ttl: 3_600 }, { store, clock });
  expect(await definition.get("ada")).toBe(1);
  failing.add("drop");
  failing.add("delete");
  await definition.invalidate("ada");
  expect(await definition.get("ada")).toBe(2);
  expect(await definition.get("ada")).toBe(3);
  await clock.advance(20_000);
  failing.delete("drop");
  await clock.advance(60_000);
  const now = await definition.get("ada");
  expect(now).toBeGreaterThan(3);
  expect(await definition.get("ada")).toBe(now);
});

it("ends a fill whose lease is lost", async () => {
  const { store, clock } = new FaultyStore();
  const slow = new SlowLoad<string>();
  const definition = define({ load: slow.load }, { store, clock });
  const filled = definition.fill("ada", { ...order(), notAfterMs: clock.wallMs() + 60_000 });
  await turns(10);
  expect(slow.calls).toHaveLength(1);
  await clock.advance(3_000);
  expect(slow.calls[0]!.signal.aborted).toBe(false);
  // As another process does, of which this one does not hear.
  const { leases } = store;
  leases.renew = () => false;
  await clock.advance(2_000);
  expect(await filled).toMatchObject({ state: "voided" });
  expect(slow.calls[0]!.signal.aborted).toBe(true);
});

it("does not compute what another process has stored between the look and the lease", async () => {
  const { store, clock } = new FaultyStore();
  let loads = 0;
  const options = { name: "looked for", load: () => ++loads };
  const [one, two] = [define(options, { store, clock }), define(options, { store: otherProcess(store), clock })];
  const { leases } = store;
  const begin = leases.begin.bind(leases);
  leases.begin = async (...args) => {
    leases.begin = begin;
    await two.get("ada");
    return begin(...args);
  };
  expect(await one.get("ada")).toBe(1);
  expect(loads).toBe(1);
});

/** The same store as another process has it: it knows nothing of this one's loads under way. */
function otherProcess({ bento, leases }: CacheStore): CacheStore {
  return new CacheStore({ bento, leases, clock: new FakeClock(), report: () => undefined });
}

it("opens after three failures in a row, tries again one at a time, and waits twice as long each time", () => {
  let breaker: Breaker = CLOSED;
  const asked = (nowMs: number): boolean => {
    const [may, next] = mayAsk(breaker, nowMs, 250);
    breaker = next;
    return may;
  };
  const failed = (nowMs: number): void => void (breaker = afterFailure(breaker, nowMs, 0.5));
  for (const nowMs of [0, 1, 2]) {
    expect(asked(nowMs)).toBe(true);
    failed(nowMs);
  }
  failed(3);
  expect([asked(4), asked(1_001)]).toEqual([false, false]);
  expect([asked(1_002), asked(1_003)]).toEqual([true, false]);
  failed(1_010);
  expect([asked(3_009), asked(3_010), asked(3_011)]).toEqual([false, true, false]);
  // The one who tried has not come back.
  expect(asked(3_260)).toBe(true);
});

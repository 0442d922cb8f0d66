import { afterEach, describe, expect, it } from "vitest";
import { isHeldOut, isWithheld } from "@/lib/sdk/src/prefill/chance";
import { until } from "@/test/support/until";
import { turns } from "../support/fake-clock";
import { engineFor, type EngineTest } from "./support/engine";
import { FakeDefinition } from "./support/fake-definition";
import { plannedDefinition, plannedUser, planOf } from "./support/plans";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

const HUNDRED = Array.from({ length: 100 }, (_, at) => `user-${at}`);
const hundredPlanned = [plannedDefinition({ users: HUNDRED.map((user) => plannedUser(user, { costUs: 1_000 })) })];

/** Nothing was decided, for this reason. */
async function refused(test: EngineTest, reason: string): Promise<void> {
  await until(`refused: ${reason}`, () => test.engine.decider.hindrances.get(reason as never));
  await test.flush();
  expect(test.server.of("decision")).toEqual([]);
  expect(test.feed.fills).toEqual([]);
}

describe("a user who shows up", () => {
  it("is decided on, logged, marked and filled, and the visit is told", async () => {
    const test = await engineFor({}, cleanup);
    test.request("ada");
    await until("it is filled", () => test.feed.fills.length === 1);
    test.engine.visits.visited(test.feed.visit("ada", { atMs: test.clock.wallMs() + 5_000 }));
    await test.flush();
    const [decision] = test.server.of("decision");
    expect(decision).toMatchObject({ definition: "feed", user: "ada", signal: "session", arm: "fill" });
    expect(decision).toMatchObject({ use: 0.8, delta: 0.9, costUs: 100_000, price: 0.1 });
    expect(decision!.notAfterMs - decision!.atMs).toBe(1_800_000);
    expect(test.feed.marks).toEqual([{ user: "ada", decision: decision!.id, untilMs: decision!.notAfterMs }]);
    expect(test.feed.fills[0]).toMatchObject({ user: "ada", order: { decision: decision!.id } });
    expect(test.server.of("fill")).toMatchObject([{ id: decision!.id, state: "filled", tookUs: 50_000, bytes: 10 }]);
    expect(test.server.of("visit")).toMatchObject([{ id: decision!.id, cache: "hit", latencyUs: 1_000 }]);
    expect(test.server.reports[0]!.definitions).toEqual([{ name: "feed", ttlSeconds: 1_800, signals: [] }]);
    expect(test.errors).toEqual([]);
  });

  it("is logged before anything is done", async () => {
    const test = await engineFor({}, cleanup);
    const logged: [string, number][] = [];
    const note = (what: string) => logged.push([what, test.engine.core.events.stats.waiting]);
    test.feed.mark = async () => void note("mark");
    const fill = test.feed.fill.bind(test.feed);
    test.feed.fill = (user, order) => {
      note("fill");
      return fill(user, order);
    };
    test.request("ada");
    await until("it is filled", () => logged.length === 2);
    expect(logged).toEqual([
      ["mark", 1],
      ["fill", 1],
    ]);
  });

  it("is not decided on again before the visit, and is another decision after it", async () => {
    const test = await engineFor({}, cleanup);
    test.engine.signals.named("ada", "push");
    await until("it is filled", () => test.feed.fills.length === 1);
    test.feed.warm.clear();
    test.engine.signals.named("ada", "push");
    await until("it is refused", () => test.engine.decider.hindrances.get("open"));
    test.engine.visits.visited(test.feed.visit("ada", { atMs: test.clock.wallMs() + 5_000 }));
    test.engine.signals.named("ada", "push");
    await until("it is filled again", () => test.feed.fills.length === 2);
    await test.flush();
    const ids = test.server.of("decision").map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(
      true,
    );
  });

  it("is one decision for two processes", async () => {
    const tests = [await engineFor({}, cleanup), await engineFor({}, cleanup)];
    for (const test of tests) test.request("ada");
    const ids = await Promise.all(
      tests.map(async (test) => {
        await until("it is filled", () => test.feed.fills.length === 1);
        return test.feed.fills[0]!.order.decision;
      }),
    );
    expect(ids[0]).toBe(ids[1]);
  });

  it("is left alone when warm, not worth it, unknown to the plan, or too long a name", async () => {
    const warm = await engineFor({}, cleanup);
    warm.feed.warm.add("ada");
    warm.request("ada");
    await refused(warm, "warm");
    const dear = await engineFor({ price: 100 }, cleanup);
    dear.request("ada");
    await refused(dear, "price");
    const stranger = await engineFor({}, cleanup);
    stranger.request("a stranger");
    await refused(stranger, "price");
    const long = await engineFor({}, cleanup);
    long.request("x".repeat(300));
    await refused(long, "unnamed");
  });

  it("is a signal once a session, and for the definitions that wait for it", async () => {
    const onSignIn = new FakeDefinition("orders", ["POST /sign-in", "push"]);
    const definitions = [plannedDefinition(), plannedDefinition({ name: "orders" })];
    const feed = new FakeDefinition();
    const test = await engineFor({ definitions }, cleanup, { definitions: () => [feed, onSignIn] });
    test.request("ada");
    test.request("ada");
    await until("feed is filled", () => feed.fills.length === 1);
    test.request("bob", { method: "POST", route: "/sign-in" });
    await until("both are filled", () => feed.fills.length === 2 && onSignIn.fills.length === 1);
    test.engine.signals.named("eve", "push");
    await until("both are filled", () => feed.fills.length === 3 && onSignIn.fills.length === 2);
    expect(onSignIn.fills.map(({ user }) => user)).toEqual(["bob", "eve"]);
    expect(test.engine.signals.counts).toEqual({ session: 2, route: 1, named: 1, lost: 0 });
  });

  it("is no signal in what is no request", async () => {
    const test = await engineFor({}, cleanup);
    test.request("ada", { method: "(load)", route: "feed" });
    await turns();
    expect(test.engine.signals.counts.session).toBe(0);
  });
});

describe("chance", () => {
  it("withholds by the decision's id, and holds users out by theirs; both are logged and marked, and not filled", async () => {
    const shares = { withheldShare: 0.3, holdOutShare: 0.2 };
    const test = await engineFor({ ...shares, definitions: hundredPlanned, concurrency: 64 }, cleanup);
    for (const user of HUNDRED) test.request(user);
    await until("all are decided on", () => test.feed.marks.length === 100);
    await test.flush();
    for (const { user, id, arm } of test.server.of("decision")) {
      const withheld = isWithheld("salt", id, shares.withheldShare) ? "withheld" : "fill";
      expect(arm).toBe(isHeldOut("salt", user, shares.holdOutShare) ? "held_out" : withheld);
    }
    const { decisions } = test.engine.actor;
    expect(decisions.withheld).toBeGreaterThan(10);
    expect(decisions.held_out).toBeGreaterThan(8);
    const filled = test.server.of("decision").filter(({ arm }) => arm === "fill");
    expect(test.feed.fills.map(({ user }) => user).toSorted()).toEqual(filled.map(({ user }) => user).toSorted());
  });
});

describe("mode", () => {
  it("observe: logs and marks, and fills nothing", async () => {
    const test = await engineFor({ mode: "observe" }, cleanup);
    test.request("ada");
    await until("it is decided", () => test.feed.marks.length === 1);
    await test.flush();
    expect(test.server.of("decision")).toMatchObject([{ arm: "observe" }]);
    expect(test.feed.fills).toEqual([]);
  });

  it("stop: does neither", async () => {
    const test = await engineFor({ mode: "stop" }, cleanup);
    test.request("ada");
    await refused(test, "stopped");
    expect(test.feed.marks).toEqual([]);
  });

  it("acts on a stop within 2 s: what runs is aborted, what waits is dropped", async () => {
    const test = await engineFor({ concurrency: 1 }, cleanup);
    test.feed.slow = true;
    for (const user of ["ada", "bob", "eve"]) test.request(user);
    await until("one is filled", () => test.feed.open.length === 1);
    test.server.plan(planOf({ madeAtMs: test.clock.wallMs(), mode: "stop" }));
    const before = test.server.asks.length;
    await test.clock.advance(1_000, () => turns(30));
    await until("it has asked", () => test.server.asks.length > before);
    await until("it is aborted", () => test.feed.open[0]!.order.signal!.aborted);
    test.feed.open[0]!.end("dropped");
    await until("the others are dropped", () => test.engine.core.fills.dropped === 3);
    expect(test.feed.fills.length).toBe(1);
  });

  it("gives up a fill that does not heed the stop, so that its place is free again", async () => {
    const test = await engineFor({ concurrency: 1 }, cleanup);
    test.feed.slow = true;
    test.request("ada");
    await until("it is filled", () => test.feed.open.length === 1);
    await test.clock.advance(62_000);
    await until("it failed", () => test.engine.core.fills.failed === 1);
    expect(test.engine.core.runner.running).toBe(0);
  });
});

describe("the plan's age", () => {
  it("is told by the server's clock: one that differs by hours is no matter", async () => {
    for (const skewMs of [-7_200_000, 7_200_000]) {
      const test = await engineFor({}, cleanup);
      test.server.nowMs = () => test.clock.wallMs() + skewMs;
      test.server.plan(planOf());
      await test.clock.advance(2_000, () => turns(30));
      await until("the plan is taken over", () => test.engine.core.plans.counts.plans === 2);
      test.request("ada");
      await until("it is filled", () => test.feed.fills.length === 1);
    }
  });

  it("ends what it allows after ten minutes, by either clock", async () => {
    const stale = await engineFor({ madeAtMs: Date.parse("2026-11-22T09:49:00Z") }, cleanup);
    stale.request("ada");
    await refused(stale, "old plan");
    const alone = await engineFor({}, cleanup);
    alone.server.plans = "500";
    await alone.clock.advance(601_000);
    alone.request("ada");
    await refused(alone, "no plan");
    expect(alone.engine.core.mode).toBe(null);
    const jumped = await engineFor({}, cleanup);
    jumped.clock.jump(601_000);
    jumped.request("ada");
    await refused(jumped, "old plan");
  });
});

describe("the budget", () => {
  it("is never over, whatever the clocks do, and what fills took counts", async () => {
    const users = Array.from({ length: 3_000 }, (_, at) => plannedUser(`u${at}`, { costUs: 100_000 }));
    const plan = { budgetSecondsPerHour: 36, definitions: [plannedDefinition({ users })] };
    const test = await engineFor(plan, cleanup, { mostUsers: 10_000 });
    test.feed.tookUs = 150_000;
    let next = 0;
    for (let minute = 0; minute < 20; minute++) {
      for (let i = 0; i < 100; i++) test.request(`u${next++}`);
      await test.clock.advance(60_000);
      // The wall clock jumps about; and once the process sleeps for an hour, by its monotonic clock.
      if (minute === 5) test.clock.jump(-3_600_000);
      if (minute === 8) test.clock.jump(500_000);
    }
    const spent = test.feed.fills.length * 0.15;
    expect(spent).toBeGreaterThan(6);
    expect(spent).toBeLessThanOrEqual((36 / 3) * 1.02 + 1.2);
    expect(test.engine.budget.spentSeconds(test.clock.monotonicMs())).toBeCloseTo(spent, 3);
    expect(test.engine.decider.hindrances.get("budget")).toBeGreaterThan(1_000);
  });
});

describe("a refresh", () => {
  const users = HUNDRED.map((user) => plannedUser(user, { costUs: 1_000, again: 0.9 }));
  const definitions = [plannedDefinition({ users })];

  it("comes before the value expires, for a user who is likely to come again, and once a visit", async () => {
    const test = await engineFor({ definitions }, cleanup);
    test.feed.warm.add("user-1");
    test.engine.visits.visited(test.feed.visit("user-1", { cache: "miss", atMs: test.clock.wallMs() }));
    await test.clock.advance(1_500_000, () => turns(1));
    expect(test.feed.fills).toEqual([]);
    await test.clock.advance(100_000);
    await until("it is filled", () => test.feed.fills.length === 1);
    expect(test.feed.fills[0]).toMatchObject({ user: "user-1", order: { refresh: true } });
    await test.clock.advance(1_800_000, () => turns(1));
    await test.flush();
    expect(test.feed.fills.length).toBe(1);
    expect(test.server.of("decision")).toMatchObject([{ signal: "refresh", use: 0.9 }]);
  });

  it("is no storm when the process slept", async () => {
    const test = await engineFor({ definitions, concurrency: 64 }, cleanup);
    for (const user of HUNDRED) {
      test.engine.visits.visited(test.feed.visit(user, { cache: "miss", atMs: test.clock.wallMs() }));
    }
    test.clock.sleep(1_700_000);
    await test.clock.advance(5_000);
    expect(test.feed.fills).toEqual([]);
  });
});

describe("a clock slot", () => {
  // 22 November 2026 is a Sunday: 10:00 is hour 154 of the week.
  const hours: [number, number][] = [[155, 0.9]];
  const definitions = [
    plannedDefinition({ users: HUNDRED.map((user) => plannedUser(user, { costUs: 1_000, hours })) }),
  ];

  it("is filled at the beginning of its hour, a few users a second, as one decision for all processes", async () => {
    const test = await engineFor({ definitions, concurrency: 64 }, cleanup);
    await test.clock.advance(3_580_000, () => turns(1));
    expect(test.feed.fills).toEqual([]);
    await test.clock.advance(12_000);
    await until("they are filled", () => test.feed.fills.length === 100);
    await test.flush();
    const start = Date.parse("2026-11-22T11:00:00Z").toString(16).padStart(12, "0");
    for (const { id, signal, use } of test.server.of("decision")) {
      expect([signal, use, id.replace("-", "").slice(0, 12)]).toEqual(["clock", 0.9, start]);
    }
  });

  it("is let go when the process slept through it, and comes once when the clock jumps to and fro", async () => {
    const test = await engineFor({ definitions, concurrency: 64 }, cleanup);
    test.clock.sleep(3_600_000 + 700_000);
    await test.clock.advance(5_000);
    expect(test.feed.fills).toEqual([]);
    test.clock.jump(-700_000);
    await test.clock.advance(5_000);
    await until("they are filled", () => test.feed.fills.length === 100);
    test.feed.warm.clear();
    for (let i = 0; i < 3; i++) {
      test.clock.jump(-3_600_000);
      await test.clock.advance(2_000);
      test.clock.jump(3_600_000);
      await test.clock.advance(2_000);
    }
    expect(test.feed.fills.length).toBe(100);
  });
});

describe("the brakes", () => {
  it("let nothing through while the loop stands still, and go off step by step", async () => {
    const test = await engineFor({ definitions: hundredPlanned }, cleanup);
    test.loop.delayMs = 300;
    await test.clock.advance(1_000);
    expect(test.engine.core.speed).toBe(0);
    test.request("user-1");
    await refused(test, "braked");
    test.loop.delayMs = 0;
    await test.clock.advance(8_000);
    expect(test.engine.core.speed).toBe(1);
    test.request("user-2");
    await until("it is filled", () => test.feed.fills.length === 1);
  });

  it("slow filling down while the app's own requests are too slow", async () => {
    const test = await engineFor({ foregroundP95Us: 100_000, concurrency: 8 }, cleanup);
    const second = async (slow: number) => {
      for (let i = 0; i < 100; i++) test.request("nobody", { latencyUs: i < slow ? 200_000 : 1_000 });
      await test.clock.advance(1_000);
    };
    await second(5);
    expect(test.engine.core.atOnce).toBe(8);
    await second(6);
    expect(test.engine.core.atOnce).toBe(4);
    await second(50);
    expect(test.engine.core.atOnce).toBe(2);
    for (let i = 0; i < 8; i++) await second(100);
    expect(test.engine.core.speed).toBe(1 / 16);
    for (let i = 0; i < 8; i++) await second(0);
    expect(test.engine.core.atOnce).toBe(8);
  });

  it("keep to the concurrency, and to twice that in the queue", async () => {
    const test = await engineFor({ definitions: hundredPlanned, concurrency: 3 }, cleanup);
    test.feed.slow = true;
    for (const user of HUNDRED.slice(0, 20)) {
      test.request(user);
      await turns();
    }
    await until("all were decided on", () => test.feed.marks.length === 20);
    expect(test.feed.open.length).toBe(3);
    expect(test.engine.core.fills.dropped).toBe(11);
    for (const { end } of test.feed.open.splice(0)) end("filled");
    await until("the next run", () => test.feed.open.length === 3);
  });
});

describe("a visit", () => {
  it("that comes before its fill has begun takes the job back: late", async () => {
    const test = await engineFor({ concurrency: 1 }, cleanup);
    test.feed.slow = true;
    test.request("ada");
    await until("one runs", () => test.feed.open.length === 1);
    test.request("bob");
    await until("the other waits", () => test.feed.marks.length === 2);
    await turns();
    test.engine.visits.visited(test.feed.visit("bob", { cache: "miss", atMs: test.clock.wallMs() + 2_000 }));
    test.feed.open[0]!.end("filled");
    await until("it ended", () => test.engine.core.fills.filled === 1);
    await test.flush();
    const bobs = test.server.of("decision").find(({ user }) => user === "bob")!.id;
    expect(test.server.of("fill")).toMatchObject([{ id: bobs, state: "late", tookUs: 0 }, { state: "filled" }]);
    expect(test.server.of("visit")).toMatchObject([{ id: bobs, cache: "miss" }]);
    expect(test.feed.fills.length).toBe(1);
  });

  it("that was under way when the decision was taken is not its first", async () => {
    const test = await engineFor({}, cleanup);
    test.request("ada");
    await until("it is filled", () => test.feed.fills.length === 1);
    const atMs = test.clock.wallMs() + 1_000;
    test.engine.visits.visited(test.feed.visit("ada", { cache: "miss", atMs, latencyUs: 2_000_000 }));
    test.engine.visits.visited(test.feed.visit("ada", { atMs: atMs + 1_000 }));
    test.engine.visits.visited(test.feed.visit("ada", { atMs: atMs + 2_000 }));
    await test.flush();
    expect(test.server.of("visit")).toMatchObject([{ cache: "hit", atMs: atMs + 1_000 }]);
  });

  it("that is another process's first is told as well", async () => {
    const test = await engineFor({}, cleanup);
    const decision = "0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a11";
    test.engine.visits.visited(test.feed.visit("ada", { decision, atMs: test.clock.wallMs() }));
    await test.flush();
    expect(test.server.of("visit")).toMatchObject([{ id: decision, cache: "hit" }]);
  });
});

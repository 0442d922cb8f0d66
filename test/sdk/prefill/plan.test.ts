import { afterEach, describe, expect, it } from "vitest";
import { UserCap } from "@/lib/sdk/src/prefill/cap-users";
import { createPlanGetter } from "@/lib/sdk/src/prefill/plan-get";
import { PlanPoll } from "@/lib/sdk/src/prefill/plan-poll";
import { readPlan } from "@/lib/sdk/src/prefill/read-plan";
import { MOST_PLANNED_USERS, type PrefillPlan } from "@/lib/wire/index";
import { until } from "@/test/support/until";
import { FakeClock, turns } from "../support/fake-clock";
import { PlanServer } from "./support/plan-server";
import { plannedDefinition, plannedUser, planOf } from "./support/plans";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

async function polling(plan: PrefillPlan) {
  const clock = new FakeClock();
  const server = await PlanServer.start(plan);
  const warnings: string[] = [];
  const modes: string[] = [];
  const url = new URL(`${server.url}/api/v1/prefill/plan?service=shop`);
  const poll = new PlanPoll({
    getter: createPlanGetter({ url, apiKey: "tf_test", timeoutMs: 5_000, clock }),
    clock,
    changed: ({ plan: { mode } }) => modes.push(mode),
    warn: (code) => warnings.push(code),
    report: (error) => {
      throw error;
    },
  });
  cleanup.push(() => server.stop());
  cleanup.push(() => poll.stop());
  /** Lets time pass in small steps, with time for the answers to come. */
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      const before = server.asks.length;
      await clock.advance(100, () => turns(1));
      if (server.asks.length > before) await turns(20);
    }
  };
  return { poll, server, clock, warnings, modes, pass };
}

describe("asking for the plan", () => {
  it("is every 30 s, with jitter and the last tag, and every second while filling", async () => {
    const { poll, server, clock, pass, modes } = await polling(planOf({ mode: "observe" }));
    await poll.start();
    await pass(60_000);
    expect(server.asks.length).toBeGreaterThanOrEqual(3);
    expect(server.asks.length).toBeLessThanOrEqual(4);
    expect(server.asks.map(({ same }) => same).slice(0, 3)).toEqual([false, true, true]);
    server.plan(planOf({ mode: "fill" }));
    await pass(30_000);
    await until("it fills", () => modes.at(-1) === "fill");
    const before = server.asks.length;
    await pass(10_000);
    expect(server.asks.length - before).toBeGreaterThanOrEqual(9);
    expect(server.asks.length - before).toBeLessThanOrEqual(13);
    server.plan(planOf({ mode: "stop" }));
    const toldMs = clock.wallMs();
    while (poll.current()!.plan.mode !== "stop") await pass(100);
    expect(clock.wallMs() - toldMs).toBeLessThan(2_000);
  });

  it("backs off when the server fails, keeps the plan, and comes back", async () => {
    const { poll, server, pass } = await polling(planOf());
    await poll.start();
    for (const behaviour of ["500", "silent"] as const) {
      server.plans = behaviour;
      const before = server.asks.length;
      await pass(60_000);
      expect(server.asks.length - before).toBeLessThan(20);
      expect(poll.counts.lastFailure).not.toBe(null);
      expect(poll.current()!.plan.mode).toBe("fill");
    }
    server.plans = "well";
    await pass(40_000);
    await until("it is well", () => poll.counts.lastFailure === null);
    server.plan(planOf({ mode: "observe" }));
    await pass(5_000);
    await until("it is read", () => poll.current()!.plan.mode === "observe");
  });

  it("says once that the key is refused", async () => {
    const { poll, server, warnings, pass } = await polling(planOf());
    server.plans = "401";
    await poll.start();
    await pass(1_000);
    expect(warnings).toContain("plan_key");
    expect(poll.current()).toBe(null);
  });

  it("keeps the last plan when what comes is none", async () => {
    const { poll, server, warnings, pass } = await polling(planOf());
    await poll.start();
    const junk = ["", "null", "{", "[]", JSON.stringify({ v: 2 }), JSON.stringify(planOf({ mode: "all" as never }))];
    for (const text of junk) {
      server.plan(text);
      const before = poll.counts.malformed;
      await pass(1_500);
      await until("it is refused", () => poll.counts.malformed > before);
    }
    expect(poll.current()!.definitions.get("feed")!.users.size).toBe(3);
    expect(new Set(warnings)).toEqual(new Set(["plan"]));
  });
});

describe("a plan of a million users", () => {
  it("is cut and counted, packed or not", async () => {
    const { poll, server, pass } = await polling(planOf());
    await poll.start();
    const users = Array.from({ length: 600_000 }, (_, at) => plannedUser(`u${at}`));
    const huge = planOf({
      definitions: [plannedDefinition({ users }), plannedDefinition({ name: "other", users: users.slice(0, 400_000) })],
    });
    for (const gzip of [false, true]) {
      server.gzip = gzip;
      server.plan(huge);
      const before = poll.counts.plans;
      await pass(1_500);
      await until("it is read", () => poll.counts.plans > before, 60_000);
      expect(poll.counts.cutUsers).toBe(1_000_000 - MOST_PLANNED_USERS);
      const { definitions } = poll.current()!;
      expect(definitions.get("feed")!.users.size).toBe(MOST_PLANNED_USERS);
      expect(definitions.get("feed")!.users.has("u0")).toBe(true);
      expect(definitions.get("other")!.users.size).toBe(0);
    }
  });
});

describe("cutting users", () => {
  const text = (users: unknown[], more: object = {}) =>
    JSON.stringify(
      {
        a: [1, [2, { b: "]},{" }]],
        definitions: [
          { users, ...more },
          { users, tags: ["x", "y"] },
        ],
      },
      null,
      1,
    );
  const cut = (json: string, most: number, pieceBytes: number) => {
    const cap = new UserCap(most);
    const bytes = Buffer.from(json);
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(cap.take(bytes.subarray(at, at + pieceBytes)));
    return { json: JSON.parse(Buffer.concat(pieces).toString()) as unknown, cut: cap.cut };
  };
  const users = [
    { user: 'a"]}', hours: [[1, 0.5]] },
    { user: "b\\", x: { y: [{}] } },
    { user: 'c\\"{[' },
    { user: "dé\u2028" },
  ];

  it.each([1, 2, 7, 10_000])("leaves out what is too much, in pieces of %i bytes", (pieceBytes) => {
    for (let most = 0; most <= 8; most++) {
      const kept = [users.slice(0, most), users.slice(0, Math.max(0, most - 4))];
      const json = cut(text(users, { useAfter: { push: 1 } }), most, pieceBytes);
      const [first, second] = kept;
      const wanted = { a: [1, [2, { b: "]},{" }]], definitions: [] as unknown[] };
      wanted.definitions = [
        { users: first, useAfter: { push: 1 } },
        { users: second, tags: ["x", "y"] },
      ];
      expect(json).toEqual({ json: wanted, cut: 8 - most });
    }
  });
});

describe("reading a plan", () => {
  const read = (changes: object) => readPlan(JSON.stringify({ ...planOf(), ...changes }));

  it("gives back what was sent", () => {
    const plan = planOf({
      foregroundP95Us: 1_000,
      definitions: [
        plannedDefinition({
          useAfter: { push: 0.5 },
          users: [plannedUser("a", { use: 0.1, again: 0.2, hours: [[167, 0.3]] })],
        }),
      ],
    });
    expect(readPlan(JSON.stringify(plan))).toEqual({ plan, leftOut: 0 });
  });

  it.each([
    { v: 2 },
    { mode: "go" },
    { madeAtMs: "now" },
    { withheldShare: 1.5 },
    { holdOutShare: -1 },
    { salt: 5 },
    { budgetSecondsPerHour: null },
    { price: -1 },
    { concurrency: "2" },
    { foregroundP95Us: "x" },
    { definitions: {} },
  ])("refuses %o", (changes) => {
    expect(read(changes)).toBe(null);
  });

  it("leaves out definitions and users that make no sense, and counts them", () => {
    const users = [
      plannedUser("a"),
      { user: 5 },
      null,
      plannedUser("b", { delta: 2 }),
      plannedUser("c", { costUs: 0 }),
    ];
    const definitions = [
      plannedDefinition({ users: users as never }),
      { name: "x" },
      "y",
      plannedDefinition({ use: 7 }),
    ];
    const found = read({ definitions })!;
    expect(found.leftOut).toBe(7);
    expect(found.plan.definitions.map(({ name }) => name)).toEqual(["feed"]);
    expect(found.plan.definitions[0]!.users.map(({ user }) => user)).toEqual(["a"]);
  });

  it("keeps at most 100 definitions, and hours of the week that are", () => {
    const hours = [[0, 0.5], [168, 0.5], [1, 2], [1.5, 0.1], "x"] as never;
    const one = plannedDefinition({ users: [plannedUser("a", { hours })] });
    const found = read({ definitions: Array.from({ length: 120 }, (_, at) => ({ ...one, name: `d${at}` })) })!;
    expect(found.plan.definitions.length).toBe(100);
    expect(found.leftOut).toBe(20);
    expect(found.plan.definitions[0]!.users[0]!.hours).toEqual([[0, 0.5]]);
  });

  it("bounds the concurrency", () => {
    expect([0, 3.7, 1e9].map((concurrency) => read({ concurrency })!.plan.concurrency)).toEqual([1, 3, 64]);
  });
});

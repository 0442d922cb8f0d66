import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { planResponse } from "@/lib/prefill/plan-answer";
import { PlanBoard } from "@/lib/prefill/plan-board";
import type { Db } from "@/lib/store/db";
import { savePlan } from "@/lib/store/prefill-plans";
import { changeSettings, settingsOf } from "@/lib/store/prefill-settings";
import { openScope } from "@/lib/store/scopes";
import type { PlannedDefinition, PrefillPlan } from "@/lib/wire/index";
import { FakeClock } from "../support/clock.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
let clock: FakeClock;
let board: PlanBoard;
let scopeId: number;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.$executeRaw`TRUNCATE prefill_plan, prefill_setting, prefill_instance, service CASCADE`;
  clock = new FakeClock();
  board = new PlanBoard(database.db, clock);
  scopeId = (await openScope(database.db, { service: "shop", environment: "production" }, [])).scope.id;
});

const feed: PlannedDefinition = {
  name: "feed",
  targetUs: 500_000,
  use: 0.6,
  useAfter: {},
  inTime: 0.9,
  delta: 0.4,
  costUs: 400_000,
  users: [{ user: "42", delta: 0.9, costUs: 300_000 }],
};
const put = (atMs = clock.now(), budgetSecondsPerHour = 60) =>
  savePlan(database.db, scopeId, {
    atMs,
    correction: 1,
    plan: { price: 0.5, budgetSecondsPerHour, definitions: [feed] },
    shown: {},
  });
async function set(changes: Parameters<typeof changeSettings>[2]): Promise<void> {
  await settingsOf(database.db, scopeId, clock.now());
  await changeSettings(database.db, scopeId, changes, { nowMs: clock.now(), by: "test" });
}
const asked = async (instance?: string, of = board) => {
  const { json, etag } = await of.answer("shop", "production", instance);
  return { ...(JSON.parse(json.toString()) as PrefillPlan), etag };
};

test("a plan is what was planned, and what people set", async () => {
  await put();
  const { salt } = await settingsOf(database.db, scopeId, clock.now());
  const { etag, ...plan } = await asked("web-1");
  expect(etag).toMatch(/^"[\w-]{22}"$/);
  expect(plan).toEqual({
    v: 1,
    service: "shop",
    environment: "production",
    madeAtMs: clock.now(),
    mode: "observe",
    withheldShare: 0.1,
    holdOutShare: 0.01,
    salt,
    budgetSecondsPerHour: 60,
    price: 0.5,
    concurrency: 2,
    foregroundP95Us: null,
    definitions: [feed],
  });
  expect(salt).toMatch(/^[0-9a-f]{32}$/);
});

test("before anything was planned or sent, the plan is of nothing, and too old to be acted on", async () => {
  expect(await asked()).toMatchObject({ madeAtMs: 0, mode: "observe", definitions: [], budgetSecondsPerHour: 0 });
  const stranger = await board.answer("nobody", "nowhere", "web-1");
  expect(JSON.parse(stranger.json.toString())).toMatchObject({ service: "nobody", madeAtMs: 0, definitions: [] });
  expect(await database.db.service.count()).toBe(1);
});

test("a change of the mode, and a later plan, are there within a second", async () => {
  await put();
  const before = await asked();
  await set({ mode: "stop" });
  clock.advance(999);
  const stopped = await asked();
  expect([before.mode, stopped.mode, stopped.etag === before.etag]).toEqual(["observe", "stop", false]);
  await put(clock.now());
  clock.advance(999);
  expect((await asked()).madeAtMs).toBe(clock.now() - 999);
});

test("while nothing changes, the tag stays, and the database is asked twice a second for everybody", async () => {
  await put();
  let questions = 0;
  const counting = new Proxy(database.db, {
    get: (db, name) => {
      if (name === "$queryRaw") questions++;
      return db[name as keyof Db];
    },
  });
  board = new PlanBoard(counting, clock);
  const tags = new Set<string>();
  for (let instance = 0; instance < 50; instance++) await asked(`web-${instance}`);
  for (let ask = 0; ask < 1_000; ask++) {
    clock.advance(10);
    tags.add((await asked(`web-${ask % 50}`)).etag);
  }
  expect(tags.size).toBe(2); // the second one since 50 share the budget
  expect(questions).toBeLessThanOrEqual(23);
});

test("the budget is shared by the instances that asked in the last two minutes, in whatever process", async () => {
  await put();
  const other = new PlanBoard(database.db, clock);
  await asked("web-1");
  await asked("web-2", other);
  await asked("web-3", other);
  clock.advance(1_000);
  expect((await asked(undefined, other)).budgetSecondsPerHour).toBe(20);
  expect((await asked("web-1")).budgetSecondsPerHour).toBe(20);
  for (let second = 0; second < 130; second += 10) {
    clock.advance(10_000);
    await asked("web-1");
  }
  expect((await asked("web-1")).budgetSecondsPerHour).toBe(60);
});

test("a budget that a person set counts in place of the plan's", async () => {
  await put();
  await set({ budgetSecondsPerHour: 12 });
  expect((await asked()).budgetSecondsPerHour).toBe(12);
});

test("a service that begins to send is found", async () => {
  const first = await board.answer("late", "production");
  await openScope(database.db, { service: "late", environment: "production" }, []);
  clock.advance(6_000);
  const second = await board.answer("late", "production");
  expect([first, second].map(({ json }) => (JSON.parse(json.toString()) as PrefillPlan).salt !== "")).toEqual([
    false,
    true,
  ]);
});

test("of two plans that are made at once, the later one is in force", async () => {
  expect([await put(clock.now(), 1), await put(clock.now() - 5, 2), await put(clock.now(), 3)]).toEqual([
    true,
    false,
    false,
  ]);
  expect((await asked()).budgetSecondsPerHour).toBe(1);
});

test("a thousand names do not make the database busy, nor memory full", async () => {
  for (let n = 0; n < 1_500; n++) await board.answer("shop", "production", `made-up-${n}`);
  clock.advance(1_000);
  await asked();
  expect(await database.db.prefillInstance.count()).toBeLessThanOrEqual(1_000);
});

test("when the database cannot be asked, that is told, and the next question tries again", async () => {
  let down = true;
  const flaky = new Proxy(database.db, {
    get: (db, name) => {
      if (down && name === "$queryRaw") throw new Error("connection refused");
      return db[name as keyof Db];
    },
  });
  board = new PlanBoard(flaky, clock);
  await expect(asked()).rejects.toThrow("connection refused");
  down = false;
  expect((await asked()).service).toBe("shop");
});

test("who has the plan is told so without it; others get it packed when they can unpack it", async () => {
  await put();
  const answer = await board.answer("shop", "production");
  const ask = (headers: Record<string, string>) => planResponse(answer, new Headers(headers));
  for (const tag of [answer.etag, `W/${answer.etag}`, `"x", ${answer.etag}`, "*"]) {
    const same = ask({ "if-none-match": tag });
    expect([same.status, same.headers.get("etag"), await same.text()]).toEqual([304, answer.etag, ""]);
  }
  const plain = ask({ "if-none-match": '"x"' });
  expect([plain.status, plain.headers.get("content-encoding"), plain.headers.get("date") !== null]).toEqual([
    200,
    null,
    true,
  ]);
  const packed = ask({ "accept-encoding": "br, gzip;q=1.0" });
  expect(packed.headers.get("content-encoding")).toBe("gzip");
  const text = gunzipSync(Buffer.from(await packed.arrayBuffer())).toString();
  expect(text).toBe(await plain.text());
});

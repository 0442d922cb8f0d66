import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { addPayload, encodePayload, middleAt, indexOf, newCounts, totalOf } from "@/lib/histogram/index";
import { buildProfiles } from "@/lib/prefill/build-profiles";
import { coldAmong, type Subject } from "@/lib/prefill/gather-visits";
import { Folder } from "@/lib/rollup/fold";
import { rollUp } from "@/lib/rollup/roll-up";
import { ensurePartitions } from "@/lib/store/partitions";
import { type Profile, ProfileCursor, REST } from "@/lib/store/profile-pack";
import { profileStatesOf, readMerged, saveSettled } from "@/lib/store/profiles";
import { keyOf, userKey } from "@/lib/store/user-key";
import { CACHE_METHOD, LOAD_METHOD, WRITE_METHOD, OTHER_USERS } from "@/lib/wire/index";
import { seeded } from "../query/support/oracle.ts";
import { batchOf, payloadOf } from "../support/batches.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { store } from "../support/stored.ts";

let database: TestDatabase;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Sunday, three days into a week of the epoch. */
const START = Date.parse("2026-11-22T00:00:00Z");

beforeAll(async () => {
  database = await testDatabase();
  for (let day = -2; day < 30; day++) await ensurePartitions(database.db, START + day * DAY);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db
    .$executeRaw`TRUNCATE batch, batch_receipt, endpoint_window_10s, endpoint_window_1m, endpoint_window_1h,
    user_window_1m, user_window_1h, user_window_1d, user_label, prefill_profile, prefill_profile_state, service CASCADE`;
});

const REST_KEY = keyOf(REST.high, REST.low);

interface Visit {
  atMs: number;
  user: string;
  us: number;
  kind: "hit" | "miss" | "load" | "write";
}

/** What an app would send: the visits to the definition `feed`, and what computing its values took. */
async function live(visits: readonly Visit[]): Promise<void> {
  for (const { atMs, user, us, kind } of visits) {
    const latency = payloadOf(us);
    const isVisit = kind === "hit" || kind === "miss";
    const series = isVisit ? { id: user, latency, [kind]: latency } : { id: user, latency };
    const method = isVisit ? CACHE_METHOD : kind === "load" ? LOAD_METHOD : WRITE_METHOD;
    const window = { startMs: Math.floor(atMs / 10_000) * 10_000, seconds: 10 };
    const endpoint = { method, route: "feed", outcomes: { ok: latency }, users: [series] };
    await store(database.db, batchOf({ window, endpoints: [endpoint] }));
  }
  await new Folder(database.db).fold();
}

async function subject(changes: Partial<Subject> = {}): Promise<Subject> {
  const id = async (method: string) =>
    (await database.db.endpoint.findFirst({ where: { method, route: "feed" } }))?.id ?? null;
  const endpointId = (await id(CACHE_METHOD))!;
  return {
    endpointId,
    isCached: true,
    loadId: await id(LOAD_METHOD),
    writeId: await id(WRITE_METHOD),
    ttlSeconds: 600,
    ...changes,
  };
}

const build = async (nowMs: number, wish: { most?: number; soonestMs?: number } = {}) =>
  buildProfiles(database.db, await subject(), { nowMs, most: 1_000, soonestMs: 0, ...wish });

/** What is told of each user, in words that can be compared. */
interface Told {
  cold: number;
  loads: number;
  loadUs: number;
  writes: number;
  lastHour: number;
  missEven: string;
  missOdd: string;
  hit: string;
  hours: number[];
}
const hex = (range: Profile["hit"]) => Buffer.from(range.bytes.subarray(range.start, range.end)).toString("hex");

async function shown(): Promise<Map<bigint, Told>> {
  const found = new Map<bigint, Told>();
  const cursor = new ProfileCursor(await readMerged(database.db, (await subject()).endpointId));
  while (cursor.next()) {
    const { cold, loads, loadUs, writes, lastHour, missEven, missOdd, hit, hours } = cursor;
    const told = { missEven: hex(missEven), missOdd: hex(missOdd), hit: hex(hit), hours: [...hours] };
    found.set(keyOf(cursor.high, cursor.low), { cold, loads, loadUs, writes, lastHour, ...told });
  }
  return found;
}

/** The same by plain addition. */
function expected(visits: readonly Visit[]): Map<bigint, Told> {
  const users = new Map<bigint, Visit[]>();
  for (const visit of visits) {
    const key = visit.user === OTHER_USERS ? REST_KEY : userKey("shop", visit.user);
    users.set(key, [...(users.get(key) ?? []), visit]);
  }
  const sum = (some: readonly Visit[]) => {
    const counts = newCounts();
    for (const { us } of some) addPayload(counts, payloadOf(us));
    return Buffer.from(encodePayload(counts)).toString("hex");
  };
  const entries = [...users].map(([key, own]): [bigint, Told] => {
    const misses = own.filter(({ kind }) => kind === "miss");
    const loads = own.filter(({ kind }) => kind === "load");
    const seen = own.filter(({ kind }) => kind === "hit" || kind === "miss");
    const hours = new Map<number, number>();
    for (const { atMs } of seen) {
      const week = (Math.floor(atMs / HOUR) + 72) % 168;
      hours.set(week, (hours.get(week) ?? 0) + 1);
    }
    const parity = (even: number) => misses.filter(({ atMs }) => Math.floor(atMs / DAY) % 2 === even);
    return [
      key,
      {
        cold: misses.length,
        loads: loads.length,
        loadUs: loads.reduce((total, { us }) => total + middleAt(indexOf(us)), 0),
        writes: own.filter(({ kind }) => kind === "write").length,
        lastHour: Math.max(0, ...seen.map(({ atMs }) => Math.floor(atMs / HOUR))),
        missEven: sum(parity(0)),
        missOdd: sum(parity(1)),
        hit: sum(own.filter(({ kind }) => kind === "hit")),
        hours: [...hours].sort(([a], [b]) => a - b).flat(),
      },
    ];
  });
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function someVisits(seed: number, { fromMs, toMs, count }: { fromMs: number; toMs: number; count: number }): Visit[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => ({
    atMs: Math.floor(fromMs + random() * (toMs - fromMs)),
    user: random() < 0.1 ? OTHER_USERS : `u${Math.floor(random() ** 2 * 12)}`,
    us: Math.round(200 * Math.exp(random() * 9)),
    kind: (["hit", "miss", "load", "write"] as const)[Math.floor(random() * 4)]!,
  }));
}

test("profiles are the plain sum of what was seen, an hour that is not over included", async () => {
  const visits = someVisits(1, { fromMs: START, toMs: START + 3 * HOUR, count: 60 });
  await live(visits);
  await build(START + 3 * HOUR);
  expect(await shown()).toEqual(expected(visits));
  const [state] = await profileStatesOf(database.db, [(await subject()).endpointId]);
  expect(state).toMatchObject({ settledUptoMs: START + 2 * HOUR, users: expected(visits).size - 1 });
  const misses = visits.filter(({ kind }) => kind === "miss").length;
  const counts = newCounts();
  addPayload(counts, state!.miss);
  expect([totalOf(counts), state!.cold]).toEqual([misses, misses]);
});

test("days of visits, built now and then, with windows rolled up in between: last week's and this week's count, older ones do not", async () => {
  const all: Visit[] = [];
  for (let day = 0; day < 20; day++) {
    const fromMs = START + day * DAY;
    const visits = someVisits(day, { fromMs, toMs: fromMs + DAY, count: 8 });
    all.push(...visits);
    await live(visits);
    if (day % 3 === 0) await rollUp(database.db, fromMs + DAY);
    if (day % 2 === 0) await build(fromMs + DAY + 5 * 60_000);
  }
  const nowMs = START + 20 * DAY;
  await build(nowMs);
  const oldest = (Math.floor(nowMs / (7 * DAY)) - 1) * 7 * DAY;
  const counted = all.filter(({ atMs }) => atMs >= oldest);
  expect(counted.length).toBeLessThan(all.length);
  expect(await shown()).toEqual(expected(counted));
  const layers = await database.db.prefillProfile.findMany({ distinct: ["layer"], select: { layer: true } });
  expect(layers).toHaveLength(3);
});

test("two workers at once, and a run that was cut off, come to the same", async () => {
  const visits = someVisits(3, { fromMs: START, toMs: START + 2 * DAY, count: 80 });
  await live(visits);
  const nowMs = START + 2 * DAY;
  await buildProfiles(database.db, await subject(), { nowMs, most: 100, stop: () => true });
  expect(await shown()).toEqual(new Map());
  await Promise.all([build(nowMs), build(nowMs), build(nowMs)]);
  await build(nowMs + 1_000);
  expect(await shown()).toEqual(expected(visits));
});

test("the profiles are made anew when something was seen since, but not before it is worth it", async () => {
  const visits = someVisits(4, { fromMs: START, toMs: START + HOUR, count: 20 });
  await live(visits);
  await build(START + HOUR, { soonestMs: 60_000 });
  const more = someVisits(5, { fromMs: START + HOUR, toMs: START + HOUR + 60_000, count: 5 });
  await live(more);
  await build(START + HOUR + 59_000, { soonestMs: 60_000 });
  expect(await shown()).toEqual(expected(visits));
  await build(START + HOUR + 60_000, { soonestMs: 60_000 });
  expect(await shown()).toEqual(expected([...visits, ...more]));
});

test("beyond the most, those with least work have no profile of their own, and nothing is lost", async () => {
  const visits = Array.from({ length: 10 }, (_, n): Visit[] => [
    { atMs: START, user: `u${n}`, us: 1_000 * (n + 1), kind: "miss" },
    { atMs: START, user: `u${n}`, us: 1_000 * (n + 1), kind: "load" },
  ]).flat();
  const ties = ["a", "b", "c"].map((user): Visit => ({ atMs: START, user, us: 50_000, kind: "load" }));
  await live([...visits, ...ties]);
  await build(START + HOUR, { most: 5 });
  const found = await shown();
  const kept = ["a", "b", "c", "u9", "u8"].map((user) => userKey("shop", user));
  expect(new Set(found.keys())).toEqual(new Set([...kept, REST_KEY]));
  const total = (of: (told: Told) => number) => [...found.values()].reduce((sum, told) => sum + of(told), 0);
  expect([total(({ cold }) => cold), total(({ loads }) => loads)]).toEqual([10, 13]);
  await build(START + HOUR + 60_000, { most: 2 });
  expect((await shown()).size).toBe(3);
  expect([...(await shown()).values()].reduce((sum, { cold }) => sum + cold, 0)).toBe(10);
});

test("where nothing is cached, each request is taken for a miss, and its time for what a fill would cost", async () => {
  const latencies = payloadOf(1_000, 2_000, 3_000);
  const endpoint = {
    method: "GET",
    route: "/feed",
    outcomes: { ok: latencies },
    users: [{ id: "7", latency: latencies }],
  };
  await store(database.db, batchOf({ window: { startMs: START, seconds: 10 }, endpoints: [endpoint] }));
  await new Folder(database.db).fold();
  const { id } = await database.db.endpoint.findFirstOrThrow({ where: { route: "/feed" } });
  const plain = { endpointId: id, isCached: false, loadId: null, writeId: null, ttlSeconds: 1_800 };
  const state = await buildProfiles(database.db, plain, { nowMs: START + 60_000, most: 10 });
  expect(state).toMatchObject({ users: 1, cold: 2, loads: 3, hit: new Uint8Array(0) });
  expect(state!.loadUs / 6_000).toBeCloseTo(1, 1);
});

test("visits within the time to live of each other are one that is cold", () => {
  expect(coldAmong(1, 600)).toBeCloseTo(1, 9);
  expect(coldAmong(50, 3_600)).toBe(1);
  expect(coldAmong(50, 86_400)).toBe(1);
  expect(coldAmong(2, 1_800)).toBeCloseTo(1.5, 9);
  expect(coldAmong(1_000, 600)).toBeCloseTo(6, 3);
});

test("an endpoint that nobody was seen at has no profiles", async () => {
  await live([]);
  const nobody = { endpointId: 999, isCached: true, loadId: null, writeId: null, ttlSeconds: 60 };
  expect(await buildProfiles(database.db, nobody, { nowMs: START, most: 10 })).toBeNull();
});

test("an hour that another worker has settled meanwhile is not settled again", async () => {
  await live(someVisits(6, { fromMs: START, toMs: START + HOUR, count: 10 }));
  await build(START + 30 * 60_000);
  const { endpointId } = await subject();
  const [state] = await profileStatesOf(database.db, [endpointId]);
  const settled = { layer: 9_999, chunks: [], settledUptoMs: START + HOUR, oldestLayer: 1 };
  expect(await saveSettled(database.db, state!, settled)).toBe(true);
  expect(await saveSettled(database.db, state!, { ...settled, settledUptoMs: START + 2 * HOUR })).toBe(false);
  expect((await profileStatesOf(database.db, [endpointId]))[0]!.settledUptoMs).toBe(START + HOUR);
});

test("rates go by the time since users were first seen, to the minute, and keep that beginning", async () => {
  const firstMs = START + 9 * HOUR + 41 * 60_000;
  await live([{ atMs: firstMs + 20_000, user: "u", us: 900_000, kind: "miss" }]);
  expect((await build(firstMs + 3 * 60_000))!.fromMs).toBe(firstMs);
  await rollUp(database.db, firstMs + 3 * HOUR);
  const later = (await build(firstMs + 3 * HOUR))!;
  expect(later.fromMs).toBe(firstMs);
  expect(later.settledUptoMs % HOUR).toBe(0);
});

test("who is first looked at long after is counted from the hour", async () => {
  await live([{ atMs: START + 9 * HOUR + 41 * 60_000, user: "u", us: 900_000, kind: "miss" }]);
  await rollUp(database.db, START + 20 * HOUR);
  await database.db.$executeRaw`DELETE FROM user_window_1m`;
  expect((await build(START + 20 * HOUR))!.fromMs).toBe(START + 9 * HOUR);
});

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { endpoints, overview, parseQuestion, services, user } from "@/lib/query/index";
import { Folder } from "@/lib/rollup/fold";
import { rollUp } from "@/lib/rollup/roll-up";
import { ensurePartitions } from "@/lib/store/partitions";
import { CACHE_METHOD, LOAD_METHOD, OTHER_ENDPOINT, RESERVED_METHODS } from "@/lib/wire/index";
import { batchOf, endpointOf, payloadOf, userOf } from "../support/batches.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { endpointWindows, store, userWindows } from "../support/stored.ts";

let database: TestDatabase;
const NOW = Date.parse("2026-11-22T10:00:00Z");
const RANGE = new URLSearchParams({ from: "2026-11-22T09:00:00Z", to: "2026-11-22T11:00:00Z" });

beforeAll(async () => {
  database = await testDatabase();
  await ensurePartitions(database.db, NOW);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.$executeRaw`TRUNCATE batch, batch_receipt, endpoint_window_10s, endpoint_window_1m,
    endpoint_window_1h, user_window_1m, user_window_1h, user_window_1d, loss, user_label, service CASCADE`;
});

const hex = (...us: number[]) => Buffer.from(payloadOf(...us)).toString("hex");
const reserved = RESERVED_METHODS.map((method) =>
  endpointOf({
    method,
    route: "feed",
    outcomes: { ok: payloadOf(7_000) },
    users: [{ ...userOf("42", 7_000), hit: payloadOf(7_000) }],
  }),
);

async function fold(...endpointsOf: ReturnType<typeof endpointOf>[][]): Promise<void> {
  for (const list of endpointsOf) await store(database.db, batchOf({ endpoints: list }));
  await new Folder(database.db).fold();
}

test("what is no request is stored in every tier, users and their parts included", async () => {
  await fold(reserved);
  const { db } = database;
  await rollUp(db, NOW + 86_400_000 * 2);
  for (const tier of [0, 1, 2]) {
    const windows = [...(await endpointWindows(db, tier))].map(([name, payload]) => [name.split(" | ")[0], payload]);
    expect(Object.fromEntries(windows)).toEqual(
      Object.fromEntries(RESERVED_METHODS.map((method) => [`shop production ${method} feed`, hex(7_000)])),
    );
    const users = [...(await userWindows(db, tier)).keys()].map((name) => name.split(" | ").at(-1));
    expect(users.filter((kind) => kind === "latency")).toHaveLength(RESERVED_METHODS.length);
    expect(users.filter((kind) => kind === "hit")).toHaveLength(RESERVED_METHODS.length);
  }
});

test("it counts in no total, no overview, no list of endpoints and no user's requests", async () => {
  await fold([endpointOf(), ...reserved]);
  const { db } = database;
  const windows = await endpointWindows(db, 0);
  expect(windows.get("shop production total | 2026-11-22T10:00:00Z | ok")).toBe(hex(1_000));
  expect((await overview(db, parseQuestion("overview", RANGE), NOW + 60_000)).totals.count).toBe(1);
  const listed = await endpoints(db, parseQuestion("endpoints", RANGE), NOW + 60_000);
  expect(listed.endpoints.map(({ method }) => method)).toEqual(["GET"]);
  const own = await user(db, { ...parseQuestion("user", RANGE), user: "42" }, NOW + 60_000);
  expect([own.totals.count, own.endpoints.map(({ method }) => method)]).toEqual([1, ["GET"]]);
});

test("a sender of nothing else is a service without endpoints", async () => {
  await fold(reserved);
  const { db } = database;
  const listed = await endpoints(db, parseQuestion("endpoints", RANGE), NOW + 60_000);
  expect([listed.endpoints, listed.nothing]).toEqual([[], "nothing_sent_yet"]);
  expect((await services(db, NOW + 60_000)).services.map(({ name }) => name)).toEqual(["shop"]);
});

test("definitions beyond 100 are counted under (other) of their method, as a loss, and take no endpoint's room", async () => {
  const definition = (method: string, route: string) => endpointOf({ method, route, users: [] });
  const many = Array.from({ length: 100 }, (_, n) => definition(CACHE_METHOD, `d${n}`));
  await fold(many, [definition(CACHE_METHOD, "d0"), definition(CACHE_METHOD, "d100"), definition(LOAD_METHOD, "d100")]);
  const names = async (method: string) =>
    (await database.db.endpoint.findMany({ where: { method }, orderBy: { id: "asc" } })).map(({ route }) => route);
  expect((await names(CACHE_METHOD)).length).toBe(101);
  expect((await names(CACHE_METHOD)).at(-1)).toBe(OTHER_ENDPOINT);
  expect(await names(LOAD_METHOD)).toEqual(["d100"]);
  expect(await names("*")).toEqual([]);
  const losses = await database.db.loss.findMany();
  expect(losses.map(({ reason, count }) => [reason, count])).toEqual([["server_definition_cap", 1n]]);
  await fold([endpointOf({ users: [] })]);
  expect(await names("GET")).toEqual(["/users/:id"]);
});

test("a sender may name the bucket itself", async () => {
  await fold([endpointOf({ method: CACHE_METHOD, route: OTHER_ENDPOINT, users: [] })]);
  expect(await database.db.endpoint.count({ where: { method: CACHE_METHOD, route: OTHER_ENDPOINT } })).toBe(1);
});

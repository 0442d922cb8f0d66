import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GET } from "@/app/api/v1/tables/[file]/route";
import { createRule } from "@/lib/alerts/rules";
import { createApiKey } from "@/lib/auth/api-keys";
import { endpoints, overview, tailUsers } from "@/lib/query/index";
import { TABLE_NAMES } from "@/lib/query/tables/names";
import { Folder } from "@/lib/rollup/fold";
import { ensurePartitions } from "@/lib/store/partitions";
import { ask, serverRoom } from "../auth/support/server-room.ts";
import { batchOf, endpointOf, payloadOf, userOf } from "../support/batches.ts";
import type { TestDatabase } from "../support/database.ts";
import { store } from "../support/stored.ts";

let room: TestDatabase;
let key: string;
let endpointId: number;
const NOW = Date.now();
/** Each would do harm, or break a line, if it were written as it is. */
const USERS = ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\tx", "\rx", 'a "b", c', "line\nbreak", "ünï", "42"];
const STRANGE = `=HYPERLINK("http://e.test","/x")`;

beforeAll(async () => {
  room = await serverRoom();
  await ensurePartitions(room.db, NOW);
  const startMs = Math.floor(NOW / 10_000) * 10_000 - 60_000;
  const users = USERS.map((id, n) => userOf(id, 1_000 * (n + 1)));
  const outcomes = { ok: payloadOf(...USERS.map((_, n) => 1_000 * (n + 1))), aborted: payloadOf(9e6) };
  const one = endpointOf({ route: "/users/:id", outcomes, users });
  const others = [STRANGE, "/feed"].map((route) => endpointOf({ route, users: [] }));
  const window = { startMs, seconds: 10 };
  await store(room.db, batchOf({ window, losses: new Map([["user_cap", 3]]), endpoints: [one, ...others] }));
  await new Folder(room.db).fold();
  endpointId = (await room.db.endpoint.findFirstOrThrow({ where: { route: "/users/:id" } })).id;
  const rule = { name: "-slow", kind: "percentile", service: "shop", environment: "production" };
  await createRule(room.db, { ...rule, percentile: 99, thresholdUs: 1_000 }, { nowMs: NOW, by: null });
  key = (await createApiKey({ name: "reader", scopes: ["read"], createdBy: null }, room.db)).key;
});
afterAll(() => room.drop());

async function get(file: string, query = "", bearer = key) {
  const headers: Record<string, string> = bearer === "" ? {} : { authorization: `Bearer ${bearer}` };
  return GET(ask(`/api/v1/tables/${file}${query}`, { headers }), { params: Promise.resolve({ file }) });
}

/** RFC 4180, strictly: every line ends in CRLF, a quote only stands where a field begins or ends. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    for (;;) {
      const field = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(text.slice(at));
      if (field === null) throw new Error(`no field at ${JSON.stringify(text.slice(at, at + 60))}`);
      row.push(field[1]?.replaceAll('""', '"') ?? field[2]!);
      at += field[0].length;
      if (field[3] !== ",") break;
    }
    rows.push(row);
  }
  return rows;
}

async function table(name: string, query = "") {
  const csv = await get(`${name}.csv`, query);
  expect([name, csv.status]).toEqual([name, 200]);
  expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  const [columns, ...rows] = readCsv(await csv.text());
  const json = await get(`${name}.json`, query);
  const body = (await json.json()) as { columns: string[]; rows: Record<string, unknown>[]; more: number };
  expect(body.columns).toEqual(columns);
  expect(body.rows.length).toBe(rows.length);
  return { columns: columns!, rows, json: body, name: csv.headers.get("content-disposition")! };
}

/** What each table has to be told besides what it may leave out. */
function needed(name: string): string {
  if (name.startsWith("endpoint-")) return `?endpoint=${endpointId}`;
  if (name.startsWith("user-")) return "?id=42";
  if (/^(statements|stopped|slow-requests|repeated|trials|prefill)/.test(name))
    return "?service=shop&environment=production";
  return "";
}

describe("every table", () => {
  test.each(TABLE_NAMES.filter((name) => !["alert-members", "alert-series"].includes(name)))("%s", async (name) => {
    const { columns, rows } = await table(name, needed(name));
    expect(columns.length).toBeGreaterThan(1);
    for (const row of rows) expect(row).toHaveLength(columns.length);
  });

  test("series of a rule, and what fired in an incident that is not there", async () => {
    const { id } = await room.db.alertRule.findFirstOrThrow();
    expect((await table("alert-series", `?rule=${id}`)).rows).toEqual([]);
    expect((await get("alert-members.csv", `?incident=${id}`)).status).toBe(404);
  });

  test.each(["nonsense.csv", "endpoints.xml", "endpoints", "constructor.csv", "__proto__.json"])(
    "there is no %s",
    async (file) => expect((await get(file)).status).toBe(404),
  );

  test("wants a key that may read, and parameters that are known", async () => {
    expect((await get("endpoints.csv", "", "")).status).toBe(401);
    const { key: other } = await createApiKey({ name: "sender", scopes: ["ingest"], createdBy: null }, room.db);
    expect((await get("endpoints.csv", "", other)).status).toBe(403);
    expect((await get("endpoints.csv", "?colour=red")).status).toBe(400);
    expect((await get("storage.csv", "?from=now-1h")).status).toBe(400);
    expect((await get("endpoint-users.csv", "?endpoint=99999")).status).toBe(404);
  });
});

test("endpoints are those of the page, all of them, and its search finds the same", async () => {
  const { columns, rows, json, name } = await table("endpoints", "?service=shop&percentiles=50,99");
  const answer = await endpoints(
    room.db,
    { service: "shop", from: "now-1h", to: "now", percentiles: [50, 99] },
    Date.now(),
  );
  expect(json.rows.map((row) => [row["route"], row["count"], row["aborted"], row["p99Us"], row["tailCostUs"]])).toEqual(
    answer.endpoints.map((row) => [
      row.route,
      row.count,
      row.outcomes.aborted,
      row.percentiles["p99Us"],
      row.tailCostUs,
    ]),
  );
  expect(columns).toContain("p50Us");
  expect(rows).toHaveLength(3);
  expect(name).toMatch(/^attachment; filename="shop endpoints \d{4}-\d\d-\d\dT\d\d-\d\d-\d\d.* to .*\.csv"$/);
  const found = await table("endpoints", "?service=shop&q=get%20USERS");
  expect(found.json.rows.map((row) => row["route"])).toEqual(["/users/:id"]);
});

test("no text is a formula to a spreadsheet, and JSON has it as it is", async () => {
  const { rows, json } = await table("endpoint-users", `?endpoint=${endpointId}`);
  expect(json.rows.map((row) => String(row["user"])).sort()).toEqual([...USERS].sort());
  for (const [user] of rows) expect(user).not.toMatch(/^[=+\-@\t\r]/);
  expect(rows.map(([user]) => user!.replace(/^'/, "")).sort()).toEqual([...USERS].sort());
  const { json: all } = await table("endpoints");
  expect(all.rows.map((row) => row["route"])).toContain(STRANGE);
  const { rows: rules } = await table("alert-rules");
  expect(rules[0]![0]).toBe("'-slow");
});

test("points of a chart are its points, gaps as empty cells", async () => {
  const { json } = await table("series", "?service=shop&environment=production&step=60&percentiles=50");
  const question = { service: "shop", environment: "production", from: "now-1h", to: "now", percentiles: [50] };
  const answer = await overview(room.db, { ...question, step: 60 }, Date.now());
  const inBoth = (points: readonly { at?: unknown }[]) => points.slice(1, -1).map((point) => point.at);
  expect(inBoth(json.rows)).toEqual(expect.arrayContaining(inBoth(answer.series.points).slice(1, -1)));
  expect(json.rows.some((row) => row["count"] === 0 && row["p50Us"] === null)).toBe(true);
});

test("more users than a page shows are all there", async () => {
  const startMs = Math.floor(NOW / 10_000) * 10_000 - 120_000;
  const users = Array.from({ length: 1_400 }, (_, n) => userOf(`many-${n}`, 1_000 + n));
  const outcomes = { ok: payloadOf(...users.map((_, n) => 1_000 + n)) };
  const endpoint = endpointOf({ route: "/many", outcomes, users });
  await store(room.db, batchOf({ window: { startMs, seconds: 10 }, endpoints: [endpoint] }));
  await new Folder(room.db).fold();
  const { id } = await room.db.endpoint.findFirstOrThrow({ where: { route: "/many" } });
  const { rows, json } = await table("endpoint-users", `?endpoint=${id}`);
  expect([rows.length, json.more]).toEqual([1_400, 0]);
  const shown = await tailUsers(room.db, { id, from: "now-1h", to: "now", tail: 95, limit: 50 }, Date.now());
  expect(json.rows.slice(0, 50).map((row) => row["user"])).toEqual(shown.users.map(({ user }) => user));
});

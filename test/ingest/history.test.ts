import { createHash, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { HistogramLogReader, initWebAssembly } from "hdr-histogram-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GET as getHlog } from "@/app/api/v1/endpoints/[id]/histogram.hlog/route";
import { GET, POST } from "@/app/api/v1/import/route";
import { POST as postHlog } from "@/app/api/v1/import/hlog/route";
import { createApiKey } from "@/lib/auth/api-keys";
import { encodeV2, encodeV2Compressed } from "@/lib/histogram/index";
import { endpoints } from "@/lib/query/index";
import { foldHistory } from "@/lib/rollup/history";
import { ask, ORIGIN, serverRoom } from "../auth/support/server-room.ts";
import { payloadOf } from "../support/batches.ts";
import type { TestDatabase } from "../support/database.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const NOW = Date.now();
const PLACE = { service: "shop", environment: "production" };

let room: TestDatabase;
let key: string;
let readKey: string;

beforeAll(async () => {
  room = await serverRoom();
  key = (await createApiKey({ name: "importer", scopes: ["ingest"], createdBy: null }, room.db)).key;
  readKey = (await createApiKey({ name: "reader", scopes: ["read"], createdBy: null }, room.db)).key;
});
afterAll(() => room.drop());

const sha = (text: string) => createHash("sha256").update(text).digest("hex");
const histogram = (...us: number[]) => Buffer.from(encodeV2(payloadOf(...us))).toString("base64");
const windowAt = (ms: number, ...us: number[]) => ({
  window: { start: new Date(ms).toISOString(), seconds: 60 },
  endpoints: [{ method: "GET", route: "/a", outcomes: { ok: histogram(...us) } }],
});
const at = (offset: number, digest = sha(String(offset))) => ({ offset, digest });

async function send(body: object, headers: Record<string, string> = {}) {
  const whole = { v: 1, ...PLACE, source: sha("first line"), from: null, ...body };
  const response = await POST(
    ask("/api/v1/import", { method: "POST", body: whole, headers: { authorization: `Bearer ${key}`, ...headers } }),
    {},
  );
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function progress(source: string, place = PLACE) {
  const query = new URLSearchParams({ ...place, source });
  const headers = { authorization: `Bearer ${key}` };
  const response = await GET(ask(`/api/v1/import?${query}`, { headers }), {});
  return ((await response.json()) as { imported: { offset: number; digest: string }[] }).imported;
}

const countOf = async (service: string) =>
  (await endpoints(room.db, { service, from: "now-400d", to: "now", percentiles: [50] }, NOW)).endpoints.reduce(
    (sum, { count }) => sum + count,
    0,
  );

describe("POST /api/v1/import", () => {
  test("counts a chunk once, and tells how far a source was imported", async () => {
    const source = sha("one");
    const first = { source, to: at(100), windows: [windowAt(NOW - 30 * DAY, 1_000, 2_000)] };
    expect(await send(first)).toEqual({ status: 200, body: { accepted: 1, rejected: [], duplicate: false } });
    expect(await send(first)).toEqual({ status: 200, body: { accepted: 0, rejected: [], duplicate: true } });
    const second = { source, from: at(100), to: at(200), windows: [windowAt(NOW - 29 * DAY, 3_000)] };
    expect((await send(second)).status).toBe(200);
    expect((await send(second)).body["duplicate"]).toBe(true);
    expect((await send(first)).body["duplicate"]).toBe(true);
    await foldHistory(room.db, NOW);
    expect(await countOf("shop")).toBe(3);
    expect(await progress(source)).toEqual([at(100), at(200)]);
    expect(await progress(source, { service: "shop", environment: "staging" })).toEqual([]);
  });

  test("the same file for another environment is another source", async () => {
    const chunk = { source: sha("two"), to: at(100), windows: [windowAt(NOW - 30 * DAY, 1_000)] };
    expect((await send({ ...chunk, service: "twice" })).body["duplicate"]).toBe(false);
    expect((await send({ ...chunk, service: "twice", environment: "staging" })).body["duplicate"]).toBe(false);
    await foldHistory(room.db, NOW);
    expect(await countOf("twice")).toBe(2);
  });

  test("a chunk that follows on nothing known, or on what was followed otherwise, is a conflict", async () => {
    const source = sha("three");
    const windows = [windowAt(NOW - 30 * DAY, 1_000)];
    const gap = await send({ source, from: at(50), to: at(100), windows });
    expect([gap.status, gap.body["code"]]).toEqual([409, "import_conflict"]);
    expect((await send({ source, to: at(100), windows })).status).toBe(200);
    expect((await send({ source, from: at(100), to: at(200), windows })).status).toBe(200);
    expect((await send({ source, from: at(100), to: at(150), windows })).status).toBe(409);
  });

  test("a chunk that arrives ten times at once counts once", async () => {
    const chunk = { service: "at-once", source: sha("four"), to: at(9), windows: [windowAt(NOW - 9 * DAY, 1_000)] };
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(chunk)));
    expect(answers.filter(({ body }) => body["duplicate"] === false)).toHaveLength(1);
    await foldHistory(room.db, NOW);
    expect(await countOf("at-once")).toBe(1);
  });

  test("keeps the good windows of a chunk, and tells what is wrong with the others", async () => {
    const bad = { method: "(cache)", route: "thing", outcomes: { ok: histogram(5) } };
    const windows = [
      windowAt(NOW - 30 * DAY, 1_000),
      windowAt(NOW - 500 * DAY, 1_000),
      windowAt(NOW - 10_000, 1_000),
      { window: { start: "yesterday", seconds: 60 }, endpoints: [] },
      "nonsense",
      { ...windowAt(NOW - 30 * DAY, 1), endpoints: [bad, { method: "GET", route: "/b", outcomes: { ok: "%%%" } }] },
    ];
    const { status, body } = await send({ service: "partly", source: sha("five"), to: at(1), windows });
    expect([status, body["accepted"]]).toEqual([200, 1]);
    expect(body["rejected"]).toEqual([
      { path: "windows[1]", reason: "too_old" },
      { path: "windows[2]", reason: "too_recent" },
      { path: "windows[3]", reason: expect.stringContaining("window.start") },
      { path: "windows[4]", reason: expect.stringContaining("window") },
      { path: "windows[5].endpoints[1].outcomes.ok", reason: "base64" },
      { path: "windows[5].endpoints[0].method", reason: "reserved" },
    ]);
    await foldHistory(room.db, NOW);
    expect(await countOf("partly")).toBe(1);
  });

  test.each([
    ["no version", { v: 2 }],
    ["no digest", { to: { offset: 1, digest: "x" } }],
    ["no windows", { windows: 3 }],
    ["an empty service", { service: "" }],
    ["an offset below zero", { to: { offset: -1, digest: sha("x") } }],
  ])("refuses a body with %s", async (_, change) => {
    const { status, body } = await send({ source: sha("six"), to: at(1), windows: [], ...change });
    expect([status, body["code"]]).toEqual([400, "bad_request"]);
  });

  test("takes gzip, and refuses what inflates to too much", async () => {
    const post = (bytes: Uint8Array) =>
      POST(
        new Request(`${ORIGIN}/api/v1/import`, {
          method: "POST",
          headers: {
            authorization: `Bearer ${key}`,
            "content-type": "application/json",
            "content-encoding": "gzip",
          },
          body: bytes as BodyInit,
        }),
        {},
      );
    const body = { v: 1, ...PLACE, source: sha("seven"), from: null, to: at(1), windows: [] };
    expect((await post(gzipSync(JSON.stringify(body)))).status).toBe(200);
    expect((await post(gzipSync(Buffer.alloc(30 << 20)))).status).toBe(413);
  });

  test("random bytes are refused, and nothing is stored", async () => {
    const before = await room.db.importReceipt.count();
    for (let n = 0; n < 50; n++) {
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      const body = randomBytes(n * 20) as BodyInit;
      const answer = await POST(new Request(`${ORIGIN}/api/v1/import`, { method: "POST", headers, body }), {});
      expect(answer.status).toBe(400);
    }
    expect(await room.db.importReceipt.count()).toBe(before);
  });

  test("wants a key that may ingest", async () => {
    expect((await send({}, { authorization: `Bearer ${readKey}` })).status).toBe(403);
    expect((await send({}, { authorization: "" })).status).toBe(401);
  });
});

describe("HdrHistogram logs", () => {
  const startMs = Math.floor((NOW - 10 * DAY) / HOUR) * HOUR;

  const post = async (text: string, query: Record<string, string>) => {
    const all = new URLSearchParams({ ...PLACE, method: "GET", route: "/logged", ...query });
    const headers = { authorization: `Bearer ${key}`, "content-type": "text/plain" };
    const request = new Request(`${ORIGIN}/api/v1/import/hlog?${all}`, { method: "POST", headers, body: text });
    const answer = await postHlog(request, {});
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const idOf = async (service: string) =>
    (await room.db.endpoint.findFirstOrThrow({ where: { total: false, service: { name: service } } })).id;
  const exported = async (service: string, query: Record<string, string>) => {
    const id = String(await idOf(service));
    const headers = { authorization: `Bearer ${readKey}` };
    const path = `/api/v1/endpoints/${id}/histogram.hlog?${new URLSearchParams(query)}`;
    const answer = await getHlog(ask(path, { headers }), { params: Promise.resolve({ id }) });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename=".*\.hlog"/);
    return answer.text();
  };
  const range = {
    from: new Date(startMs).toISOString(),
    to: new Date(startMs + 4 * HOUR).toISOString(),
    step: "60",
  };
  const intervals = (text: string) => text.split("\n").filter((line) => line.startsWith("Tag="));

  beforeAll(async () => {
    await initWebAssembly();
    const windows = [0, 60_000, 61 * 60_000, 3 * HOUR].map((later, n) => ({
      window: { start: new Date(startMs + later).toISOString(), seconds: 60 },
      endpoints: [
        {
          method: "GET",
          route: "/logged",
          outcomes: {
            ok: histogram(...Array.from({ length: 500 }, (_, k) => Math.round(700 * 1.02 ** k * (n + 1)))),
            ...(n % 2 === 0 ? { aborted: histogram(9_000_000, 8_000_000) } : {}),
          },
        },
      ],
    }));
    await send({ service: "origin", source: sha("hlog"), to: at(1), windows });
    await foldHistory(room.db, NOW);
  });

  test("go out and come back to the bit", async () => {
    const out = await exported("origin", range);
    expect(intervals(out)).toHaveLength(6);
    const answer = await post(out, { service: "copy" });
    expect(answer).toEqual({ status: 200, body: { accepted: 6, rejected: [], duplicate: false } });
    expect((await post(out, { service: "copy" })).body["duplicate"]).toBe(true);
    await foldHistory(room.db, NOW);
    for (const step of ["60", "3600", "1d"]) {
      const [one, other] = [
        intervals(await exported("origin", { ...range, step })),
        intervals(await exported("copy", { ...range, step })),
      ];
      expect(one.length).toBeGreaterThan(0);
      expect(other).toEqual(one);
    }
  });

  test("are read by HdrHistogram's own reader, with their times and tags", async () => {
    const out = await exported("origin", range);
    const reader = new HistogramLogReader(out);
    const seen: [number, string, number, number][] = [];
    for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram())
      seen.push([next.startTimeStampMsec, next.tag, next.totalCount, next.getValueAtPercentile(50)]);
    expect(seen.map(([ms, tag, count]) => [ms - startMs, tag, count])).toEqual([
      [0, "ok", 500],
      [0, "aborted", 2],
      [60_000, "ok", 500],
      [61 * 60_000, "ok", 500],
      [61 * 60_000, "aborted", 2],
      [3 * HOUR, "ok", 500],
    ]);
    const median = 700 * 1.02 ** 249;
    expect(Math.abs(seen[0]![3] / median - 1)).toBeLessThan(0.01);
  });

  test("of other programs are read too: nanoseconds, no base, no tag", async () => {
    const lines = [
      `#[StartTime: ${startMs / 1_000} (seconds since epoch), once]`,
      '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
      `0.127,1.007,2.769,${Buffer.from(encodeV2Compressed(payloadOf(2_000_000, 4_000_000))).toString("base64")}`,
      `Tag=server_error,1.127,1.007,2.769,${Buffer.from(encodeV2Compressed(payloadOf(7_000_000))).toString("base64")}`,
    ];
    const answer = await post(lines.join("\r\n"), { service: "foreign", unit: "ns" });
    expect(answer.body).toEqual({ accepted: 2, rejected: [], duplicate: false });
    await foldHistory(room.db, NOW);
    const { endpoints: found } = await endpoints(
      room.db,
      { service: "foreign", from: "now-400d", to: "now", percentiles: [50, 100] },
      NOW,
    );
    expect(found[0]!.outcomes).toEqual({ ok: 2, client_error: 0, server_error: 1, aborted: 0 });
    expect(Math.abs(found[0]!.percentiles["p50Us"]! / 4_000 - 1)).toBeLessThan(0.01);
    expect(Math.abs(found[0]!.percentiles["p100Us"]! / 7_000 - 1)).toBeLessThan(0.01);
  });

  test("lines that are no intervals are told, and the rest is kept", async () => {
    const good = Buffer.from(encodeV2Compressed(payloadOf(1_000))).toString("base64");
    const begin = startMs / 1_000;
    const lines = [
      `${begin},1,1,${good}`,
      "nonsense",
      `x,1,1,${good}`,
      `${begin},x,1,${good}`,
      `${begin},1,1,####`,
      `${begin},1,1,HISTFAAAAAR42mNgAAAABAAB`,
      `Tag=slow,${begin},1,1,${good}`,
      `${begin - 500 * 86_400},1,1,${good}`,
    ];
    const { body } = await post(lines.join("\n"), { service: "mixed" });
    expect(body["accepted"]).toBe(1);
    expect(body["rejected"]).toEqual([
      { path: "line 2", reason: "fields" },
      { path: "line 3", reason: "time" },
      { path: "line 4", reason: "length" },
      { path: "line 5", reason: "base64" },
      { path: "line 6", reason: expect.any(String) },
      { path: "line 7", reason: "outcome" },
      { path: "line 8", reason: "too_old" },
    ]);
  });

  test("a parameter that is missing or wrong is told", async () => {
    expect((await post("", { route: "" })).status).toBe(400);
    expect((await post("", { unit: "weeks" })).status).toBe(400);
  });
});

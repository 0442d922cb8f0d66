import { brotliCompressSync, gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { accept, STEPS } from "@/lib/ingest/accept";
import { readBody } from "@/lib/ingest/read-body";
import { TokenBuckets } from "@/lib/ingest/token-bucket";
import { Folder } from "@/lib/rollup/fold";
import { openDb } from "@/lib/store/db";
import { DiskWatch } from "@/lib/store/disk";
import { isDatabaseDown } from "@/lib/store/failure";
import { ensurePartitions } from "@/lib/store/partitions";
import { BATCH_MEDIA_TYPE, decodeTrustedBatch, encodeBatch } from "@/lib/wire/index";
import { batchOf, endpointOf, payloadOf, userOf } from "../support/batches.ts";
import { FakeClock } from "../support/clock.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { answerOf, gzipped, histogram, ingestContext, jsonBatch, requestOf } from "../support/ingest.ts";
import { endpointWindows, requestCount, userWindows } from "../support/stored.ts";

let database: TestDatabase;
const NOW = Date.parse("2026-11-22T10:00:30Z");
const DENSE = { "content-type": BATCH_MEDIA_TYPE };

beforeAll(async () => {
  database = await testDatabase();
  await ensurePartitions(database.db, NOW);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db
    .$executeRaw`TRUNCATE batch, batch_receipt, endpoint_window_10s, user_window_1m, loss, service CASCADE`;
});

const send = (body: BodyInit | null, headers: Record<string, string> = {}, changes = {}) =>
  answerOf(requestOf(body, headers), ingestContext(database.db, changes));
const sendJson = (batch: unknown) => send(JSON.stringify(batch));
const stored = () => database.db.batch.count();
const lost = async () =>
  Object.fromEntries((await database.db.loss.findMany()).map(({ reason, count }) => [reason, Number(count)]));
const windowAt = (ms: number) => jsonBatch({ window: { start: new Date(ms).toISOString(), seconds: 10 } });
const KEPT = { accepted: 2, rejected: [], duplicate: false };

describe("what is kept", () => {
  test("JSON, plain and gzip, counts what it holds", async () => {
    expect(await sendJson(jsonBatch())).toEqual(KEPT);
    expect(await send(gzipped(JSON.stringify(jsonBatch())), { "content-encoding": "gzip" })).toEqual(KEPT);
    await new Folder(database.db).fold();
    expect(await requestCount(database.db, 0)).toBe(4);
  });

  test("the dense form means the same", async () => {
    const batch = batchOf({ endpoints: [endpointOf({ outcomes: { ok: payloadOf(5, 6) } })] });
    expect(await send(new Uint8Array(encodeBatch(batch)), DENSE)).toEqual(KEPT);
    const again = batchOf({ endpoints: batch.endpoints });
    expect(await send(gzipped(encodeBatch(again)), { ...DENSE, "content-encoding": "gzip" })).toEqual(KEPT);
    await new Folder(database.db).fold();
    expect(await requestCount(database.db, 0)).toBe(4);
  });

  test("95 good histograms of 100 are kept, and 5 rejected by name", async () => {
    const users = Array.from({ length: 99 }, (_, i) => ({
      id: `${i}`,
      latency: i % 20 === 7 ? "AAAA" : histogram(i + 1),
    }));
    const outcomes = { ok: histogram(...Array.from({ length: 99 }, (_, i) => i + 1)) };
    const endpoint = { method: "GET", route: "/", outcomes, users };
    expect(await sendJson(jsonBatch({ endpoints: [endpoint] }))).toEqual({
      accepted: 95,
      rejected: [7, 27, 47, 67, 87].map((i) => ({
        path: `endpoints[0].users[${i}].latency`,
        reason: expect.any(String),
      })),
      duplicate: false,
    });
    await new Folder(database.db).fold();
    expect((await userWindows(database.db, 0)).size).toBe(94);
    expect(await lost()).toEqual({ unreadable: 5 }); // nobody knows how many requests those were
  });

  test("what is rejected counts in requests where they can be counted, and in entries where not", async () => {
    const users = [
      { id: "", latency: histogram(1, 2, 3) },
      { id: "1", latency: "AAAA" },
      { id: "2", latency: histogram(1, 2, 3, 4, 5) },
    ];
    const endpoints = [
      { method: "GET", route: "/a", outcomes: { ok: histogram(1, 2, 3, 4) }, users },
      { method: "GET", route: "", outcomes: { ok: histogram(1, 2), aborted: histogram(3) } },
    ];
    expect(await sendJson(jsonBatch({ endpoints, losses: { rejected: 10 } }))).toEqual({
      accepted: 1,
      rejected: [
        { path: "endpoints[0].users[0].id", reason: "name" },
        { path: "endpoints[0].users[1].latency", reason: "truncated" },
        { path: "endpoints[0].users[2].latency", reason: "exceeds" },
        { path: "endpoints[1].route", reason: "name" },
      ],
      duplicate: false,
    });
    await new Folder(database.db).fold();
    expect(await lost()).toEqual({ rejected: 10 + 3 + 5 + 3, unreadable: 1 });
  });

  test("a user with more requests than the endpoint is rejected alone, in the dense form as well", async () => {
    const users = [userOf("1", 5, 6), userOf("2", 7)];
    const one = endpointOf({ outcomes: { ok: payloadOf(7) }, users });
    expect(await send(new Uint8Array(encodeBatch(batchOf({ endpoints: [one] }))), DENSE)).toEqual({
      accepted: 2,
      rejected: [{ path: "endpoints[0].users[0].latency", reason: "exceeds" }],
      duplicate: false,
    });
    await new Folder(database.db).fold();
    expect((await userWindows(database.db, 0)).size).toBe(1);
    expect(await lost()).toEqual({ rejected: 2 });
  });

  test("of a window longer than a minute it is said that its requests stand at its start", async () => {
    const window = { startMs: Date.parse("2026-11-22T10:00:00Z"), seconds: 61 };
    const cached = endpointOf({ method: "(cache)", route: "list" });
    for (const seconds of [60, 61, 3_600]) {
      const batch = batchOf({ window: { ...window, seconds }, endpoints: [endpointOf(), cached] });
      expect(await send(new Uint8Array(encodeBatch(batch)), DENSE)).toMatchObject({ rejected: [] });
    }
    expect(await sendJson(jsonBatch({ window: { start: "2026-11-22T10:00:00Z", seconds: 300 } }))).toEqual(KEPT);
    await new Folder(database.db).fold();
    expect(await lost()).toEqual({ wide_window: 2 + 2 });
  });

  test("the dense form loses only its bad histogram, and what is stored is good", async () => {
    const bad = endpointOf({ users: [userOf("1", 1_000), { id: "2", latency: new Uint8Array([255]) }] });
    expect(await send(new Uint8Array(encodeBatch(batchOf({ endpoints: [bad] }))), DENSE)).toMatchObject({
      accepted: 2,
      rejected: [{ path: "endpoints[0].users[1].latency" }],
    });
    const { payload } = await database.db.batch.findFirstOrThrow();
    expect(decodeTrustedBatch(payload).endpoints[0]!.users.map(({ id }) => id)).toEqual(["1"]);
  });
});

describe("once and only once", () => {
  test("the same bytes again are a duplicate, also after the batch was folded", async () => {
    const body = JSON.stringify(jsonBatch());
    expect(await send(body)).toEqual(KEPT);
    const duplicate = { accepted: 0, rejected: [], duplicate: true };
    expect(await send(body)).toEqual(duplicate);
    await new Folder(database.db).fold();
    expect(await send(gzipped(body), { "content-encoding": "gzip" })).toEqual(duplicate);
    expect(await stored()).toBe(0);
  });

  test("the same id with other bytes is refused and changes nothing, whatever its day", async () => {
    const batch = jsonBatch();
    await sendJson(batch);
    expect(await sendJson({ ...batch, instance: "web-2" })).toBe("batch_id_conflict");
    expect(await sendJson({ ...batch, window: { start: "2026-11-21T10:00:00Z", seconds: 10 } })).toBe(
      "batch_id_conflict",
    );
    expect(await stored()).toBe(1);
    expect(await database.db.batchReceipt.count()).toBe(1);
  });

  test("sent twenty times at once, it is stored once", async () => {
    const body = JSON.stringify(jsonBatch());
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(body)));
    expect(answers.filter((a) => typeof a === "object" && !a.duplicate)).toHaveLength(1);
    expect(answers.filter((a) => typeof a === "object" && a.duplicate)).toHaveLength(19);
    expect(await stored()).toBe(1);
  });

  test("an id in capitals is the same id", async () => {
    const batch = jsonBatch();
    await sendJson(batch);
    expect(await sendJson({ ...batch, batch: batch.batch.toUpperCase() })).toBe("batch_id_conflict");
  });
});

describe("what is refused whole, and nothing stored", () => {
  const none: [string, BodyInit | null, Record<string, string>, string][] = [
    ["no body", null, {}, "not_a_batch"],
    ["no JSON", "{", {}, "not_a_batch"],
    ["no UTF-8", new Uint8Array([0x22, 0xff, 0x22]), {}, "not_a_batch"],
    ["JSON that is no batch", "[]", {}, "not_a_batch"],
    ["a batch without id", JSON.stringify({ ...jsonBatch(), batch: "1" }), {}, "not_a_batch"],
    ["another version", JSON.stringify({ ...jsonBatch(), v: 2 }), {}, "not_a_batch"],
    ["junk as the dense form", new Uint8Array(500), DENSE, "not_a_batch"],
    ["another content type", "x", { "content-type": "text/plain" }, "unsupported_encoding"],
    ["brotli", new Uint8Array(brotliCompressSync("{}")), { "content-encoding": "br" }, "unsupported_encoding"],
    ["gzip twice", gzipped(gzipped("{}")), { "content-encoding": "gzip, gzip" }, "unsupported_encoding"],
    ["no gzip", "{}", { "content-encoding": "gzip" }, "unsupported_encoding"],
    [
      "cut gzip",
      gzipped(JSON.stringify(jsonBatch())).slice(0, -9),
      { "content-encoding": "gzip" },
      "unsupported_encoding",
    ],
    [
      "junk behind gzip",
      Buffer.concat([gzipped("{}"), Buffer.from("junk")]),
      { "content-encoding": "gzip" },
      "unsupported_encoding",
    ],
    [
      "two members",
      Buffer.concat([gzipped("{"), gzipped("}")]),
      { "content-encoding": "gzip" },
      "unsupported_encoding",
    ],
    ["a byte more than 1 MiB", "x".repeat(1024 * 1024 + 1), {}, "too_large"],
    ["a length that is announced larger", "{}", { "content-length": "2000000" }, "too_large"],
    ["a body shorter than announced", JSON.stringify(jsonBatch()), { "content-length": "9999" }, "bad_request"],
  ];
  test.each(none)("%s", async (_, body, headers, code) => {
    expect(await send(body, headers)).toBe(code);
    expect(await stored()).toBe(0);
  });

  test.each([
    ["9 min ahead", 9 * 60_000, null],
    ["11 min ahead", 11 * 60_000, "time_out_of_range"],
    ["a year ahead", 365 * 86_400_000, "time_out_of_range"],
    ["47 h old", -47 * 3_600_000, null],
    ["49 h old", -49 * 3_600_000, "time_out_of_range"],
    ["of 1970", -NOW, "time_out_of_range"],
    ["of 1960", -NOW - 10 * 365 * 86_400_000, "time_out_of_range"],
  ])("a window %s", async (_, offset, code) => {
    expect(await sendJson(windowAt(NOW + offset))).toEqual(code ?? KEPT);
  });

  const start = "2026-11-22T10:00:00Z";
  test.each<[unknown, string]>([
    [undefined, "window is missing."],
    [{ start }, "window.seconds is missing."],
    ...[0, -1, 1.5, 3_601, 1e300].map((seconds): [unknown, string] => [
      { start, seconds },
      `window.seconds must be a whole number from 1 to 3600, not ${seconds}.`,
    ]),
    ...["yesterday", "2026-11-22T10:00:00", "2026-02-30T10:00:00Z"].map((bad): [unknown, string] => [
      { start: bad, seconds: 10 },
      `window.start must be an RFC 3339 time that exists, as 2026-11-22T10:00:00Z, not "${bad}".`,
    ]),
  ])("a window that is none, %j, by its path and value", async (window, message) => {
    const refusal = accept(requestOf(JSON.stringify(jsonBatch({ window }))), ingestContext(database.db));
    await expect(refusal).rejects.toMatchObject({ code: "not_a_batch", message });
  });

  test("a dense window that is none", async () => {
    for (const window of [
      { startMs: NOW, seconds: 0 },
      { startMs: 9e15, seconds: 10 },
    ])
      expect(await send(new Uint8Array(encodeBatch(batchOf({ window }))), DENSE)).toBe("not_a_batch");
  });

  test.each([
    ["application/json; charset=latin1", "unsupported_encoding"],
    ["application/json; charset=utf-16", "unsupported_encoding"],
    ['application/json; charset="ISO-8859-1"', "unsupported_encoding"],
    ["application/jsonp", "unsupported_encoding"],
    ["application/json; charset=UTF-8", KEPT],
    ['Application/JSON ; profile=x; charset="utf-8"', KEPT],
    ["application/json;", KEPT],
  ])("Content-Type %s", async (type, answer) => {
    expect(await send(JSON.stringify(jsonBatch()), { "content-type": type })).toEqual(answer);
  });

  test("bombs end at 8 MiB, for a part of what unpacking them would take", async () => {
    const zeros = new Uint8Array(gzipSync(Buffer.alloc(200 * 1024 * 1024)));
    const before = process.memoryUsage().rss;
    const refused = await cpuOf(async () => {
      expect(await send(zeros, { "content-encoding": "gzip" })).toBe("too_large");
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    expect(refused).toBeLessThan((await cpuOf(() => gunzipSync(zeros))) / 2);
  });

  test("a body that breaks off", async () => {
    const broken = new ReadableStream({ start: (c) => (c.enqueue(Buffer.from("{")), c.error(new Error("reset"))) });
    expect(await send(broken)).toBe("bad_request");
    expect(await stored()).toBe(0);
  });

  test("a body that comes too slowly, and the sender is let go", async () => {
    let cancelled = false;
    const endless = new ReadableStream({
      start: (c) => c.enqueue(Buffer.from("{")),
      cancel: () => void (cancelled = true),
    });
    const reading = readBody(requestOf(endless), { mostBytes: 1_000, withinMs: 20 });
    await expect(reading).rejects.toMatchObject({ code: "body_timeout" });
    expect(cancelled).toBe(true);
  });

  test("too many of one key, while another key passes", async () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 });
    expect(await send(JSON.stringify(jsonBatch()), {}, { buckets })).toEqual(KEPT);
    expect(await send(JSON.stringify(jsonBatch()), {}, { buckets })).toBe("too_many_requests");
    expect(await send(JSON.stringify(jsonBatch()), {}, { buckets, keyId: "other" })).toEqual(KEPT);
  });

  test("a full disk, before anything is read or written", async () => {
    const disk = new DiskWatch("/data", new FakeClock(), () => Promise.resolve(199 * 1024 * 1024));
    expect(await send(JSON.stringify(jsonBatch()), {}, { disk })).toBe("disk_full");
    expect(await stored()).toBe(0);
  });

  test("a database that is not there", async () => {
    const db = openDb("postgresql://postgres@127.0.0.1:1/none");
    const error = await accept(requestOf(JSON.stringify(jsonBatch())), ingestContext(db)).catch((e: unknown) => e);
    expect(isDatabaseDown(error)).toBe(true);
    await db.$disconnect();
  });
});

describe("strange names", () => {
  const names = [
    "__proto__",
    "constructor",
    "toString",
    "<script>alert(1)</script>",
    "\u202Egnp.exe",
    "a\0b",
    "\uD800",
    "x".repeat(10_000),
    " ",
  ];
  test.each(names)("%j as service, route and user", async (name) => {
    const endpoint = {
      method: "GET",
      route: name,
      outcomes: { ok: histogram(1) },
      users: [{ id: name, latency: histogram(1) }],
    };
    expect(await sendJson(jsonBatch({ service: name, endpoints: [endpoint] }))).toEqual(KEPT);
    await new Folder(database.db).fold();
    const clean = name.slice(0, 256).replace("\0", "\uFFFD").replace("\uD800", "\uFFFD");
    const at = "2026-11-22T10:00:00Z";
    expect([...(await endpointWindows(database.db, 0)).keys()]).toContain(
      `${clean} production GET ${clean} | ${at} | ok`,
    );
    expect([...(await userWindows(database.db, 0)).keys()]).toEqual([
      `${clean} production GET ${clean} | ${at} | ${clean} | latency`,
    ]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

test("when no worker ran for days, ingest makes the missing partition itself", async () => {
  const clock = new FakeClock(NOW + 40 * 86_400_000);
  const body = JSON.stringify(windowAt(clock.now()));
  expect(await answerOf(requestOf(body), ingestContext(database.db, { clock }))).toEqual(KEPT);
});

test("the steps have names of their own", () => {
  expect(new Set(STEPS.map(({ name }) => name)).size).toBe(STEPS.length);
});

/** CPU of this process for some work, µs: whoever else runs on the machine does not count. */
async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { acceptReport } from "@/lib/ingest/take-report";
import type { IngestContext } from "@/lib/ingest/accept";
import { ensurePartitions } from "@/lib/store/partitions";
import { userKey } from "@/lib/store/user-key";
import type { PrefillEvent } from "@/lib/wire/index";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { ingestContext, requestOf } from "../support/ingest.ts";
import { decision, fillOf, idAt, reportOf, visitOf } from "../support/reports.ts";

let database: TestDatabase;
let context: IngestContext;
/** Where `ingestContext`'s clock stands. */
const NOW = Date.parse("2026-11-22T10:00:30Z");
const HOUR = 3_600_000;

beforeAll(async () => {
  database = await testDatabase();
  await ensurePartitions(database.db, NOW);
  context = ingestContext(database.db);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.$executeRaw`TRUNCATE prefill_decision, prefill_definition, user_label, service CASCADE`;
});

const send = (report: unknown) => acceptReport(requestOf(JSON.stringify(report)), context);
const tell = (...events: PrefillEvent[]) => send(reportOf(events));
const rows = () => database.db.prefillDecision.findMany({ orderBy: { at: "asc" } });
const only = async () => (await rows())[0]!;

test("a decision, its fill and its first visit become one row; the definition and the user are known by name", async () => {
  const one = decision(NOW - 9_000);
  expect(await tell(one, fillOf(one), visitOf(one))).toEqual({ accepted: 3, rejected: [] });
  const { db } = database;
  const definition = await db.endpoint.findFirstOrThrow({ where: { method: "(cache)", route: "feed" } });
  const scope = await db.endpoint.findFirstOrThrow({ where: { total: true } });
  expect(await rows()).toEqual([
    {
      scopeId: scope.id,
      at: new Date(NOW - 9_000),
      id: one.id,
      definitionId: definition.id,
      userKey: userKey("shop", "42"),
      signal: "session",
      arm: 0,
      use: 0.5,
      delta: 0.75,
      costUs: 400_000n,
      price: 0.25,
      targetUs: null,
      notAfter: new Date(one.notAfterMs),
      state: 0,
      tookUs: 400_000n,
      bytes: 2_000n,
      visitAt: new Date(NOW - 4_000),
      cache: 0,
      latencyUs: 20_000n,
    },
  ]);
  expect(await db.prefillDefinition.findMany()).toMatchObject([{ endpointId: definition.id, ttlSeconds: 600 }]);
  expect(await db.userLabel.findMany()).toMatchObject([{ label: "42", userKey: userKey("shop", "42") }]);
});

test("told again, in any order and from two senders at once, it counts once", async () => {
  const one = decision(NOW - 9_000);
  const events = [visitOf(one), fillOf(one), one];
  for (const event of events) await tell(event);
  const once = await rows();
  expect(once).toHaveLength(1);
  await Promise.all([tell(...events), tell(...events.toReversed()), tell(one), tell(fillOf(one), visitOf(one))]);
  expect(await rows()).toEqual(once);
});

test("the first account of a decision counts, the strongest of its fill, the earliest of its visits", async () => {
  const one = decision(NOW - 9_000);
  await tell(one, fillOf(one, { state: "late", tookUs: 0, bytes: 0 }), visitOf(one, { cache: "miss", latencyUs: 900 }));
  await tell(
    { ...one, arm: "withheld", use: 0.9, user: "other" },
    fillOf(one),
    visitOf(one, { atMs: one.atMs + 4_000, cache: "joined", latencyUs: 700 }),
    visitOf(one, { atMs: one.atMs + 7_000 }),
  );
  await tell(fillOf(one, { state: "undelivered", tookUs: 5 }), visitOf(one, { atMs: one.atMs + 6_000 }));
  expect(await only()).toMatchObject({ arm: 0, use: 0.5, userKey: userKey("shop", "42"), state: 0, tookUs: 400_000n });
  expect(await only()).toMatchObject({ visitAt: new Date(one.atMs + 4_000), cache: 2, latencyUs: 700n });
});

test("one bad event is refused alone, with its path and the reason", async () => {
  const good = decision(NOW - 9_000);
  const { accepted, rejected } = await send({
    ...reportOf([good]),
    definitions: [{ name: "feed", ttlSeconds: 600, signals: [] }, { name: "", ttlSeconds: 1, signals: [] }, 7],
    events: [
      good,
      { ...good, use: 1.5 },
      { ...good, id: "0193A5C8-6F00-7C3E-9B55-2F6F1C0D9A11" },
      { ...good, id: "0193a5c8-6f00-4c3e-9b55-2f6f1c0d9a11" },
      { ...fillOf(good), state: "done" },
      { ...visitOf(good), latencyUs: -1 },
      { ...good, type: "guess" },
      { ...good, user: "(other users)" },
      null,
      [],
    ],
  });
  expect(accepted).toBe(1);
  expect(rejected.map(({ path }) => path)).toEqual([
    "definitions[1]",
    "definitions[2]",
    ...Array.from({ length: 9 }, (_, n) => `events[${n + 1}]`),
  ]);
  expect(rejected.map(({ reason }) => reason.split(":")[0])).toEqual(
    expect.arrayContaining(["name", "use", "id", "state", "latencyUs", "type", "user"]),
  );
  expect(JSON.stringify(rejected)).not.toContain("42");
  expect(await rows()).toHaveLength(1);
});

test("a wrong clock: what is too far ahead or too old is refused alone", async () => {
  const ahead = decision(NOW + 11 * 60_000);
  const old = decision(NOW - 49 * HOUR);
  const fresh = decision(NOW + 9 * 60_000);
  const { accepted, rejected } = await tell(ahead, old, fresh, visitOf(fresh, { atMs: NOW + HOUR }));
  expect(accepted).toBe(1);
  expect(rejected).toEqual([
    { path: "events[0]", reason: "id: is more than 10 minutes ahead" },
    { path: "events[1]", reason: "id: is more than 48 hours old" },
    { path: "events[3]", reason: "atMs: is more than 10 minutes ahead" },
  ]);
});

test("the end of a decision's window is cut where its visits would come too late to be told", async () => {
  const one = decision(NOW - 9_000, { notAfterMs: NOW + 1_000 * HOUR });
  await tell(one);
  expect((await only()).notAfter).toEqual(new Date(one.atMs + 48 * HOUR));
});

test("news of another service's decision stay with the service that told them", async () => {
  const one = decision(NOW - 9_000);
  await tell(one);
  await send(reportOf([fillOf(one), visitOf(one)], { service: "forum" }));
  await send(reportOf([{ ...one, user: "7" }], { environment: "staging" }));
  const [own, ...others] = await database.db.prefillDecision.findMany({ orderBy: { scopeId: "asc" } });
  expect(own).toMatchObject({ state: null, visitAt: null, userKey: userKey("shop", "42") });
  expect(others.map(({ definitionId }) => definitionId === null)).toEqual([true, false]);
});

test("a price that nothing reaches comes as null, as JSON has it", async () => {
  await tell({ ...decision(NOW - 9_000), price: Number.POSITIVE_INFINITY });
  expect((await only()).price).toBe(Number.MAX_VALUE);
});

test("definitions that nobody described are kept up to the cap; decisions beyond it are refused alone", async () => {
  const many = Array.from({ length: 102 }, (_, n) => decision(NOW - 9_000 + n, { definition: `d${n}` }));
  const { accepted, rejected } = await send(reportOf(many, { definitions: [] }));
  expect(accepted).toBe(100);
  expect(rejected).toEqual(
    [100, 101].map((n) => ({ path: `events[${n}]`, reason: expect.stringMatching(/^definition: /) })),
  );
  expect(await database.db.prefillDecision.count()).toBe(100);
});

test("a later word about a definition counts", async () => {
  await send(reportOf([]));
  await send(reportOf([], { definitions: [{ name: "feed", ttlSeconds: 60.4, signals: ["POST /sign-in", "push"] }] }));
  expect(await database.db.prefillDefinition.findMany()).toMatchObject([
    { ttlSeconds: 60, signals: ["POST /sign-in", "push"] },
  ]);
});

test("names are kept in their clean form", async () => {
  const long = "u".repeat(300);
  await tell(decision(NOW - 9_000, { user: `a\0${long}`, signal: `\ud800${long}` }));
  expect((await only()).signal).toBe(`\uFFFD${"u".repeat(255)}`);
  expect(await database.db.userLabel.findFirstOrThrow()).toMatchObject({ label: `a\uFFFD${"u".repeat(254)}` });
});

const codeOf = (request: Request) =>
  acceptReport(request, context).then(
    () => "kept",
    (error: { code?: string }) => error.code,
  );

test("what is no report is refused as a whole, and so is what is too large or strangely packed", async () => {
  const body = JSON.stringify(reportOf([decision(NOW)]));
  expect(await codeOf(requestOf(body))).toBe("kept");
  expect(await codeOf(requestOf(new Uint8Array(gzipSync(body)), { "content-encoding": "gzip" }))).toBe("kept");
  for (const bad of ["", "[]", "{", "null", JSON.stringify({ ...reportOf([]), v: 2 }), '{"v":1}'])
    expect([bad, await codeOf(requestOf(bad))]).toEqual([bad, "bad_request"]);
  const wrong = { ...reportOf([]), events: Array.from({ length: 20_001 }, () => 0) };
  expect(await codeOf(requestOf(JSON.stringify(wrong)))).toBe("bad_request");
  expect(await codeOf(requestOf(`"${"x".repeat(1024 * 1024)}"`))).toBe("too_large");
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(9 * 1024 * 1024)));
  expect(await codeOf(requestOf(bomb, { "content-encoding": "gzip" }))).toBe("too_large");
  expect(await codeOf(requestOf(body, { "content-encoding": "br" }))).toBe("unsupported_encoding");
  expect(await codeOf(requestOf(body, { "content-type": "text/plain" }))).toBe("unsupported_encoding");
});

test("a report larger than a statement takes is kept whole", async () => {
  const many = Array.from({ length: 6_000 }, (_, n) => decision(NOW - n, { user: `u${n % 50}` }));
  const body = new Uint8Array(gzipSync(JSON.stringify(reportOf(many))));
  expect(await acceptReport(requestOf(body, { "content-encoding": "gzip" }), context)).toEqual({
    accepted: 6_000,
    rejected: [],
  });
  expect(await database.db.prefillDecision.count()).toBe(6_000);
});

test("when no worker has made the day's partition, it is made", async () => {
  await database.db.$executeRaw`DROP TABLE prefill_decision_20261122`;
  expect(await tell(decision(NOW, { id: idAt(NOW) }))).toMatchObject({ accepted: 1 });
  expect(await rows()).toHaveLength(1);
});

import { deflateSync } from "node:zlib";
import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { countOf, encodePayload, encodeV2, encodeV2Compressed, indexOf, newCounts } from "@/lib/histogram";
import { type Batch, decodeBatch, type DecodedBatch, encodeBatch, parseJsonBatch, WireError } from "@/lib/wire";
import { looseBatches, plain, requestsIn } from "./arbitrary.ts";

function payloadOf(...valuesUs: number[]) {
  const counts = newCounts();
  for (const value of valuesUs) counts[indexOf(value)]!++;
  return encodePayload(counts);
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const histogram = (...valuesUs: number[]) => base64(encodeV2(payloadOf(...valuesUs)));

function bodyOf(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    v: 1,
    batch: "0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a11",
    service: "shop",
    environment: "production",
    instance: "web-1:4242:k3x9",
    window: { start: "2026-11-22T10:00:00Z", seconds: 10 },
    endpoints: [],
    ...changes,
  };
}

const oneEndpoint = (endpoint: Record<string, unknown>) =>
  bodyOf({ endpoints: [{ method: "GET", route: "/a", outcomes: {}, ...endpoint }] });

/** As it arrives: through JSON text, so that `__proto__` is a key like others. */
function parse(body: unknown): DecodedBatch {
  return parseJsonBatch(JSON.parse(JSON.stringify(body)));
}

function reasonOf(body: unknown): string {
  try {
    parseJsonBatch(body);
    return "accepted";
  } catch (error) {
    if (error instanceof WireError) return error.reason;
    throw error;
  }
}

describe("the JSON form", () => {
  it("is read whole", () => {
    const { batch, rejected } = parse(
      bodyOf({
        release: "1.8.0",
        endpoints: [
          {
            method: "GET",
            route: "/users/:id/comments",
            outcomes: { ok: histogram(100, 2000), aborted: base64(encodeV2Compressed(payloadOf(5))) },
            users: [
              { id: "42", latency: histogram(100), hit: histogram(100), miss: histogram() },
              { id: 43, latency: histogram(7) },
            ],
          },
        ],
        losses: { user_cap: 0, buffer_full: 9 },
      }),
    );
    expect(rejected).toEqual([]);
    expect(batch).toEqual({
      batch: "0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a11",
      service: "shop",
      environment: "production",
      instance: "web-1:4242:k3x9",
      release: "1.8.0",
      window: { startMs: Date.UTC(2026, 10, 22, 10), seconds: 10 },
      endpoints: [
        {
          method: "GET",
          route: "/users/:id/comments",
          outcomes: { ok: payloadOf(100, 2000), aborted: payloadOf(5) },
          users: [
            { id: "42", latency: payloadOf(100), hit: payloadOf(100), miss: payloadOf() },
            { id: "43", latency: payloadOf(7) },
          ],
        },
      ],
      losses: new Map([["buffer_full", 9]]),
    });
  });

  it.each([1, 2, 3] as const)("takes what hdr-histogram-js writes with %d digits", (numberOfSignificantValueDigits) => {
    const theirs = build({ numberOfSignificantValueDigits });
    theirs.recordValue(1_000);
    const { batch, rejected } = parse(oneEndpoint({ outcomes: { ok: encodeIntoCompressedBase64(theirs) } }));
    expect(rejected).toEqual([]);
    const expected = { 1: payloadOf(1_008), 2: payloadOf(1_000), 3: payloadOf(1_000) };
    expect(batch.endpoints[0]!.outcomes.ok).toEqual(expected[numberOfSignificantValueDigits]);
  });

  it("counts clamped samples as lost, once and not once more for their user", () => {
    const theirs = build({ highestTrackableValue: 10 ** 12 });
    theirs.recordValueWithCount(10 ** 11, 5);
    const text = encodeIntoCompressedBase64(theirs);
    const { batch } = parse(oneEndpoint({ outcomes: { ok: text }, users: [{ id: "1", latency: text }] }));
    expect(batch.losses).toEqual(new Map([["over_range", 5]]));
  });
});

describe("a bad part of a JSON batch", () => {
  it.each([
    [
      "a histogram that is none",
      { outcomes: { ok: base64(new Uint8Array(50)) } },
      "endpoints[0].outcomes.ok",
      "cookie",
    ],
    ["a histogram that is no base64", { outcomes: { ok: "*".repeat(80) } }, "endpoints[0].outcomes.ok", "base64"],
    ["a histogram that is no text", { outcomes: { ok: 5 } }, "endpoints[0].outcomes.ok", "base64"],
    ["a histogram that is null", { outcomes: { ok: null } }, "endpoints[0].outcomes.ok", "base64"],
    ["a histogram that is too long", { outcomes: { ok: "A".repeat(500_000) } }, "endpoints[0].outcomes.ok", "base64"],
    ["an outcome that is none", { outcomes: { teapot: histogram(1) } }, "endpoints[0].outcomes", "outcome"],
    ["outcomes that are a list", { outcomes: [] }, "endpoints[0].outcomes", "type"],
    ["a route that is missing", { route: undefined }, "endpoints[0].route", "name"],
    ["a method that is a number", { method: 5 }, "endpoints[0].method", "name"],
    ["users that are no list", { users: {} }, "endpoints[0].users", "type"],
    ["a user that is none", { users: [7] }, "endpoints[0].users[0]", "type"],
    ["a user without id", { users: [{ latency: histogram(1) }] }, "endpoints[0].users[0].id", "name"],
    ["a user without latency", { users: [{ id: "1" }] }, "endpoints[0].users[0].latency", "missing"],
    ["an id that lost digits", { users: [{ id: 2 ** 53, latency: "" }] }, "endpoints[0].users[0].id", "name"],
    ["an id that is a fraction", { users: [{ id: 1.5, latency: "" }] }, "endpoints[0].users[0].id", "name"],
    [
      "a bad hit",
      { outcomes: { ok: histogram(1) }, users: [{ id: "1", latency: histogram(1), hit: "" }] },
      "endpoints[0].users[0].hit",
      "truncated",
    ],
  ])("is rejected alone: %s", (_name, endpoint, path, reason) => {
    const body = oneEndpoint(endpoint);
    (body.endpoints as unknown[]).push({ method: "PUT", route: "/kept", outcomes: { ok: histogram(1) } });
    const { batch, rejected } = parse(body);
    expect(rejected).toEqual([{ path, reason }]);
    expect(batch.endpoints.at(-1)!.outcomes.ok).toEqual(payloadOf(1));
  });
});

it("a release that is no text is rejected alone, and one that is null is none", () => {
  for (const release of [5, false, {}, []]) {
    const { batch, rejected, unkept } = parse(bodyOf({ release }));
    expect([rejected, unkept]).toEqual([[{ path: "release", reason: "name" }], { requests: 0, entries: 0 }]);
    expect(batch).not.toHaveProperty("release");
  }
  for (const release of [null, "", undefined]) expect(parse(bodyOf({ release })).rejected).toEqual([]);
});

describe("what is not kept is counted", () => {
  const five = histogram(1, 2, 3, 4, 5);
  it.each<[string, Record<string, unknown>, number, number]>([
    ["a histogram that is none, as an entry", { outcomes: { ok: "AAAA" } }, 0, 1],
    ["an endpoint without a route, with its requests", { route: "", outcomes: { ok: five, aborted: five } }, 10, 0],
    ["one that cannot be read either", { method: 5, outcomes: { ok: five, aborted: "AAAA" } }, 5, 1],
    ["outcomes of other names, with their requests", { outcomes: { teapot: five, coffee: "", ok: five } }, 5, 1],
    ["a user without an id, with its requests", { outcomes: { ok: five }, users: [{ latency: five }] }, 5, 0],
    ["a user of whom nothing can be read", { users: [{ id: "" }] }, 0, 1],
    ["users that are no list, as an entry", { users: 7 }, 0, 1],
  ])("%s", (_name, endpoint, requests, entries) => {
    expect(parse(oneEndpoint(endpoint)).unkept).toEqual({ requests, entries });
  });
});

describe("parts that say more than the whole", () => {
  const user = (id: string, ...valuesUs: number[]) => ({ id, latency: histogram(...valuesUs) });

  it("are rejected alone: users that no longer fit into the outcomes of their endpoint", () => {
    const users = [user("1", 1, 2), user("2", 3, 4), user("3", 5)];
    const { batch, rejected, unkept } = parse(
      oneEndpoint({ outcomes: { ok: histogram(1, 2), aborted: histogram(5) }, users }),
    );
    expect(rejected).toEqual([{ path: "endpoints[0].users[1].latency", reason: "exceeds" }]);
    expect(unkept).toEqual({ requests: 2, entries: 0 });
    expect(batch.endpoints[0]!.users.map(({ id }) => id)).toEqual(["1", "3"]);
  });

  it("are rejected alone: hits and misses that are more than the user's requests", () => {
    const cache = { hit: histogram(1, 2), miss: histogram(3) };
    const users = [
      { ...user("1", 1, 2), ...cache },
      { ...user("2", 1, 2, 3), ...cache },
      { ...user("3"), hit: histogram(1) },
    ];
    const { batch, rejected, unkept } = parse(oneEndpoint({ outcomes: { ok: histogram(1, 2, 3, 4, 5) }, users }));
    expect(rejected).toEqual([
      { path: "endpoints[0].users[0].hit", reason: "exceeds" },
      { path: "endpoints[0].users[0].miss", reason: "exceeds" },
      { path: "endpoints[0].users[2].hit", reason: "exceeds" },
    ]);
    expect(unkept).toEqual({ requests: 4, entries: 0 });
    expect(batch.endpoints[0]!.users.map((one) => Object.keys(one))).toEqual([
      ["id", "latency"],
      ["id", "latency", "hit", "miss"],
      ["id", "latency"],
    ]);
  });

  it("are never kept, in either form, and both forms keep and reject the same", () => {
    fc.assert(
      fc.property(looseBatches, (sent) => {
        const dense = decodeBatch(encodeBatch(sent));
        for (const { outcomes, users } of dense.batch.endpoints) {
          expect(users.reduce((sum, { latency }) => sum + countOf(latency), 0)).toBeLessThanOrEqual(
            requestsIn(outcomes),
          );
          for (const { latency, hit, miss } of users)
            expect(countOf(hit ?? none) + countOf(miss ?? none)).toBeLessThanOrEqual(countOf(latency));
        }
        const json = parse(jsonOf(sent));
        expect(plain({ ...json.batch, losses: new Map() })).toEqual(plain({ ...dense.batch, losses: new Map() }));
        expect([json.rejected, json.unkept]).toEqual([dense.rejected, dense.unkept]);
      }),
      { numRuns: 300 },
    );
  });
});

const none = new Uint8Array();

/** A batch in the JSON form. */
function jsonOf({ window, endpoints, losses, ...source }: Batch): unknown {
  const text = (payload: Uint8Array | undefined) => payload && base64(encodeV2(payload));
  return {
    v: 1,
    ...source,
    window: { start: new Date(window.startMs).toISOString(), seconds: window.seconds },
    losses: Object.fromEntries(losses),
    endpoints: endpoints.map(({ outcomes, users, ...names }) => ({
      ...names,
      outcomes: Object.fromEntries(Object.entries(outcomes).map(([outcome, payload]) => [outcome, text(payload)])),
      users: users.map(({ id, latency, hit, miss }) => ({
        id,
        latency: text(latency),
        hit: text(hit),
        miss: text(miss),
      })),
    })),
  };
}

describe("many histograms that inflate to much", () => {
  it("are refused once they have inflated to 64 MiB together, and small ones before them are kept", () => {
    const zlib = deflateSync(Buffer.alloc(330_000));
    const bomb = Buffer.concat([Buffer.from([0x1c, 0x84, 0x93, 0x14, 0, 0, 0, 0]), zlib]);
    bomb.writeUInt32BE(zlib.length, 4);
    const bombs = Array.from({ length: 15_000 }, (_, at) => ({ id: `${at}`, latency: base64(bomb) }));
    const users = [{ id: "kept", latency: base64(encodeV2Compressed(payloadOf(7))) }, ...bombs];
    const before = process.cpuUsage();
    const { batch, rejected } = parse(oneEndpoint({ outcomes: { ok: histogram(7) }, users }));
    const { user, system } = process.cpuUsage(before);
    expect(batch.endpoints[0]!.users.map(({ id }) => id)).toEqual(["kept"]);
    expect(rejected).toHaveLength(15_000);
    expect(new Set(rejected.map(({ reason }) => reason))).toEqual(new Set(["cookie", "compression"]));
    expect((user + system) / 1000).toBeLessThan(2_000);
  });
});

describe("JSON that is no batch", () => {
  it.each([
    [null, "not_a_batch"],
    ["text", "not_a_batch"],
    [[], "not_a_batch"],
    [bodyOf({ v: 2 }), "version"],
    [bodyOf({ v: undefined }), "version"],
    [bodyOf({ batch: "1" }), "batch_id"],
    [bodyOf({ batch: 7 }), "batch_id"],
    [bodyOf({ service: "" }), "name"],
    [bodyOf({ environment: null }), "name"],
    [bodyOf({ instance: ["a"] }), "name"],
    [bodyOf({ window: undefined }), "window"],
    [bodyOf({ window: { start: "now", seconds: 10 } }), "window"],
    [bodyOf({ window: { start: 5, seconds: 10 } }), "window"],
    [bodyOf({ window: { start: "2026-13-45T10:00:00Z", seconds: 10 } }), "window"],
    [bodyOf({ window: { start: "2026-11-22T10:00:00Z", seconds: "10" } }), "window"],
    [bodyOf({ window: { start: "2026-11-22T10:00:00Z", seconds: 0.5 } }), "window"],
    [bodyOf({ endpoints: {} }), "endpoints"],
    [bodyOf({ endpoints: Array(8001).fill(0) }), "endpoints"],
    [oneEndpoint({ users: Array(20_001).fill(0) }), "users"],
    [bodyOf({ losses: { user_cap: -1 } }), "losses"],
    [bodyOf({ losses: { user_cap: 1.5 } }), "losses"],
    [bodyOf({ losses: { user_cap: 2 ** 53 } }), "losses"],
    [bodyOf({ losses: { a: Number.MAX_SAFE_INTEGER, b: 1 } }), "losses"],
    [bodyOf({ losses: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`r${at}`, 1])) }), "losses"],
  ])("is refused with its reason (%#)", (body, reason) => {
    expect(reasonOf(body)).toBe(reason);
  });
});

describe("what is wrong is told with its path and value", () => {
  const window = { start: "2026-11-22T10:00:00Z", seconds: 10 };
  const messageOf = (body: unknown): string => {
    try {
      parseJsonBatch(body);
      return "accepted";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const seconds = "window.seconds must be a whole number from 1 to 3600, not ";
  const start = "window.start must be an RFC 3339 time that exists, as 2026-11-22T10:00:00Z, not ";
  it.each<[Record<string, unknown>, string]>([
    [{ v: 1 }, "batch is missing"],
    [{}, "v is missing"],
    [{ v: 2 }, "v must be 1, the version that this server knows, not 2"],
    [bodyOf({ batch: 7 }), "batch must be a UUID, not 7"],
    [bodyOf({ service: undefined }), "service is missing"],
    [bodyOf({ environment: "" }), 'environment must be text of at least one character, not ""'],
    [bodyOf({ instance: ["a"] }), "instance must be text of at least one character, not a list"],
    [bodyOf({ window: undefined }), "window is missing"],
    [bodyOf({ window: [] }), "window must be an object with start and seconds, not a list"],
    [bodyOf({ window: { ...window, seconds: 0 } }), `${seconds}0`],
    [bodyOf({ window: { ...window, seconds: 1.5 } }), `${seconds}1.5`],
    [bodyOf({ window: { ...window, seconds: "10" } }), `${seconds}"10"`],
    [bodyOf({ window: { ...window, seconds: undefined } }), "window.seconds is missing"],
    [bodyOf({ window: { ...window, seconds: 3601 } }), `${seconds}3601`],
    [bodyOf({ window: { ...window, start: "yesterday" } }), `${start}"yesterday"`],
    [bodyOf({ window: { ...window, start: "2026-11-22T10:00:00" } }), `${start}"2026-11-22T10:00:00"`],
    [bodyOf({ window: { ...window, start: "2026-02-30T10:00:00Z" } }), `${start}"2026-02-30T10:00:00Z"`],
    [bodyOf({ window: { ...window, start: "2100-02-29T10:00:00Z" } }), `${start}"2100-02-29T10:00:00Z"`],
    [bodyOf({ window: { ...window, start: "2026-11-22T24:00:00Z" } }), `${start}"2026-11-22T24:00:00Z"`],
    [bodyOf({ window: { ...window, start: 5 } }), `${start}5`],
    [bodyOf({ window: { ...window, start: "x".repeat(9_999) } }), `${start}"${"x".repeat(59)}…`],
    [bodyOf({ endpoints: undefined }), "endpoints is missing"],
    [bodyOf({ endpoints: {} }), "endpoints must be a list, not an object"],
    [bodyOf({ losses: { user_cap: -1 } }), "losses.user_cap must be a whole number from 0 to 2^53 - 1, not -1"],
    [bodyOf({ window: { ...window, start: "2024-02-29T23:59:59.123+05:30" } }), "accepted"],
    [bodyOf({ window: { ...window, start: "2026-11-22t10:00:00z" } }), "accepted"],
    [bodyOf({ window: { ...window, start: "1969-01-01T00:00:00Z" } }), "accepted"],
  ])("%j", (body, message) => {
    expect(messageOf(body)).toBe(message);
  });
});

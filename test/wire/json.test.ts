import { deflateSync } from "node:zlib";
import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { describe, expect, it } from "vitest";
import { encodePayload, encodeV2, encodeV2Compressed, indexOf, newCounts } from "@/lib/histogram";
import { type DecodedBatch, parseJsonBatch, WireError } from "@/lib/wire";

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
    ["a user without latency", { users: [{ id: "1" }] }, "endpoints[0].users[0].latency", "base64"],
    ["a bad hit", { users: [{ id: "1", latency: histogram(1), hit: "" }] }, "endpoints[0].users[0].hit", "truncated"],
  ])("is rejected alone: %s", (_name, endpoint, path, reason) => {
    const body = oneEndpoint(endpoint);
    (body.endpoints as unknown[]).push({ method: "PUT", route: "/kept", outcomes: { ok: histogram(1) } });
    const { batch, rejected } = parse(body);
    expect(rejected).toEqual([{ path, reason }]);
    expect(batch.endpoints.at(-1)!.outcomes.ok).toEqual(payloadOf(1));
  });
});

describe("many histograms that inflate to much", () => {
  it("are refused once they have inflated to 64 MiB together, and small ones before them are kept", () => {
    const zlib = deflateSync(Buffer.alloc(330_000));
    const bomb = Buffer.concat([Buffer.from([0x1c, 0x84, 0x93, 0x14, 0, 0, 0, 0]), zlib]);
    bomb.writeUInt32BE(zlib.length, 4);
    const bombs = Array.from({ length: 15_000 }, (_, at) => ({ id: `${at}`, latency: base64(bomb) }));
    const users = [{ id: "kept", latency: base64(encodeV2Compressed(payloadOf(7))) }, ...bombs];
    const before = process.cpuUsage();
    const { batch, rejected } = parse(oneEndpoint({ users }));
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
    [bodyOf({ endpoints: Array(2001).fill(0) }), "endpoints"],
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

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodePayload } from "@/lib/histogram";
import { Recorder } from "@/lib/sdk/src/recorder/recorder";
import {
  type Batch,
  decodeBatch,
  decodeTrustedBatch,
  encodeBatch,
  encodeBatchInSlices,
  MOST_ENDPOINTS,
  MOST_USER_SERIES,
  WireError,
  type WireReason,
} from "@/lib/wire";
import { batches, plain } from "./arbitrary.ts";

const source = {
  batch: "0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a11",
  service: "shop",
  environment: "production",
  instance: "web-1",
  window: { startMs: 1_795_341_600_000, seconds: 10 },
};
const payload = encodePayload([0, 3, 0, 0, 2]);
const broken = new Uint8Array([0x80]);

function batchOf(endpoints: Batch["endpoints"], losses = new Map<string, number>()): Batch {
  return { ...source, endpoints, losses };
}

function reasonOf(bytes: Uint8Array): WireReason | "accepted" {
  try {
    decodeBatch(bytes);
    return "accepted";
  } catch (error) {
    if (error instanceof WireError) return error.reason;
    throw error;
  }
}

describe("the dense form", () => {
  it("gives back every batch, to those who trust it and to those who do not", () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const bytes = encodeBatch(batch);
        expect(plain(decodeTrustedBatch(bytes))).toEqual(plain(batch));
        const { batch: checked, rejected } = decodeBatch(bytes);
        expect(rejected).toEqual([]);
        expect(plain(checked)).toEqual(plain(batch));
        expect(encodeBatch(checked)).toEqual(bytes);
      }),
      { numRuns: 600 },
    );
  });

  it("is read from the middle of a larger buffer, and its payloads are parts of it", () => {
    const bytes = encodeBatch(batchOf([{ method: "GET", route: "/", outcomes: { ok: payload }, users: [] }]));
    const larger = Buffer.concat([Buffer.alloc(5), bytes, Buffer.alloc(3)]);
    const batch = decodeTrustedBatch(larger.subarray(5, 5 + bytes.length));
    expect(batch.endpoints[0]!.outcomes.ok!.buffer).toBe(larger.buffer);
    expect([...batch.endpoints[0]!.outcomes.ok!]).toEqual([...payload]);
  });

  it("writes what a recorder hands over as it writes the same batch", () => {
    const recorder = new Recorder({ userSeries: 3 });
    for (let at = 0; at < 3000; at++) {
      recorder.record(at % 2 ? "GET" : "POST", `/r/${at % 3}`, at % 5 ? "ok" : "aborted", at * at, `user ${at % 4}`);
    }
    const window = recorder.swap();
    const work = encodeBatchInSlices(window, source);
    let step = work.next();
    while (!step.done) step = work.next();
    const batch = decodeTrustedBatch(step.value);
    expect(encodeBatch(batch)).toEqual(step.value);
    expect(batch.losses).toEqual(window.losses);
    expect(batch.losses.get("user_cap")).toBeGreaterThan(0);
  });

  it("sends the losses of the header in place of the window's", () => {
    const recorder = new Recorder();
    recorder.record("GET", "/", "ok", Number.NaN);
    const work = encodeBatchInSlices(recorder.swap(), { ...source, losses: new Map([["buffer_full", 7]]) });
    const { value } = work.next();
    expect(decodeTrustedBatch(value as Uint8Array).losses).toEqual(new Map([["buffer_full", 7]]));
  });
});

describe("a bad part of a dense batch", () => {
  it("is rejected alone, with its path", () => {
    const { batch, rejected, unkept } = decodeBatch(
      encodeBatch(
        batchOf([
          {
            method: "GET",
            route: "/a",
            outcomes: { ok: encodePayload([0, 10]), client_error: payload, aborted: broken },
            users: [
              { id: "1", latency: payload },
              { id: "2", latency: broken, hit: payload },
              { id: "3", latency: payload, hit: broken, miss: payload },
              { id: "", latency: payload },
            ],
          },
          {
            method: "GET",
            route: "",
            outcomes: { ok: payload, aborted: broken },
            users: [{ id: "4", latency: payload }],
          },
          { method: "GET", route: "/b", outcomes: { ok: payload }, users: [{ id: "5", latency: payload }] },
        ]),
      ),
    );
    expect(rejected).toEqual([
      { path: "endpoints[0].outcomes.aborted", reason: "truncated" },
      { path: "endpoints[0].users[1].latency", reason: "truncated" },
      { path: "endpoints[0].users[2].hit", reason: "truncated" },
      { path: "endpoints[0].users[3].id", reason: "name" },
      { path: "endpoints[1].route", reason: "name" },
    ]);
    // The user without an id, and the endpoint without a route; four histograms that nobody can read.
    expect(unkept).toEqual({ requests: 5 + 5, entries: 4 });
    expect(batch.endpoints.map((endpoint) => endpoint.route)).toEqual(["/a", "/b"]);
    expect(Object.keys(batch.endpoints[0]!.outcomes)).toEqual(["ok", "client_error"]);
    expect(batch.endpoints[0]!.users.map((user) => user.id)).toEqual(["1", "3"]);
    expect(batch.endpoints[0]!.users[1]).toEqual({ id: "3", latency: payload, miss: payload });
    expect(batch.endpoints[1]!.users).toEqual([{ id: "5", latency: payload }]);
  });

  it("counts losses whose reason it does not know", () => {
    const losses = new Map([
      ["user_cap", 2],
      ["__proto__", 3],
      ["cosmic rays", 4],
    ]);
    expect(decodeBatch(encodeBatch(batchOf([], losses))).batch.losses).toEqual(
      new Map([
        ["user_cap", 2],
        ["unknown", 7],
      ]),
    );
  });
});

describe("bytes that are no batch", () => {
  const good = encodeBatch(
    batchOf(
      [
        { method: "GET", route: "/ä", outcomes: { ok: payload }, users: [{ id: "1", latency: payload, hit: payload }] },
        { method: "PUT", route: "/b", outcomes: { ok: payload }, users: [{ id: "1", latency: payload }] },
      ],
      new Map([["user_cap", 1]]),
    ),
  );

  it("are named for what they are", () => {
    expect(reasonOf(new Uint8Array())).toBe("not_a_batch");
    expect(reasonOf(Buffer.from('{"v":1}'))).toBe("not_a_batch");
    expect(reasonOf(Uint8Array.from(good, (byte, at) => (at === 3 ? 2 : byte)))).toBe("version");
    expect(reasonOf(encodeBatch({ ...batchOf([]), service: "" }))).toBe("name");
    expect(reasonOf(encodeBatch({ ...batchOf([]), window: { startMs: 1, seconds: 0 } }))).toBe("window");
    expect(reasonOf(encodeBatch({ ...batchOf([]), window: { startMs: 8.64e15 + 1, seconds: 10 } }))).toBe("window");
    expect(reasonOf(encodeBatch({ ...batchOf([]), window: { startMs: 1, seconds: 3601 } }))).toBe("window");
  });

  it("are refused wherever they are cut off, and with anything behind them", () => {
    for (let length = 0; length < good.length; length++) {
      expect(["truncated", "not_a_batch"], `cut at ${length}`).toContain(reasonOf(good.subarray(0, length)));
    }
    expect(reasonOf(Buffer.concat([good, Buffer.alloc(1)]))).toBe("truncated");
  });

  it("are refused when a column has one byte too many", () => {
    for (let column = 0; column < COLUMNS; column++) {
      const columns = columnsOf(good);
      columns[column]!.push(1);
      expect(reasonOf(joined(columns)), `column ${column + 1}`).toBe("truncated");
    }
  });

  it.each([
    ["an outcome's payload", 1, -1],
    ["an id", 2, 0],
    ["a user's payload", 6, 0],
    ["a cache payload", 7, 0],
  ])("are refused when %s is said to be longer than its column", (_name, column, at) => {
    const columns = columnsOf(good);
    const lengths = columns[column]!;
    lengths[at < 0 ? lengths.length + at : at] = 100;
    expect(reasonOf(joined(columns))).toBe("truncated");
  });

  it.each([
    ["an id that is not there", 4, 2],
    ["an id before the first", 4, 1],
    ["a kind that is none", 5, 4],
  ])("are refused when they name %s", (_name, column, byte) => {
    const columns = columnsOf(good);
    columns[column]![0] = byte;
    expect(reasonOf(joined(columns))).toBe("truncated");
  });

  it("never make the decoder throw anything but WireError", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), (edits) => {
        const bytes = good.slice();
        for (const [at, value] of edits) bytes[at] = value;
        reasonOf(bytes);
      }),
      { numRuns: 20_000 },
    );
  });

  it("are refused when they name more than a batch may hold", () => {
    const users = Array.from({ length: MOST_USER_SERIES + 1 }, () => ({ id: "1", latency: new Uint8Array() }));
    const many = Array.from({ length: MOST_ENDPOINTS + 1 }, () => ({
      method: "G",
      route: "/",
      outcomes: {},
      users: [],
    }));
    expect(reasonOf(encodeBatch(batchOf([{ method: "G", route: "/", outcomes: {}, users }])))).toBe("users");
    expect(reasonOf(encodeBatch(batchOf(many)))).toBe("endpoints");
  });
});

const COLUMNS = 11;

/** The columns of a small batch, whose lengths take a byte each. */
function columnsOf(bytes: Uint8Array): number[][] {
  let at = 4 + COLUMNS;
  return Array.from(bytes.subarray(4, at), (length) => Array.from(bytes.subarray(at, (at += length))));
}

function joined(columns: number[][]): Uint8Array {
  return Uint8Array.from([0x54, 0x46, 0x42, 1, ...columns.map((column) => column.length), ...columns.flat()]);
}

describe("the cost of refusing", () => {
  it("stays small when every length lies", () => {
    const liar = new Uint8Array(8 << 20).fill(0xff);
    liar.set([0x54, 0x46, 0x42, 1]);
    const started = performance.now();
    expect(reasonOf(liar)).toBe("truncated");
    expect(performance.now() - started).toBeLessThan(50);
  });
});

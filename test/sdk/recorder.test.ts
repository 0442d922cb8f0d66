import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addPayload, COUNTS_LENGTH, HIGHEST_INDEX, HIGHEST_US, indexOf, newCounts } from "@/lib/histogram";
import { Recorder } from "@/lib/sdk/src/recorder/recorder";
import {
  type Batch,
  type CachePart,
  decodeBatch,
  encodeBatchInSlices,
  type Outcome,
  OUTCOMES,
  type RecordedWindow,
} from "@/lib/wire";

/** What a window says once it is encoded and decoded: the only thing that anybody sees of it. */
function batchOf(window: RecordedWindow): Batch {
  const work = encodeBatchInSlices(window, {
    batch: "0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a11",
    service: "shop",
    environment: "production",
    instance: "web-1",
    window: { startMs: 0, seconds: 10 },
  });
  let step = work.next();
  while (!step.done) step = work.next();
  const { batch, rejected } = decodeBatch(step.value);
  expect(rejected).toEqual([]);
  return batch;
}

/** Samples by `method route outcome` and by `method route user`, bucket by bucket, as text. */
function tally(batch: Batch): Map<string, number> {
  const found = new Map<string, number>();
  const add = (key: string, payload: Uint8Array) => {
    const counts = newCounts();
    addPayload(counts, payload);
    for (let index = 0; index < COUNTS_LENGTH; index++) if (counts[index]) found.set(`${key} ${index}`, counts[index]!);
  };
  for (const { method, route, outcomes, users } of batch.endpoints) {
    for (const [outcome, payload] of Object.entries(outcomes)) add(`${method} ${route} ${outcome}`, payload);
    for (const { id, latency, hit, miss } of users) {
      add(`${method} ${route} user ${id}`, latency);
      if (hit) add(`${method} ${route} hit ${id}`, hit);
      if (miss) add(`${method} ${route} miss ${id}`, miss);
    }
  }
  return found;
}

const total = (payload: Uint8Array | undefined) => (payload ? addPayload(newCounts(), payload) : 0);
const usersOf = (batch: Batch) => batch.endpoints.flatMap((endpoint) => endpoint.users);

describe("a recorder", () => {
  it("keeps hits and misses with the users that are not told apart, within their latencies", () => {
    const recorder = new Recorder({ userSeries: 3 });
    for (let at = 0; at < 300; at++) {
      recorder.record("GET", "/", "ok", at * 100, `user ${at % 10}`, ([undefined, "hit", "miss"] as const)[at % 3]);
    }
    recorder.record("GET", "/", "ok", 1, undefined, "hit");
    const users = usersOf(batchOf(recorder.swap()));
    expect(users).toHaveLength(4);
    const sums = users.map(({ latency, hit, miss }) => [total(latency), total(hit), total(miss)]);
    for (const [all, hits, misses] of sums) expect(hits! + misses!).toBeLessThanOrEqual(all!);
    expect(sums.reduce((sum, [all]) => sum + all!, 0)).toBe(300);
    expect(sums.reduce((sum, [, hits]) => sum + hits!, 0)).toBe(100);
    expect(sums.reduce((sum, [, , misses]) => sum + misses!, 0)).toBe(100);
  });

  it("keeps every request, by endpoint and outcome and by endpoint and user", () => {
    const request = fc.record({
      method: fc.constantFrom("GET", "POST"),
      route: fc.constantFrom("/", "/a/:id", "__proto__", "toString"),
      outcome: fc.constantFrom(...OUTCOMES),
      latencyUs: fc.integer({ min: 0, max: HIGHEST_US }),
      user: fc.option(fc.constantFrom("1", "2", "constructor", "ü"), { nil: undefined }),
      part: fc.constantFrom<CachePart | undefined>("hit", "miss", undefined),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 120 }), (requests) => {
        const recorder = new Recorder();
        const expected = new Map<string, number>();
        const count = (key: string) => expected.set(key, (expected.get(key) ?? 0) + 1);
        for (const { method, route, outcome, latencyUs, user, part } of requests) {
          recorder.record(method, route, outcome, latencyUs, user, part);
          count(`${method} ${route} ${outcome} ${indexOf(latencyUs)}`);
          if (user) count(`${method} ${route} user ${user} ${indexOf(latencyUs)}`);
          if (user && part) count(`${method} ${route} ${part} ${user} ${indexOf(latencyUs)}`);
        }
        const window = recorder.swap();
        expect(tally(batchOf(window))).toEqual(expected);
        expect(window.samples).toBe(requests.length);
        expect(window.maxUs).toBe(Math.max(0, ...requests.map((each) => each.latencyUs)));
        expect(window.losses.size).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it("starts every window empty, and never touches one that it handed over", () => {
    const recorder = new Recorder();
    recorder.record("GET", "/", "ok", 100, "1");
    const first = recorder.swap();
    recorder.record("GET", "/", "ok", 200, "1");
    recorder.record("GET", "/", "ok", Number.NaN);
    const second = recorder.swap();
    expect(tally(batchOf(first))).toEqual(
      new Map([
        ["GET / ok 100", 1],
        ["GET / user 1 100", 1],
      ]),
    );
    expect(second.samples).toBe(1);
    expect(second.losses).toEqual(new Map([["invalid", 1]]));
    expect(recorder.swap()).toMatchObject({ samples: 0, maxUs: 0, endpoints: [] });
  });

  it("takes the user who is nobody for no user", () => {
    const recorder = new Recorder();
    recorder.record("GET", "/", "ok", 100, "");
    recorder.record("GET", "/", "ok", 100, undefined);
    recorder.record("GET", "/", "ok", 100, null as unknown as undefined);
    recorder.record("GET", "/", "ok", 100, { toString: null } as unknown as string);
    const batch = batchOf(recorder.swap());
    expect(total(batch.endpoints[0]!.outcomes.ok)).toBe(4);
    expect(batch.endpoints[0]!.users).toEqual([]);
  });
});

describe("a latency", () => {
  it.each([
    Number.NaN,
    Infinity,
    -Infinity,
    -1,
    -0.6,
    "5" as unknown as number,
    undefined as unknown as number,
    5n as unknown as number,
  ])("that is no number of microseconds is a loss and nothing else: %s", (latencyUs) => {
    const recorder = new Recorder();
    expect(() => recorder.record("GET", "/", "ok", latencyUs, "1")).not.toThrow();
    const window = recorder.swap();
    expect(window.losses).toEqual(new Map([["invalid", 1]]));
    expect(window).toMatchObject({ samples: 0, endpoints: [] });
  });

  it("is rounded to whole microseconds", () => {
    const recorder = new Recorder();
    for (const latencyUs of [0, 0.4, 0.5, 99.7]) recorder.record("GET", "/", "ok", latencyUs);
    expect(tally(batchOf(recorder.swap()))).toEqual(
      new Map([
        ["GET / ok 0", 2],
        ["GET / ok 1", 1],
        ["GET / ok 100", 1],
      ]),
    );
  });

  it("above an hour counts as an hour, and as a loss", () => {
    const recorder = new Recorder();
    for (const latencyUs of [HIGHEST_US, HIGHEST_US + 0.4, HIGHEST_US + 1, 2 ** 32, 2 ** 40, Number.MAX_VALUE]) {
      recorder.record("GET", "/", "ok", latencyUs, "1");
    }
    const window = recorder.swap();
    expect(window.losses).toEqual(new Map([["over_range", 5]]));
    expect(window.maxUs).toBe(HIGHEST_US);
    expect(tally(batchOf(window))).toEqual(
      new Map([
        [`GET / ok ${HIGHEST_INDEX}`, 6],
        [`GET / user 1 ${HIGHEST_INDEX}`, 6],
      ]),
    );
  });
});

describe("a name", () => {
  it("that is none is a loss", () => {
    const recorder = new Recorder();
    recorder.record("", "/", "ok", 1);
    recorder.record("GET", "", "ok", 1);
    recorder.record("GET", undefined as unknown as string, "ok", 1);
    recorder.record({} as unknown as string, "/", "ok", 1);
    recorder.record("GET", "/", "teapot" as Outcome, 1);
    recorder.record("GET", "/", "__proto__" as Outcome, 1);
    const window = recorder.swap();
    expect(window.losses).toEqual(new Map([["invalid", 6]]));
    expect(window.endpoints).toEqual([]);
  });

  it("is kept clean, and found again under what it was", () => {
    const recorder = new Recorder({ endpoints: 1, userSeries: 1 });
    const long = "x".repeat(10_000);
    for (let times = 0; times < 3; times++) recorder.record("GET", `/${long}`, "ok", 1, `a\0${long}`);
    const batch = batchOf(recorder.swap());
    expect(batch.losses.size).toBe(0);
    expect(batch.endpoints).toHaveLength(1);
    expect(batch.endpoints[0]!.route).toBe(`/${long}`.slice(0, 256));
    expect(usersOf(batch).map(({ id, latency }) => [id, total(latency)])).toEqual([
      [`a\uFFFD${long}`.slice(0, 256), 3],
    ]);
  });
});

describe("the limits", () => {
  it("fold endpoints beyond theirs into (other), and count each as a loss", () => {
    const recorder = new Recorder({ endpoints: 2 });
    for (let at = 0; at < 10; at++) recorder.record(at % 2 ? "GET" : "PUT", `/${at}`, "ok", 50, "1");
    recorder.record("PUT", "/0", "ok", 50, "1");
    const batch = batchOf(recorder.swap());
    expect(batch.losses).toEqual(new Map([["endpoint_cap", 8]]));
    expect(batch.endpoints.map(({ method, route, outcomes }) => [method, route, total(outcomes.ok)])).toEqual([
      ["PUT", "/0", 2],
      ["GET", "/1", 1],
      ["*", "(other)", 8],
    ]);
    expect(usersOf(batch).map(({ latency }) => total(latency))).toEqual([2, 1, 8]);
  });

  it("fold users beyond theirs into (other users) of their endpoint, and count each as a loss", () => {
    const recorder = new Recorder({ userSeries: 3 });
    for (let at = 0; at < 10; at++) recorder.record("GET", at % 2 ? "/a" : "/b", "ok", 50, `user ${at}`);
    recorder.record("GET", "/b", "ok", 50, "user 0");
    recorder.record("GET", "/b", "ok", 50, "(other users)");
    const batch = batchOf(recorder.swap());
    expect(batch.losses).toEqual(new Map([["user_cap", 7]]));
    expect(batch.endpoints.map(({ route, outcomes }) => [route, total(outcomes.ok)])).toEqual([
      ["/b", 7],
      ["/a", 5],
    ]);
    expect(usersOf(batch).map(({ id, latency }) => [id, total(latency)])).toEqual([
      ["user 0", 2],
      ["user 2", 1],
      ["(other users)", 4],
      ["user 1", 1],
      ["(other users)", 4],
    ]);
  });

  it("are 1,000 endpoints and 10,000 user series, and a window at both limits can be sent", () => {
    const recorder = new Recorder();
    for (let at = 0; at < 12_000; at++) recorder.record("GET", `/${at % 1_100}`, "ok", at, `user ${at}`);
    const batch = batchOf(recorder.swap());
    expect(batch.endpoints).toHaveLength(1_001);
    expect(usersOf(batch).filter(({ id }) => id !== "(other users)")).toHaveLength(10_000);
    expect(batch.losses.get("user_cap")).toBe(2_000);
    expect(batch.endpoints.reduce((sum, { outcomes }) => sum + total(outcomes.ok), 0)).toBe(12_000);
    expect(usersOf(batch).reduce((sum, { latency }) => sum + total(latency), 0)).toBe(12_000);
  });
});

describe("closing a window", () => {
  it("is done in slices, between which the caller may do something else", () => {
    const recorder = new Recorder();
    for (let at = 0; at < 200_000; at++)
      recorder.record("GET", `/${at % 50}`, "ok", (at * 7919) % 1e6, `user ${at % 10_000}`);
    const work = encodeBatchInSlices(recorder.swap(), {
      batch: "0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a11",
      service: "shop",
      environment: "production",
      instance: "web-1",
      window: { startMs: 0, seconds: 10 },
    });
    let slices = 1;
    while (!work.next().done) slices++;
    expect(slices).toBeGreaterThan(1);
  });
});

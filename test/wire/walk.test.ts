import fc from "fast-check";
import { expect, it } from "vitest";
import { type Batch, checkWholeBatch, decodeBatch, encodeBatch, OUTCOMES, WalkableBatch } from "@/lib/wire";
import { batches, looseBatches, plain } from "./arbitrary.ts";

/** Builds the batch that a walk tells of. */
function walked(bytes: Uint8Array): Batch {
  const batch = new WalkableBatch(bytes);
  const { ids } = batch;
  const endpoints: Batch["endpoints"] = [];
  const idOf = (id: number) =>
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(
      ids.bytes.subarray(id === 0 ? ids.start : ids.ends[id - 1], ids.ends[id]),
    );
  batch.walk({
    endpoint: (method, route) => endpoints.push({ method, route, outcomes: {}, users: [] }),
    outcome: (outcome, start, end) => (endpoints.at(-1)!.outcomes[OUTCOMES[outcome]!] = bytes.slice(start, end)),
    user: (id, kind, start, end) => {
      const { users } = endpoints.at(-1)!;
      const payload = bytes.slice(start, end);
      if (kind === 0) users.push({ id: idOf(id), latency: payload });
      else users.at(-1)![kind === 1 ? "hit" : "miss"] = payload;
    },
  });
  return { ...batch.head, endpoints };
}

const histogramsIn = ({ endpoints }: Batch): number =>
  endpoints.reduce(
    (sum, { outcomes, users }) =>
      sum +
      Object.keys(outcomes).length +
      users.reduce((own, { hit, miss }) => own + 1 + (hit ? 1 : 0) + (miss ? 1 : 0), 0),
    0,
  );

it("a walk tells what decoding builds", () => {
  fc.assert(
    fc.property(batches, (batch) => {
      expect(plain(walked(encodeBatch(batch)))).toEqual(plain(batch));
    }),
    { numRuns: 400 },
  );
});

it("whatever passes the quick look is what decoding keeps to the last byte, and nothing hostile throws", () => {
  let passed = 0;
  fc.assert(
    fc.property(batches, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }), (batch, changes) => {
      const bytes = encodeBatch(batch);
      for (const [place, value] of changes) bytes[place % bytes.length] = value;
      const quick = checkWholeBatch(bytes);
      if (quick === null) return;
      passed++;
      const slow = decodeBatch(bytes);
      expect(slow.asSent).toBe(true);
      expect(quick.histograms).toBe(histogramsIn(slow.batch));
      expect(plain({ ...quick.head, endpoints: [] })).toEqual(plain({ ...slow.batch, endpoints: [] }));
    }),
    { numRuns: 3_000 },
  );
  expect(passed).toBeGreaterThan(300);
});

it("parts that say more than the whole do not pass the quick look, and are gone once decoding has taken them out", () => {
  let refused = 0;
  fc.assert(
    fc.property(looseBatches, (batch) => {
      const { batch: kept, rejected } = decodeBatch(encodeBatch(batch));
      if (rejected.length > 0) expect(checkWholeBatch(encodeBatch(batch))).toBeNull();
      expect(decodeBatch(encodeBatch(kept)).rejected).toEqual([]);
      if (rejected.length > 0) refused++;
    }),
    { numRuns: 600 },
  );
  expect(refused).toBeGreaterThan(100);
});

it("names that would be changed, and ids that are empty, do not pass the quick look", () => {
  const endpoint = {
    method: "GET",
    route: "/",
    outcomes: { ok: new Uint8Array([2]) },
    users: [{ id: "1", latency: new Uint8Array([2]) }],
  };
  const batch: Batch = {
    batch: "0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a11",
    service: "shop",
    environment: "production",
    instance: "web-1",
    window: { startMs: 1_795_341_600_000, seconds: 10 },
    endpoints: [endpoint],
    losses: new Map(),
  };
  const passes = (changes: Partial<Batch>) => checkWholeBatch(encodeBatch({ ...batch, ...changes })) !== null;
  const withUser = (id: string) => passes({ endpoints: [{ ...endpoint, users: [{ ...endpoint.users[0]!, id }] }] });
  expect(passes({})).toBe(true);
  expect(withUser("ünïcödé")).toBe(true);
  for (const name of ["", "a\0b", "\uD800", "x".repeat(257), "ü".repeat(257)]) {
    expect(withUser(name)).toBe(false);
    expect(passes({ endpoints: [{ ...endpoint, route: name }] })).toBe(false);
    if (name !== "") expect(passes({ release: name })).toBe(false);
  }
});

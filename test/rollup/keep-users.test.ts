import fc from "fast-check";
import { expect, test } from "vitest";
import { addPayload, encodePayload, newCounts } from "@/lib/histogram/index";
import { keepUsers } from "@/lib/rollup/keep-users";
import { Pace } from "@/lib/rollup/pace";
import { SeriesList } from "@/lib/rollup/series-list";
import { highOf, keyOf, lowOf } from "@/lib/store/user-key";
import { eachUser, KINDS } from "@/lib/store/user-pack";
import { payloadOf } from "../support/batches.ts";

interface Entry {
  key: bigint;
  kind: number;
  latencies: number[];
}

// Keys close together, so that users meet, with equal high halves and different ones, and key 0.
const key = fc.oneof(
  fc.bigInt({ min: -3n, max: 3n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.integer({ min: -2, max: 2 }).map((high) => BigInt(high) << 32n),
);
const entry: fc.Arbitrary<Entry> = fc.record({
  key,
  kind: fc.nat(2),
  latencies: fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 5 }),
});

function listOf(entries: readonly Entry[]): SeriesList {
  const list = new SeriesList();
  for (const { key: one, kind, latencies } of entries) {
    const bytes = payloadOf(...latencies);
    list.from(bytes);
    const at = list.add(highOf(one), lowOf(one), kind);
    list.starts[at] = 0;
    list.ends[at] = bytes.length;
  }
  return list;
}

/** Payloads in hex by "key kind", in the order in which they are packed. */
async function kept(entries: readonly Entry[], most: number): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { payload } of await keepUsers(listOf(entries), most, new Pace()))
    eachUser(payload, (high, low, { kind, bytes, start, end }) =>
      found.set(`${keyOf(high, low)} ${KINDS[kind]}`, Buffer.from(bytes.subarray(start, end)).toString("hex")),
    );
  return found;
}

function sums(entries: readonly Entry[], keyOfEntry: (entry: Entry) => bigint): Map<string, string> {
  const counts = new Map<string, ReturnType<typeof newCounts>>();
  for (const one of entries) {
    const name = `${keyOfEntry(one)} ${KINDS[one.kind]}`;
    counts.set(name, counts.get(name) ?? newCounts());
    addPayload(counts.get(name)!, payloadOf(...one.latencies));
  }
  return new Map([...counts].map(([name, c]) => [name, Buffer.from(encodePayload(c)).toString("hex")]));
}

const keysOf = (names: Iterable<string>): bigint[] => [
  ...new Set([...names].map((name) => BigInt(name.split(" ")[0]!))),
];

test("below the cap, everybody keeps what they had, in the order of keys", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 60 }), async (entries) => {
      const found = await kept(entries, 1_000);
      expect(found).toEqual(sums(entries, (e) => e.key));
      const keys = keysOf(found.keys());
      expect(keys).toEqual([...keys].sort((a, b) => (a < b ? -1 : 1)));
    }),
    { numRuns: 500 },
  );
});

test("above the cap, the rest is (other users), in its place, and no sample is lost", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 80 }), fc.integer({ min: 1, max: 12 }), async (entries, most) => {
      const found = await kept(entries, most);
      const keys = keysOf(found.keys());
      expect(keys).toEqual([...keys].sort((a, b) => (a < b ? -1 : 1)));
      const users = new Set(entries.map((e) => e.key).filter((k) => k !== 0n));
      expect(keys.filter((k) => k !== 0n).length).toBe(
        users.size <= most && !entries.some((e) => e.key === 0n) ? users.size : Math.min(users.size, most),
      );
      const own = new Set(keys);
      expect(found).toEqual(sums(entries, (e) => (own.has(e.key) ? e.key : 0n)));
    }),
    { numRuns: 500 },
  );
});

test("those with most requests above the p95 of all are kept", async () => {
  const fast = (user: number): Entry => ({ key: BigInt(user), kind: 0, latencies: Array<number>(100).fill(1_000) });
  const slow = (user: number, times: number): Entry => ({
    key: BigInt(user),
    kind: 0,
    latencies: Array<number>(times).fill(90_000),
  });
  const entries = [
    ...Array.from({ length: 50 }, (_, i) => fast(i + 1)),
    slow(100, 3),
    slow(101, 9),
    slow(102, 6),
    slow(7, 5),
  ];
  expect(keysOf((await kept(entries, 3)).keys())).toEqual([0n, 7n, 101n, 102n]);
});

test("a hundred thousand entries are sorted as slow sorting would", () => {
  const list = new SeriesList();
  let state = 1;
  const next = () => (state = Math.imul(state, 1_103_515_245) + 12_345) | 0;
  for (let i = 0; i < 100_000; i++) list.add(next() % 500, next() >>> 0, 0);
  const order = list.sorted();
  for (let place = 1; place < order.length; place++) {
    const [a, b] = [order[place - 1]!, order[place]!];
    const inOrder =
      list.highs[a]! < list.highs[b]! || (list.highs[a] === list.highs[b] && list.lows[a]! <= list.lows[b]!);
    if (!inOrder) throw new Error(`place ${place} is out of order`);
  }
  expect(new Set(order).size).toBe(100_000);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { highOf, keyOf, lowOf } from "@/lib/store/user-key";
import { CHUNK_USERS, eachUser, findUser, packUsers, type Piece, type UserSeriesPieces } from "@/lib/store/user-pack";

const piece = (kind: number, bytes: Uint8Array): Piece => ({ kind, bytes, start: 0, end: bytes.length });
const key = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const series = fc.uniqueArray(fc.tuple(fc.nat(2), fc.uint8Array({ maxLength: 300 })), {
  minLength: 1,
  maxLength: 3,
  selector: ([kind]) => kind,
});
const users = fc
  .uniqueArray(fc.tuple(key, series), { maxLength: 60, selector: ([k]) => k })
  .map((list) => list.sort(([a], [b]) => (a < b ? -1 : 1)));
type Users = [bigint, [number, Uint8Array][]][];

const toSeries = ([k, kinds]: Users[number]): UserSeriesPieces => ({
  high: highOf(k),
  low: lowOf(k),
  pieces: kinds.map(([kind, bytes]) => piece(kind, bytes)),
});
const copy = (p: Readonly<Piece>): [number, Uint8Array] => [p.kind, p.bytes.slice(p.start, p.end)];

test("users are read back in the order of their keys, as bigints order", () => {
  fc.assert(
    fc.property(users, (list) => {
      const read: Users = [];
      for (const chunk of packUsers(list.map(toSeries)))
        eachUser(chunk.payload, (high, low, p) => {
          const last = read.at(-1);
          if (last?.[0] === keyOf(high, low)) last[1].push(copy(p));
          else read.push([keyOf(high, low), [copy(p)]]);
        });
      expect(read).toEqual(list);
    }),
    { numRuns: 300 },
  );
});

test("a user is found by key, and a missing one is not", () => {
  fc.assert(
    fc.property(users, key, (list, missing) => {
      const [chunk] = packUsers(list.map(toSeries));
      if (chunk === undefined) return;
      const find = (k: bigint) => {
        const found: [number, Uint8Array][] = [];
        return findUser(chunk.payload, k, (p) => found.push(copy(p))) ? found : null;
      };
      for (const [k, kinds] of list) expect(find(k)).toEqual(kinds);
      if (!list.some(([k]) => k === missing)) expect(find(missing)).toBeNull();
    }),
    { numRuns: 300 },
  );
});

test("chunks are cut by number and by size, and name their range of keys", () => {
  const many = Array.from({ length: CHUNK_USERS * 2 + 1 }, (_, i) => toSeries([BigInt(i), [[0, Uint8Array.of(2)]]]));
  const chunks = packUsers(many);
  expect(chunks.map((c) => [c.users, c.keyLow, c.keyHigh])).toEqual([
    [1024, 0n, 1023n],
    [1024, 1024n, 2047n],
    [1, 2048n, 2048n],
  ]);
  const large = Array.from({ length: 30 }, (_, i) => toSeries([BigInt(i), [[0, new Uint8Array(20_000)]]]));
  const sizes = packUsers(large).map((c) => c.payload.length);
  expect(sizes.length).toBe(3);
  expect(Math.max(...sizes)).toBeLessThan((256 + 21) * 1024);
});

test("a chunk of an unknown form is refused, not misread", () => {
  const [chunk] = packUsers([toSeries([1n, [[0, Uint8Array.of(2)]]])]);
  chunk!.payload[0] = 9;
  expect(() => eachUser(chunk!.payload, () => undefined)).toThrow("form 9");
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { addPayload, encodePayload, newCounts, type Payload } from "@/lib/histogram/index";
import { sumPayloads } from "@/lib/histogram/sum";

const bucket = fc.tuple(fc.nat(3327), fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 ** 48 })));
const payload = fc.array(bucket, { maxLength: 40 }).map((buckets) => {
  const counts = newCounts();
  for (const [index, count] of buckets) counts[index]! += count;
  return encodePayload(counts);
});

function expected(payloads: readonly Payload[]): Payload {
  const counts = newCounts();
  for (const one of payloads) addPayload(counts, one);
  return encodePayload(counts);
}

test("a sum has the bytes that the added counts encode to, however many payloads and wherever they lie", () => {
  fc.assert(
    fc.property(fc.array(payload, { maxLength: 9 }), (payloads) => {
      const together = new Uint8Array(payloads.reduce((sum, p) => sum + p.length, 0));
      let at = 0;
      const ranges = payloads.map((p) => {
        together.set(p, at);
        at += p.length;
        return { bytes: together, start: at - p.length, end: at };
      });
      expect(sumPayloads(ranges)).toEqual(expected(payloads));
    }),
    { numRuns: 2000 },
  );
});

test.each([1, 2, 6])("a sum of %i payloads that lie in a Buffer is bytes of its own", (count) => {
  const one = encodePayload([0, 3, 0, 0, 2]);
  const together = Buffer.concat(Array.from({ length: count }, () => one)); // small ones lie in Node's pool
  const ranges = Array.from({ length: count }, (_, at) => ({
    bytes: together,
    start: at * one.length,
    end: (at + 1) * one.length,
  }));
  const sum = sumPayloads(ranges);
  const before = [...sum];
  together.fill(255);
  sumPayloads([...ranges, ...ranges].map(() => ({ bytes: one, start: 0, end: one.length })));
  expect([...sum]).toEqual(before);
  expect(sum.buffer).not.toBe(together.buffer);
  expect(sum.constructor).toBe(Uint8Array);
});

test.each([2, 9])("sums of %i counts that are too high stay at the highest, and can be read", (count) => {
  const one = encodePayload([1, Number.MAX_SAFE_INTEGER, 2]);
  const sum = sumPayloads(Array.from({ length: count }, () => ({ bytes: one, start: 0, end: one.length })));
  expect(sum).toEqual(encodePayload([count, Number.MAX_SAFE_INTEGER, 2 * count]));
});

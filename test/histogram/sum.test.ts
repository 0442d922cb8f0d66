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

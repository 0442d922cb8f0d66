import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addUsed,
  checkPayload,
  type Counts,
  COUNTS_LENGTH,
  DecodeError,
  encodePayload,
  indexOf,
  newCounts,
  type Payload,
  sumPayloads,
  tightened,
} from "@/lib/histogram";
import { TIGHT } from "@/lib/histogram/tight-model";
import { same } from "./oracle.ts";

const whole = (bytes: Uint8Array) => ({ bytes, start: 0, end: bytes.length });

function read(payload: Payload) {
  const used = { counts: newCounts(), low: COUNTS_LENGTH, high: -1 };
  const total = addUsed(used, whole(payload));
  return { ...used, total };
}

/** Neighbouring buckets that hold about as much, as those of one endpoint do; with gaps and with lonely large counts. */
const hilly = fc
  .record({
    from: fc.nat(COUNTS_LENGTH - 1),
    buckets: fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 0, max: 3 }) },
        { weight: 3, arbitrary: fc.integer({ min: 20, max: 60 }) },
        { weight: 2, arbitrary: fc.integer({ min: 0, max: 2 ** 34 }) },
        { weight: 1, arbitrary: fc.constant(Number.MAX_SAFE_INTEGER) },
      ),
      { maxLength: 400 },
    ),
    stretch: fc.integer({ min: 1, max: 40 }),
  })
  .map(({ from, buckets, stretch }) => {
    const counts = newCounts();
    let left = Number.MAX_SAFE_INTEGER;
    for (const [place, count] of buckets.entries()) {
      const index = from + place * (count > 3 ? 1 : stretch);
      if (index >= COUNTS_LENGTH || count > left) continue;
      left += counts[index]! - count;
      counts[index] = count;
    }
    return counts;
  });

function lognormal(samples: number): Counts {
  const counts = newCounts();
  let state = 1;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const gauss = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  for (let n = 0; n < samples; n++) counts[indexOf(Math.round(20_000 * Math.exp(0.8 * gauss())))]!++;
  return counts;
}

describe("a tight payload", () => {
  it("gives back the counts, their total and the buckets in use", () => {
    fc.assert(
      fc.property(hilly, (counts) => {
        const payload = encodePayload(counts);
        const plain = read(payload);
        const tight = read(tightened(payload));
        expect(same(tight.counts, counts)).toBe(true);
        expect([tight.total, tight.low, tight.high]).toEqual([plain.total, plain.low, plain.high]);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    [100, 0.5],
    [600, 0.42],
    [36_000, 0.45],
  ])("of %d log-normal samples takes less than %f of the bytes", (samples, share) => {
    const payload = encodePayload(lognormal(samples));
    const tight = tightened(payload);
    expect(tight[0]).toBe(TIGHT);
    expect(tight.length).toBeLessThan(payload.length * share);
    expect(same(read(tight).counts, lognormal(samples))).toBe(true);
  });

  it("is never longer than the payload, and tightening it again changes nothing", () => {
    fc.assert(
      fc.property(hilly, (counts) => {
        const payload = encodePayload(counts);
        const tight = tightened(payload);
        expect(tight.length).toBeLessThanOrEqual(payload.length);
        expect(tightened(tight)).toEqual(tight);
      }),
      { numRuns: 500 },
    );
  });

  it("is read at the end of a buffer and between other bytes", () => {
    const tight = tightened(encodePayload(lognormal(1_000)));
    const buffer = new Uint8Array(tight.length + 9).fill(255);
    buffer.set(tight, 9);
    const used = { counts: newCounts(), low: COUNTS_LENGTH, high: -1 };
    const also = { counts: newCounts(), low: COUNTS_LENGTH, high: -1 };
    expect(addUsed(used, { bytes: buffer, start: 9, end: buffer.length }, also)).toBe(1_000);
    expect(same(used.counts, lognormal(1_000))).toBe(true);
    expect(same(also.counts, lognormal(1_000))).toBe(true);
    expect([also.low, also.high]).toEqual([used.low, used.high]);
  });

  it("adds up with others, tight or not, to the bytes that plain ones add up to", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hilly, fc.boolean()), { minLength: 1, maxLength: 7 }), (parts) => {
        const small = parts.map(([counts, isTight]) => [counts.map((count) => count % 2 ** 40), isTight] as const);
        const plain = small.map(([counts]) => encodePayload(counts));
        const mixed = small.map(([, isTight], place) => (isTight ? tightened(plain[place]!) : plain[place]!));
        expect(sumPayloads(mixed.map(whole))).toEqual(sumPayloads(plain.map(whole)));
      }),
      { numRuns: 500 },
    );
  });

  it("is refused where bytes come from outside", () => {
    const tight = tightened(encodePayload(lognormal(1_000)));
    expect(() => checkPayload(tight)).toThrow(DecodeError);
  });
});

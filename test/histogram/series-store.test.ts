import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteWriter, encodePayload, HIGHEST_INDEX, newCounts, SeriesStore } from "@/lib/histogram";

function payloadOf(store: SeriesStore, series: number): string {
  const out = new ByteWriter();
  store.write(series, out);
  return Buffer.from(out.written()).toString("hex");
}

const hexOf = (payload: Uint8Array) => Buffer.from(payload).toString("hex");

describe("recorded series", () => {
  it("become the payloads of what was recorded into each", () => {
    const record = fc.tuple(fc.nat(9), fc.nat(HIGHEST_INDEX));
    fc.assert(
      fc.property(fc.array(record, { maxLength: 400 }), (records) => {
        const store = new SeriesStore();
        const oracle = Array.from({ length: 10 }, () => newCounts());
        for (let series = 0; series < 10; series++) expect(store.add()).toBe(series);
        for (const [series, index] of records) {
          store.record(series, index);
          oracle[series]![index]!++;
        }
        for (const [series, counts] of oracle.entries()) {
          expect(payloadOf(store, series)).toBe(hexOf(encodePayload(counts)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([1, 7, 8, 9, 47, 48, 49, 1023, 1024, 1025, 1033, 5000])(
    "keep every one of %d samples, list or dense",
    (samples) => {
      const store = new SeriesStore();
      const [first, second] = [store.add(), store.add()];
      const counts = newCounts();
      for (let at = 0; at < samples; at++) {
        const index = (at * 7919) % HIGHEST_INDEX;
        store.record(first, index);
        store.record(second, 3);
        counts[index]!++;
      }
      expect(payloadOf(store, first)).toBe(hexOf(encodePayload(counts)));
      expect(payloadOf(store, second)).toBe(hexOf(encodePayload([0, 0, 0, samples])));
    },
  );

  it("use again the room of series that turned dense", () => {
    const store = new SeriesStore();
    for (let series = 0; series < 300; series++) {
      store.add();
      for (let at = 0; at < 1030; at++) store.record(series, series);
    }
    for (let series = 0; series < 300; series++) {
      expect(payloadOf(store, series)).toBe(hexOf(encodePayload([...Array.from({ length: series }, () => 0), 1030])));
    }
    // Memory is not seen from outside: 300 lists of 128 chunks each, one after the other, take the room of one.
    expect((store as unknown as { chunksUsed: number }).chunksUsed).toBe(128);
  });
});

import fc from "fast-check";
import * as hdr from "hdr-histogram-js";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  addPayload,
  COUNTS_LENGTH,
  DecodeError,
  type DecodeReason,
  decodeHistogram,
  decodeV2,
  encodePayload,
  encodeV2,
  encodeV2Compressed,
  HIGHEST_US,
  indexOf,
  newCounts,
  totalOf,
} from "@/lib/histogram";
import { countsOf, countsOfPeer, peer, peerCompressed, peerDecode, peerDecodePlain, same } from "./oracle.ts";

const values = fc.array(fc.integer({ min: 0, max: HIGHEST_US }), { maxLength: 60 });

function decoded(bytes: Uint8Array) {
  const counts = newCounts();
  addPayload(counts, decodeV2(bytes));
  return counts;
}

describe("the V2 encoding", () => {
  it("is read by hdr-histogram-js, to the same counts", () => {
    fc.assert(
      fc.property(values, (samples) => {
        const counts = countsOf(samples);
        const read = peerDecode(encodeV2Compressed(encodePayload(counts)));
        expect(same(countsOfPeer(read), counts)).toBe(true);
        expect(read.totalCount).toBe(samples.length);
        const plain = peerDecodePlain(encodeV2(encodePayload(counts)));
        expect(same(countsOfPeer(plain), counts)).toBe(true);
      }),
      { numRuns: 800 },
    );
  });

  it("is read from what hdr-histogram-js writes, to the same counts", () => {
    fc.assert(
      fc.property(values, (samples) => {
        expect(same(decoded(peerCompressed(peer(samples))), countsOf(samples))).toBe(true);
      }),
      { numRuns: 800 },
    );
  });

  it("is read back, plain and compressed, as a payload of its own", () => {
    const payload = encodePayload(countsOf([1, 500, 70_000, 70_001]));
    const bytes = Buffer.from(encodeV2(payload));
    const read = decodeV2(bytes);
    bytes.fill(0);
    expect(read).toEqual(payload);
    expect(decodeV2(encodeV2Compressed(payload))).toEqual(payload);
    expect(decodeV2(encodeV2(new Uint8Array()))).toHaveLength(0);
  });

  it("has the header that every HdrHistogram library reads", () => {
    const header = Buffer.from(encodeV2(new Uint8Array([2]))).subarray(0, 40);
    expect(header.toString("hex")).toBe(
      "1c849313" + "00000001" + "00000000" + "00000002" + "0000000000000001" + "00000000d693a400" + "3ff0000000000000",
    );
  });
});

describe("a histogram of another layout", () => {
  it("with 3 digits gives what recording the same values here would have given", () => {
    fc.assert(
      fc.property(values, (samples) => {
        expect(same(decoded(peerCompressed(peer(samples, 3))), countsOf(samples))).toBe(true);
      }),
      { numRuns: 800 },
    );
  });

  it("with 1 digit keeps every sample within half of its bucket", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: HIGHEST_US }), (value) => {
        const theirs = peer([value], 1);
        const middle = theirs.medianEquivalentValue(value);
        expect(same(decoded(peerCompressed(theirs)), countsOf([middle]))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("goes, whatever its range and digits, to the buckets of its middles, with its exact total", () => {
    const layout = fc.record({
      lowest: fc.integer({ min: 1, max: 5000 }),
      highest: fc.integer({ min: 20_000, max: HIGHEST_US }),
      digits: fc.constantFrom(1, 2, 3),
    });
    fc.assert(
      fc.property(layout, values, ({ lowest, highest, digits }, samples) => {
        const theirs = new hdr.Float64Histogram(lowest, highest, digits);
        for (const sample of samples) if (sample <= highest) theirs.recordValueWithCount(sample, 3);
        const expected = newCounts();
        for (let index = 0; index < theirs.countsArrayLength; index++) {
          const middle = theirs.medianEquivalentValue(theirs.valueFromIndex(index));
          if (theirs.getCountAtIndex(index)) expected[indexOf(middle)]! += theirs.getCountAtIndex(index);
        }
        const ours = decoded(peerCompressed(theirs));
        expect(same(ours, expected)).toBe(true);
        expect(totalOf(ours)).toBe(theirs.totalCount);
      }),
      { numRuns: 1000 },
    );
  });

  it("clamps what is above the range, and says how much", () => {
    const theirs = new hdr.Float64Histogram(1, 2 ** 50, 3);
    theirs.recordValueWithCount(2 ** 49, 6);
    theirs.recordValueWithCount(2 ** 32, 1);
    theirs.recordValueWithCount(77, 2);
    const { payload, overRange } = decodeHistogram(peerCompressed(theirs));
    const counts = newCounts();
    addPayload(counts, payload);
    expect(overRange).toBe(7);
    expect(counts[indexOf(HIGHEST_US)]).toBe(7);
    expect(counts[77]).toBe(2);
  });

  it("has its ratio applied", () => {
    const bytes = encodeV2(encodePayload(countsOf([2000])));
    new DataView(bytes.buffer).setFloat64(32, 1000);
    expect(same(decoded(bytes), countsOf([2_004_000]))).toBe(true);
  });

  it("may be written carelessly: split runs, padded numbers, zeros at the end", () => {
    expect(decodeV2(header(new Uint8Array([3, 3, 0, 0x82, 0, 2, 0, 0]))).join()).toBe(
      encodePayload([0, 0, 0, 0, 0, 1, 1]).join(),
    );
  });
});

describe("hostile bytes", () => {
  const good = encodeV2(encodePayload(countsOf([1, 2, 100_000])));
  const edited = (edit: (view: DataView) => void, from = good) => {
    const bytes = from.slice();
    edit(new DataView(bytes.buffer));
    return bytes;
  };

  it.each<[string, Uint8Array, DecodeReason]>([
    ["nothing", new Uint8Array(), "truncated"],
    ["another cookie", edited((view) => view.setUint32(0, 0x1c849301)), "cookie"],
    ["half a header", good.slice(0, 30), "truncated"],
    ["a payload length of 4 GiB", edited((view) => view.setUint32(4, 0xffffffff)), "length"],
    ["a payload length too small", edited((view) => view.setUint32(4, 1)), "length"],
    ["0 digits", edited((view) => view.setUint32(12, 0)), "digits"],
    ["5 digits", edited((view) => view.setUint32(12, 5)), "digits"],
    ["2^31 digits", edited((view) => view.setUint32(12, 2 ** 31)), "digits"],
    ["a lowest value of 0", edited((view) => view.setBigInt64(16, 0n)), "range"],
    ["a negative lowest value", edited((view) => view.setBigInt64(16, -1n)), "range"],
    ["a lowest value of 2^62", edited((view) => view.setBigInt64(16, 2n ** 62n)), "range"],
    ["a highest value of 1", edited((view) => view.setBigInt64(24, 1n)), "range"],
    ["a negative highest value", edited((view) => view.setBigInt64(24, -(2n ** 63n))), "range"],
    ["a ratio of NaN", edited((view) => view.setFloat64(32, Number.NaN)), "ratio"],
    ["a ratio of infinity", edited((view) => view.setFloat64(32, Infinity)), "ratio"],
    ["a negative ratio", edited((view) => view.setFloat64(32, -1)), "ratio"],
    ["a run of 2^53 zeros", header(new Uint8Array([0xff, 255, 255, 255, 255, 255, 255, 0x0f, 2])), "index"],
    ["a run beyond the last bucket", header(new Uint8Array([0xff, 0x7f, 0xff, 0x7f, 2])), "index"],
    ["a number that never ends", header(new Uint8Array(5000).fill(0xff)), "count"],
    ["a number cut off", header(new Uint8Array([2, 0x82])), "truncated"],
    ["a count of 2^63", header(new Uint8Array([0xfe, 255, 255, 255, 255, 255, 255, 255, 255])), "count"],
    ["counts that add up to 2^53", header(encodePayload([Number.MAX_SAFE_INTEGER, 1])), "count"],
    ["a megabyte of zeros", header(new Uint8Array(1_000_000)), "length"],
    [
      "a compressed length of 4 GiB",
      edited((view) => view.setUint32(4, 0xffffffff), encodeV2Compressed(new Uint8Array([2]))),
      "length",
    ],
    ["compressed junk", compressed(Buffer.from("this is not zlib")), "compression"],
    ["200 MiB of zeros, compressed", compressed(bomb()), "compression"],
    ["a compressed encoding in another", compressed(deflateSync(encodeV2Compressed(new Uint8Array([2])))), "cookie"],
  ])("are refused in under 5 ms and 1 MB: %s", (_name, bytes, reason) => {
    expect(reasonOf(bytes)).toBe(reason);
    const cost = costOfRefusing(bytes);
    expect(cost.ms).toBeLessThan(5);
    expect(cost.bytes).toBeLessThan(1_000_000);
  });

  it("are refused by the same rule at the last bucket and one further", () => {
    const run = (zeros: number) => header(encodePayload([...Array.from({ length: zeros }, () => 0), 1]));
    expect(reasonOf(run(COUNTS_LENGTH - 1))).toBe("accepted");
    expect(reasonOf(run(COUNTS_LENGTH))).toBe("index");
  });
});

/** The bytes behind a plain header of our own layout. */
function header(counts: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(40 + counts.length);
  bytes.set(encodeV2(new Uint8Array()).subarray(0, 40));
  bytes.set(counts, 40);
  new DataView(bytes.buffer).setUint32(4, counts.length);
  return bytes;
}

function compressed(zlib: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + zlib.length);
  bytes.set([0x1c, 0x84, 0x93, 0x14]);
  new DataView(bytes.buffer).setUint32(4, zlib.length);
  bytes.set(zlib, 8);
  return bytes;
}

function bomb(): Uint8Array {
  return deflateSync(Buffer.alloc(200 << 20), { level: 9 });
}

function reasonOf(bytes: Uint8Array): DecodeReason | "accepted" {
  try {
    decodeV2(bytes);
    return "accepted";
  } catch (error) {
    if (error instanceof DecodeError) return error.reason;
    throw error;
  }
}

/** The best of several refusals, so that a busy machine or a garbage collection in one of them proves nothing. */
function costOfRefusing(bytes: Uint8Array): { ms: number; bytes: number } {
  const costs = Array.from({ length: 5 }, () => {
    const before = process.memoryUsage();
    const started = performance.now();
    reasonOf(bytes);
    const ms = performance.now() - started;
    const after = process.memoryUsage();
    return { ms, bytes: after.heapUsed - before.heapUsed + after.external - before.external };
  });
  return { ms: Math.min(...costs.map((cost) => cost.ms)), bytes: Math.min(...costs.map((cost) => cost.bytes)) };
}

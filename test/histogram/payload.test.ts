import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addPayload,
  checkPayload,
  COUNTS_LENGTH,
  countAbove,
  countOf,
  DecodeError,
  encodePayload,
  encodeV2,
  HIGHEST_US,
  newCounts,
  totalOf,
} from "@/lib/histogram";
import { countsOf, countsOfPeer, peer, peerCompressed, peerDecode, same } from "./oracle.ts";
import { inflateSync } from "node:zlib";

const values = fc.array(fc.integer({ min: 0, max: HIGHEST_US }), { maxLength: 60 });
const sparse = fc
  .array(
    fc.tuple(
      fc.nat(COUNTS_LENGTH - 1),
      fc.oneof(fc.integer({ min: 1, max: 300 }), fc.bigInt(1n, 2n ** 45n).map(Number)),
    ),
    {
      maxLength: 40,
    },
  )
  .map((pairs) => {
    const counts = newCounts();
    for (const [index, count] of pairs) counts[index] = count;
    return counts;
  });

function decoded(payload: Uint8Array) {
  const counts = newCounts();
  addPayload(counts, payload);
  return counts;
}

describe("a payload", () => {
  it("is byte for byte the counts part of what hdr-histogram-js writes", () => {
    fc.assert(
      fc.property(values, (samples) => {
        const theirs = inflateSync(peerCompressed(peer(samples)).subarray(8)).subarray(40);
        const ours = encodeV2(encodePayload(countsOf(samples))).subarray(40);
        expect(Buffer.from(ours).equals(theirs)).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it("gives back the counts, and passes its own check", () => {
    fc.assert(
      fc.property(sparse, (counts) => {
        const payload = encodePayload(counts);
        expect(same(decoded(payload), counts)).toBe(true);
        expect(checkPayload(payload)).toBe(totalOf(counts));
        expect(countOf(payload)).toBe(totalOf(counts));
      }),
      { numRuns: 2000 },
    );
  });

  it("is no bytes at all without samples", () => {
    expect(encodePayload(newCounts())).toHaveLength(0);
    expect(checkPayload(new Uint8Array())).toBe(0);
  });

  it("counts the samples above a bucket", () => {
    fc.assert(
      fc.property(sparse, fc.integer({ min: -1, max: COUNTS_LENGTH }), (counts, index) => {
        const expected = counts.reduce((sum, count, at) => (at > index ? sum + count : sum), 0);
        expect(countAbove(encodePayload(counts), index)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it("is added from the middle of a larger buffer", () => {
    const payload = encodePayload(countsOf([3, 70_000, 70_000]));
    const buffer = new Uint8Array(payload.length + 20).fill(255);
    buffer.set(payload, 7);
    const counts = newCounts();
    expect(addPayload(counts, buffer, 7, 7 + payload.length)).toBe(3);
    expect(counts).toEqual(countsOf([3, 70_000, 70_000]));
  });

  it("merges to the very counts that hdr-histogram-js merges to", () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 8 }), (parts) => {
        const ours = newCounts();
        const theirs = peer();
        for (const part of parts) {
          addPayload(ours, encodePayload(countsOf(part)));
          theirs.add(peer(part));
        }
        expect(same(ours, countsOfPeer(theirs))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("large counts", () => {
  const large = [2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 52, Number.MAX_SAFE_INTEGER];

  it.each(large)("keeps a count of %d exactly", (count) => {
    const counts = newCounts();
    counts[1000] = count;
    const payload = encodePayload(counts);
    expect(checkPayload(payload)).toBe(count);
    expect(decoded(payload)[1000]).toBe(count);
  });

  it.each(large.slice(0, -1))("writes a count of %d as hdr-histogram-js reads it", (count) => {
    const theirs = peer();
    theirs.recordValueWithCount(5000, count);
    const counts = countsOfPeer(theirs);
    expect(Buffer.from(encodeV2(encodePayload(counts)).subarray(40))).toEqual(
      inflateSync(peerCompressed(theirs).subarray(8)).subarray(40),
    );
    expect(countsOfPeer(peerDecode(peerCompressed(theirs)))).toEqual(counts);
  });

  it("refuses what adds up to more than 2^53 - 1", () => {
    const counts = newCounts();
    counts[5] = Number.MAX_SAFE_INTEGER;
    counts[6] = 1;
    expect(reasonOf(encodePayload(counts))).toBe("count");
  });

  it("refuses 2^63 - 1 and 2^63", () => {
    expect(reasonOf(new Uint8Array([0xfe, 255, 255, 255, 255, 255, 255, 255, 255]))).toBe("count");
    expect(reasonOf(new Uint8Array([0x80, 128, 128, 128, 128, 128, 128, 128, 128, 1]))).toBe("count");
  });
});

describe("a payload that is not in its one form", () => {
  it.each([
    ["a zero at the end", [2, 0]],
    ["a run at the end", [2, 3]],
    ["a run of one", [1, 2]],
    ["two zeros", [0, 0, 2]],
    ["two runs", [3, 3, 2]],
    ["a zero and a run", [0, 3, 2]],
    ["a padded number", [0x82, 0]],
  ])("is refused: %s", (_name, bytes) => {
    expect(reasonOf(new Uint8Array(bytes))).toBe("canonical");
  });

  it("is refused beyond the last bucket, cut off, or far too long", () => {
    const run = encodePayload([...Array.from({ length: COUNTS_LENGTH }, () => 0), 1]);
    expect(reasonOf(run)).toBe("index");
    expect(reasonOf(new Uint8Array([0x80]))).toBe("truncated");
    expect(reasonOf(new Uint8Array(8 * COUNTS_LENGTH + 1))).toBe("length");
  });
});

function reasonOf(bytes: Uint8Array): string {
  try {
    checkPayload(bytes);
  } catch (error) {
    if (error instanceof DecodeError) return error.reason;
    throw error;
  }
  return "accepted";
}

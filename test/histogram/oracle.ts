import * as hdr from "hdr-histogram-js";
import { COUNTS_LENGTH, HIGHEST_US, newCounts, type Counts, indexOf } from "@/lib/histogram";

/** An hdr-histogram-js histogram in our layout, with 64-bit counts. */
export function peer(values: Iterable<number> = [], digits: 1 | 2 | 3 = 2): hdr.Float64Histogram {
  const histogram = new hdr.Float64Histogram(1, HIGHEST_US, digits);
  for (const value of values) histogram.recordValue(value);
  return histogram;
}

/** What hdr-histogram-js counted, bucket by bucket. */
export function countsOfPeer(histogram: hdr.Float64Histogram): Counts {
  const counts = newCounts();
  for (let index = 0; index < COUNTS_LENGTH; index++) counts[index] = histogram.getCountAtIndex(index);
  return counts;
}

/** What hdr-histogram-js writes, compressed. */
export function peerCompressed(histogram: hdr.Histogram): Uint8Array {
  return new Uint8Array(Buffer.from(hdr.encodeIntoCompressedBase64(histogram), "base64"));
}

/** What hdr-histogram-js reads from a compressed encoding. */
export function peerDecode(bytes: Uint8Array): hdr.Float64Histogram {
  return hdr.decodeFromCompressedBase64(Buffer.from(bytes).toString("base64"), 64) as hdr.Float64Histogram;
}

/** What hdr-histogram-js reads from a plain encoding. Its types leave `decode` out, its own code calls it. */
export function peerDecodePlain(bytes: Uint8Array): hdr.Float64Histogram {
  const { decode } = hdr.JsHistogram as unknown as { decode(data: Uint8Array, bits: 64): hdr.Float64Histogram };
  return decode(bytes, 64);
}

export function countsOf(values: Iterable<number>): Counts {
  const counts = newCounts();
  for (const value of values) counts[indexOf(value)]!++;
  return counts;
}

/** The exact value that HdrHistogram's percentile stands for: the ⌈q·n⌉th smallest sample. */
export function exactPercentile(sorted: readonly number[], q: number): number {
  const rank = Math.max(1, Math.ceil((q / 100) * sorted.length - 1e-9));
  return sorted[rank - 1]!;
}

/** Whether two arrays of counts are the same, bit for bit. (`toEqual` takes 10 ms for arrays of this size.) */
export function same(a: Float64Array, b: Float64Array): boolean {
  return Buffer.from(a.buffer).equals(Buffer.from(b.buffer));
}

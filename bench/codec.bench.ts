import {
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  Float64Histogram,
  JsHistogram,
} from "hdr-histogram-js";
import {
  checkPayload,
  decodeV2,
  encodePayload,
  encodeV2,
  encodeV2Compressed,
  indexOf,
  newCounts,
} from "@/lib/histogram";
import { decodeBatch, decodeTrustedBatch, encodeBatch, encodeBatchInSlices } from "@/lib/wire";
import { cpuNs, medians, type Row, short } from "./rounds.ts";
import { latencies } from "./samples.ts";
import { recordWindow, source } from "./windows.ts";

const { decode } = JsHistogram as unknown as { decode(data: Uint8Array, bits: 64): Float64Histogram };

function micros(times: number, work: () => unknown): () => number {
  return () =>
    cpuNs(() => {
      for (let at = 0; at < times; at++) work();
    }) /
    times /
    1000;
}

function ofOneHistogram(samples: number): Row[] {
  const counts = newCounts();
  const theirs = new Float64Histogram(1, 3_600_000_000, 2);
  for (const value of latencies(samples)) {
    counts[indexOf(value)]!++;
    theirs.recordValue(value);
  }
  const payload = encodePayload(counts);
  const plain = encodeV2(payload);
  const compressed = encodeV2Compressed(payload);
  const base64 = Buffer.from(compressed).toString("base64");
  const found = medians(
    {
      "encode to a payload": micros(2000, () => encodePayload(counts)),
      "check a payload": micros(2000, () => checkPayload(payload)),
      "decode untrusted V2, plain": micros(2000, () => decodeV2(plain)),
      "decode untrusted V2, compressed": micros(300, () => decodeV2(compressed)),
      "hdr-histogram-js: encode compressed": micros(300, () => encodeIntoCompressedBase64(theirs)),
      "hdr-histogram-js: decode plain": micros(300, () => decode(plain, 64)),
      "hdr-histogram-js: decode compressed": micros(300, () => decodeFromCompressedBase64(base64, 64)),
    },
    5,
  );
  return Object.entries(found).map(([what, us]) => ({
    what,
    of: `${samples} samples`,
    bytes: payload.length,
    us: short(us, 2),
  }));
}

function ofOneBatch(series: number, endpoints: number): Row[] {
  const work = encodeBatchInSlices(recordWindow({ series, endpoints }), source);
  let step = work.next();
  while (!step.done) step = work.next();
  const bytes = step.value;
  const batch = decodeTrustedBatch(bytes);
  const found = medians({
    "encode a batch": micros(10, () => encodeBatch(batch)),
    "decode an untrusted batch": micros(10, () => decodeBatch(bytes)),
    "decode a trusted batch": micros(10, () => decodeTrustedBatch(bytes)),
  });
  return Object.entries(found).map(([what, us]) => ({
    what,
    of: `${endpoints} endpoints, ${series} user series`,
    bytes: bytes.length,
    us: short(us, 0),
  }));
}

export default async function bench(): Promise<Row[]> {
  return [...[1, 20, 1000, 100_000].flatMap(ofOneHistogram), ...ofOneBatch(2_000, 50), ...ofOneBatch(10_000, 200)];
}

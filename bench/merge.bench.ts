import { decodeFromCompressedBase64, Float64Histogram, JsHistogram } from "hdr-histogram-js";
import { addPayload, encodePayload, encodeV2, encodeV2Compressed, indexOf, newCounts } from "@/lib/histogram";
import { cpuNs, medians, type Row, short } from "./rounds.ts";
import { latencies } from "./samples.ts";

const HISTOGRAMS = 10_000;
const HIGHEST = 3_600_000_000;

function payloads(samples: number): Uint8Array[] {
  const values = latencies(HISTOGRAMS * samples);
  return Array.from({ length: HISTOGRAMS }, (_, at) => {
    const counts = newCounts();
    for (let each = 0; each < samples; each++) counts[indexOf(values[at * samples + each]!)]!++;
    return encodePayload(counts);
  });
}

/** Its types leave `decode` out; its own `decodeFromCompressedBase64` calls it. */
const { decode } = JsHistogram as unknown as { decode(data: Uint8Array, bits: 64): Float64Histogram };

function perHistogram(work: () => void): () => number {
  return () => cpuNs(work) / HISTOGRAMS;
}

function mergeAll(samples: number): Row[] {
  const encoded = payloads(samples);
  const plain = encoded.map(encodeV2);
  const base64 = encoded.map((payload) => Buffer.from(encodeV2Compressed(payload)).toString("base64"));
  const found = medians(
    {
      "tailfill, from payloads": perHistogram(() => {
        const into = newCounts();
        for (const payload of encoded) addPayload(into, payload);
      }),
      "hdr-histogram-js, plain": perHistogram(() => {
        const into = new Float64Histogram(1, HIGHEST, 2);
        for (const bytes of plain) into.add(decode(bytes, 64));
      }),
      "hdr-histogram-js, compressed base64": perHistogram(() => {
        const into = new Float64Histogram(1, HIGHEST, 2);
        for (const text of base64) into.add(decodeFromCompressedBase64(text, 64) as Float64Histogram);
      }),
    },
    5,
  );
  const ours = found["tailfill, from payloads"]!;
  return Object.entries(found).map(([what, ns]) => ({
    what,
    samples,
    nsPerHistogram: short(ns, 0),
    thousandsPerSecond: short(1e6 / ns, 0),
    timesOurs: short(ns / ours),
  }));
}

export default async function bench(): Promise<Row[]> {
  return [1, 20, 1000].flatMap(mergeAll);
}

import { COUNTS_LENGTH, type Counts, encodePayload, indexOf, newCounts, type Payload } from "../lib/histogram/index.ts";
import { OUTCOMES } from "../lib/wire/index.ts";
import { seeded, shapes } from "./samples.ts";

const SHAPE_SAMPLES = 2_000_000;
/** From here on a normal distribution stands for the one of Poisson. */
const MANY = 50;

const random = seeded(11);
const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function shapeOf(draw: () => number): Counts {
  const counts = newCounts();
  for (let n = 0; n < SHAPE_SAMPLES; n++) counts[indexOf(draw())]!++;
  return counts;
}

/** Latencies of an endpoint by outcome: what part of the requests has it, and how long they take. */
export interface Traffic {
  name: string;
  parts: { outcome: number; share: number; shape: Counts }[];
}

/** Nearly all are well; clients' mistakes are found soon; what fails or is given up took as long as the rest, or longer. */
export function trafficOf(name: string, sigma: number): Traffic {
  const lognormal = (medianUs: number) =>
    shapeOf(() => Math.max(1, Math.min(3_600_000_000, Math.round(medianUs * Math.exp(sigma * gauss())))));
  const usual = lognormal(20_000);
  return { name, parts: mixOf({ usual, soon: lognormal(4_000), late: lognormal(60_000) }) };
}

function mixOf({ usual, soon, late }: Record<"usual" | "soon" | "late", Counts>): Traffic["parts"] {
  return [
    { outcome: OUTCOMES.indexOf("ok"), share: 0.97, shape: usual },
    { outcome: OUTCOMES.indexOf("client_error"), share: 0.02, shape: soon },
    { outcome: OUTCOMES.indexOf("server_error"), share: 0.005, shape: usual },
    { outcome: OUTCOMES.indexOf("aborted"), share: 0.005, shape: late },
  ];
}

/** Cache hits around 2 ms and one miss in ten around 300 ms, in the same mix of outcomes. */
export function bimodalTraffic(): Traffic {
  const shape = shapeOf(() => shapes["bimodal"]!(random));
  return { name: "bimodal", parts: mixOf({ usual: shape, soon: shape, late: shape }) };
}

function poisson(mean: number): number {
  if (mean > MANY) return Math.max(0, Math.round(mean + Math.sqrt(mean) * gauss()));
  let [count, chance] = [0, Math.exp(-mean)];
  for (let left = random() - chance; left > 0 && count < 1_000; left -= chance) chance *= mean / ++count;
  return count;
}

const scratch = newCounts();

/** A window with about so many requests. */
export function drawWindow({ parts }: Traffic, requests: number): { outcome: number; payload: Payload }[] {
  return parts
    .map(({ outcome, share, shape }) => {
      const scale = (requests * share) / SHAPE_SAMPLES;
      for (let index = 0; index < COUNTS_LENGTH; index++)
        scratch[index] = shape[index] === 0 ? 0 : poisson(shape[index]! * scale);
      return { outcome, payload: encodePayload(scratch) };
    })
    .filter(({ payload }) => payload.length > 0);
}

/**
 * The bytes that no lossless code of such windows goes below on average, whoever knows the distribution beforehand: the
 * entropy of independent Poisson counts.
 */
export function leastBytes({ parts }: Traffic, requests: number): number {
  let bits = 0;
  for (const { share, shape } of parts)
    for (const samples of shape) if (samples > 0) bits += poissonBits((samples * requests * share) / SHAPE_SAMPLES);
  return bits / 8;
}

function poissonBits(mean: number): number {
  if (mean > MANY) return Math.log2(2 * Math.PI * Math.E * mean) / 2;
  let bits = 0;
  let logChance = -mean;
  for (let count = 0; count < mean + 12 * Math.sqrt(mean) + 12; count++) {
    bits -= (Math.exp(logChance) * logChance) / Math.LN2;
    logChance += Math.log(mean / (count + 1));
  }
  return bits;
}

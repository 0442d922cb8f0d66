import {
  addPayload,
  checkPayload,
  countOf,
  DecodeError,
  decodeV2,
  encodePayload,
  newCounts,
  totalOf,
} from "@/lib/histogram";
import { type Draw, mutated, seeds } from "./mutate.ts";

const SEEDS = 999;

export interface Findings {
  accepted: number;
  /** Refusals by reason. */
  refused: Record<string, number>;
  /** Inputs, in hex, that were answered with anything but counts or a `DecodeError`. Empty when all is well. */
  wrong: string[];
}

/** Hands mutated encodings to the decoders. Whatever they accept must be a payload in its one form. */
export function fuzz({ cases, random }: { cases: number; random: () => number }): Findings {
  const draw: Draw = (limit) => Math.floor(random() * limit);
  const findings: Findings = { accepted: 0, refused: {}, wrong: [] };
  const from = seeds(draw, SEEDS);
  for (let at = 0; at < cases; at++) {
    const seed = from[at % SEEDS]!;
    const bytes = mutated(seed.bytes, draw);
    judge(bytes, seed.form === "V2" ? () => decodeV2(bytes) : () => checked(bytes), findings);
  }
  return findings;
}

function judge(bytes: Uint8Array, decode: () => Uint8Array, findings: Findings): void {
  try {
    if (isCanonical(decode())) findings.accepted++;
    else findings.wrong.push(hex(bytes));
  } catch (error) {
    if (error instanceof DecodeError) findings.refused[error.reason] = (findings.refused[error.reason] ?? 0) + 1;
    else findings.wrong.push(`${String(error)}: ${hex(bytes)}`);
  }
}

function checked(bytes: Uint8Array): Uint8Array {
  checkPayload(bytes);
  return bytes;
}

const counts = newCounts();

function isCanonical(payload: Uint8Array): boolean {
  counts.fill(0);
  const total = addPayload(counts, payload);
  const again = encodePayload(counts);
  const isSame = hex(again) === hex(payload);
  return isSame && Number.isSafeInteger(total) && total === countOf(payload) && total === totalOf(counts);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

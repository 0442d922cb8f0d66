import { COUNTS_LENGTH, encodePayload, encodeV2, encodeV2Compressed, newCounts } from "@/lib/histogram";

/** A pseudo-random number below `limit` each time; the same ones for the same seed. */
export type Draw = (limit: number) => number;

/** Numbers that have broken decoders before. */
const NASTY = [0x00, 0x01, 0x7f, 0x80, 0x81, 0xfe, 0xff];

/** Valid bytes, and which decoder they are for. */
export interface Seed {
  bytes: Uint8Array;
  form: "payload" | "V2";
}

/** Valid payloads, plain encodings and compressed encodings: what the mutations start from. */
export function seeds(draw: Draw, count: number): Seed[] {
  return Array.from({ length: count }, (_, at): Seed => {
    const payload = randomPayload(draw);
    if (at % 3 === 0) return { bytes: payload, form: "payload" };
    return { bytes: at % 3 === 1 ? encodeV2(payload) : encodeV2Compressed(payload), form: "V2" };
  });
}

function randomPayload(draw: Draw): Uint8Array {
  const counts = newCounts();
  for (let left = draw(30); left > 0; left--) counts[draw(COUNTS_LENGTH)] = draw(4) ? 1 + draw(300) : 2 ** draw(53);
  return encodePayload(counts);
}

/** The bytes with one to six things done to them: changed, cut out, doubled, cut off, or overwritten with a nasty run. */
export function mutated(bytes: Uint8Array, draw: Draw): Uint8Array {
  let result = Array.from(bytes);
  for (let times = 1 + draw(6); times > 0; times--) result = mutatedOnce(result, draw);
  return draw(3) ? withTrueLength(Uint8Array.from(result)) : Uint8Array.from(result);
}

/** Most mutations change the length, and a decoder that looks no further than that would seem to be safe. */
function withTrueLength(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 8) return bytes;
  const view = new DataView(bytes.buffer);
  const cookie = view.getUint32(0);
  if (cookie === 0x1c849313) view.setUint32(4, Math.max(bytes.length - 40, 0));
  if (cookie === 0x1c849314) view.setUint32(4, bytes.length - 8);
  return bytes;
}

function mutatedOnce(bytes: number[], draw: Draw): number[] {
  const at = draw(bytes.length + 1);
  const length = 1 + draw(9);
  const nasty = Array.from({ length }, () => NASTY[draw(NASTY.length)]!);
  switch (draw(6)) {
    case 0:
      return bytes.toSpliced(at, 1, draw(256));
    case 1:
      return bytes.toSpliced(at, length);
    case 2:
      return bytes.toSpliced(at, 0, ...bytes.slice(at, at + length));
    case 3:
      return bytes.slice(0, at);
    case 4:
      return bytes.toSpliced(at, length, ...nasty);
    default:
      return bytes.toSpliced(at, 0, ...nasty);
  }
}

import { createCipheriv, hkdfSync, timingSafeEqual } from "node:crypto";

/**
 * AES-SIV (RFC 5297): authenticated encryption without a nonce. The same text under the same key gives the same bytes,
 * and nothing else about the text can be seen but its length.
 */
export class AesSiv {
  readonly #mac: Cmac;
  readonly #ctrKey: Uint8Array;
  readonly #bits: number;
  /** S2V's state after the associated data, which is the same for all texts. */
  readonly #start: Buffer;

  /** @param key 32, 48 or 64 bytes: one half authenticates, the other encrypts */
  constructor(key: Uint8Array, associated: readonly Uint8Array[] = []) {
    const half = key.length / 2;
    if (![16, 24, 32].includes(half)) throw new RangeError("an AES-SIV key has 32, 48 or 64 bytes");
    this.#bits = half * 8;
    this.#mac = new Cmac(key.subarray(0, half));
    this.#ctrKey = key.subarray(half);
    this.#start = associated.reduce<Buffer>(
      (state, data) => xor(double(state), this.#mac.of(data)),
      this.#mac.of(new Uint8Array(16)),
    );
  }

  /** The 16-byte synthetic vector, then the ciphertext, as long as the text. */
  seal(text: Uint8Array): Buffer {
    const vector = this.#vectorOf(text);
    return Buffer.concat([vector, this.#ctr(vector, text)]);
  }

  /** The text, or null when the bytes were not sealed with this key and associated data, or were altered. */
  open(sealed: Uint8Array): Buffer | null {
    if (sealed.length < 16) return null;
    const vector = sealed.subarray(0, 16);
    const text = this.#ctr(vector, sealed.subarray(16));
    return timingSafeEqual(vector, this.#vectorOf(text)) ? text : null;
  }

  #vectorOf(text: Uint8Array): Buffer {
    if (text.length < 16) return this.#mac.of(xor(double(this.#start), padded(text)));
    const last = Buffer.from(text);
    for (let i = 0, at = last.length - 16; i < 16; i++) last[at + i]! ^= this.#start[i]!;
    return this.#mac.of(last);
  }

  #ctr(vector: Uint8Array, text: Uint8Array): Buffer {
    const counter = Buffer.from(vector);
    counter[8]! &= 0x7f;
    counter[12]! &= 0x7f;
    return createCipheriv(`aes-${this.#bits}-ctr`, this.#ctrKey, counter).update(text);
  }
}

/** CMAC (RFC 4493): the last block of AES-CBC over the text, its own last block masked with a subkey. */
class Cmac {
  readonly #key: Uint8Array;
  readonly #whole: Buffer;
  readonly #part: Buffer;

  constructor(key: Uint8Array) {
    this.#key = key;
    this.#whole = double(this.#lastBlock(Buffer.alloc(16)));
    this.#part = double(this.#whole);
  }

  of(text: Uint8Array): Buffer {
    const tail = text.length === 0 ? 0 : ((text.length - 1) & ~15) >>> 0;
    const last = text.subarray(tail);
    const masked = last.length === 16 ? xor(last, this.#whole) : xor(padded(last), this.#part);
    return this.#lastBlock(Buffer.concat([text.subarray(0, tail), masked]));
  }

  #lastBlock(blocks: Uint8Array): Buffer {
    const cipher = createCipheriv(`aes-${this.#key.length * 8}-cbc`, this.#key, ZERO_BLOCK).setAutoPadding(false);
    return cipher.update(blocks).subarray(-16);
  }
}

const ZERO_BLOCK = Buffer.alloc(16);

/** Multiplies by x in GF(2^128). */
function double(block: Uint8Array): Buffer {
  const out = Buffer.alloc(16);
  for (let i = 0; i < 16; i++) out[i] = (block[i]! << 1) | (i < 15 ? block[i + 1]! >>> 7 : 0);
  if (block[0]! & 0x80) out[15]! ^= 0x87;
  return out;
}

function xor(a: Uint8Array, b: Uint8Array): Buffer {
  const out = Buffer.alloc(16);
  for (let i = 0; i < 16; i++) out[i] = a[i]! ^ b[i]!;
  return out;
}

/** A 1 bit, then zeros up to a block. */
function padded(part: Uint8Array): Buffer {
  const out = Buffer.alloc(16);
  out.set(part);
  out[part.length] = 0x80;
  return out;
}

/** A 64-byte AES-SIV key from a secret of any length, used for nothing but `purpose`. */
export function deriveSivKey(secret: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, new Uint8Array(0), purpose, 64));
}

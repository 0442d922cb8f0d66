import { createHash, randomInt } from "node:crypto";
import { crc32 } from "node:zlib";

/**
 * The look of an API key: `tf_`, 40 random characters (238 bits), and the CRC-32 of those 40 in base 62, so that a
 * mistyped key costs no query and a scanner can tell a real one from a likeness. docs/api-keys.md has vectors.
 */
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PREFIX = "tf_";
const RANDOM_CHARACTERS = 40;
const CHECK_CHARACTERS = 6;
const SHAPE = /^tf_[A-Za-z0-9]{46}$/;
/** How much of a key may be shown again, to tell keys apart: far too little to guess the rest. */
const HINT_CHARACTERS = PREFIX.length + 4;

/** A new key. The caller shows it once and keeps only its hash. */
export function newApiKey(): string {
  const random = Array.from({ length: RANDOM_CHARACTERS }, () => DIGITS.charAt(randomInt(DIGITS.length))).join("");
  return PREFIX + random + checkOf(random);
}

/** Whether the text has the shape of a key and its last 6 characters are the check of the 40 before. */
export function isApiKey(text: string): boolean {
  if (!SHAPE.test(text)) return false;
  const end = text.length - CHECK_CHARACTERS;
  return checkOf(text.slice(PREFIX.length, end)) === text.slice(end);
}

/** SHA-256 of the key: all that is ever stored of it (a slow hash buys nothing above 112 random bits). */
export function hashOfKey(key: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(key).digest());
}

export function hintOfKey(key: string): string {
  return key.slice(0, HINT_CHARACTERS);
}

/** CRC-32 (ISO-HDLC, as zlib's) of ASCII text in base 62, left-padded with `0` to 6 characters (62⁶ > 2³²). */
export function checkOf(random: string): string {
  let text = "";
  for (let rest = crc32(random); rest > 0; rest = Math.floor(rest / 62)) text = DIGITS.charAt(rest % 62) + text;
  return text.padStart(CHECK_CHARACTERS, "0");
}

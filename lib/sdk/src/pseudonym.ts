import { AesSiv, deriveSivKey } from "./aes-siv.ts";
import { parsePseudonymKey } from "./pseudonym-key.ts";

/** Sealed ids start with this: it names the scheme, so that another one can come later. */
export const SEALED_PREFIX = "s1_";

/** Longer ids are cut before sealing: a name keeps 256 characters on the wire, and a cut seal could not be opened. */
const LONGEST_ID_BYTES = 172;
const PURPOSE = "tailfill user pseudonym 1";
const SEALED_FORM = /^s1_[A-Za-z0-9_-]{22,}$/;

/**
 * Seals a user's id: the same id and key always give the same text (so that the server can count by it), and only
 * `openUser` with that key gives the id back. The text is URL-safe, 25 characters for an id of 0 bytes and 4 more for
 * every 3 bytes. An id above 172 bytes is cut to that.
 *
 * @throws TypeError when the key is not one
 */
export function sealUser(key: string | Uint8Array, id: string): string {
  return new Sealer(key).seal(id);
}

/**
 * The id that `sealUser` sealed, or null when this text is not the work of this key.
 *
 * @throws TypeError when the key is not one
 */
export function openUser(key: string | Uint8Array, sealed: string): string | null {
  return new Sealer(key).open(sealed);
}

/** Seals with one key; for the hot path, with the ids that came lately kept at hand. */
export class Sealer {
  readonly #siv: AesSiv;
  readonly #half: number;
  #recent = new Map<string, string>();
  #older = new Map<string, string>();

  /** @param remembered at most so many ids are kept at hand */
  constructor(key: string | Uint8Array, remembered = 20_000) {
    this.#siv = new AesSiv(deriveSivKey(parsePseudonymKey(key), PURPOSE));
    this.#half = Math.max(1, remembered / 2);
  }

  seal(id: string): string {
    const known = this.#recent.get(id);
    if (known !== undefined) return known;
    const sealed = this.#older.get(id) ?? this.#sealAnew(id);
    this.#remember(id, sealed);
    return sealed;
  }

  open(sealed: string): string | null {
    if (!SEALED_FORM.test(sealed)) return null;
    const bytes = Buffer.from(sealed.slice(SEALED_PREFIX.length), "base64url");
    return this.#siv.open(bytes)?.toString("utf8") ?? null;
  }

  #sealAnew(id: string): string {
    const text = this.#siv.seal(cut(Buffer.from(id, "utf8")));
    return SEALED_PREFIX + text.toString("base64url");
  }

  /** Two generations instead of a list by use: an id that still comes is carried over, and nothing is moved per call. */
  #remember(id: string, sealed: string): void {
    if (this.#recent.size >= this.#half) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(id, sealed);
  }
}

/** At most the longest id, without half a character at its end. */
function cut(bytes: Buffer): Buffer {
  if (bytes.length <= LONGEST_ID_BYTES) return bytes;
  let end = LONGEST_ID_BYTES;
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

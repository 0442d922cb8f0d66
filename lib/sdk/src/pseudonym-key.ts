const SHORTEST = 32;

/**
 * The bytes of a pseudonym key: at least 32 random ones, as bytes, hex or base64 (either alphabet).
 *
 * @throws TypeError for anything else, a passphrase above all: user ids are few and guessable, so a key that can be
 * guessed opens all of them
 */
export function parsePseudonymKey(key: unknown): Uint8Array {
  const bytes = typeof key === "string" ? fromText(key.trim()) : key;
  if (!(bytes instanceof Uint8Array)) throw refusal("it is neither base64 nor hex; a passphrase will not do");
  if (bytes.length < SHORTEST) throw refusal(`it has only ${bytes.length} bytes`);
  if (new Set(bytes).size < SHORTEST / 4) throw refusal("its bytes repeat");
  return bytes;
}

function refusal(why: string): TypeError {
  return new TypeError(
    `pseudonymKey must be at least ${SHORTEST} random bytes as base64 or hex, and ${why}. ` +
      `Make one with: node -p "crypto.randomBytes(32).toString('base64')"`,
  );
}

function fromText(text: string): Uint8Array | null {
  if (/^([0-9a-f]{2})+$/i.test(text)) return Buffer.from(text, "hex");
  // Random base64 of this length has letters of both cases; words run together mostly have not.
  const random = /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text);
  return random ? Buffer.from(text, "base64") : null;
}

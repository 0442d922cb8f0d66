import { createHash } from "node:crypto";

/** Longer keys are replaced by a hash: some stores take no more than 255 bytes. */
const LONGEST_KEY = 150;

/** Where a definition's values are: what its keys begin with, so that no two definitions, or versions of one, share a key. */
export function keyPrefix(name: string, version: string): string {
  // Encoded, a name has no colon: "a:b" + "c" and "a" + "b:c" stay apart.
  const prefix = `tailfill:${encodeURIComponent(name)}:${encodeURIComponent(version)}`;
  return prefix.length <= LONGEST_KEY ? prefix : `tailfill:${hash(prefix)}`;
}

/**
 * The key of a value in the store. Throws a TypeError for a key that is no text or empty: a definition whose key forgets the
 * user would hand one user's value to all.
 */
export function storeKey(prefix: string, key: unknown): string {
  if (typeof key !== "string" || key === "") throw new TypeError("key(user) must return a text that is not empty");
  // Braces group keys in a Redis cluster; ours are put there by us alone. Control characters are not for every store.
  const plain = key.length <= LONGEST_KEY && !UNSAFE.test(key);
  // "=" never begins a plain key's part: a hash and a key that looks like one stay apart.
  return plain ? `${prefix}:.${key}` : `${prefix}:=${hash(key)}`;
}

const UNSAFE = /[{}\s\p{Cc}\p{Surrogate}]/u;

// No definition can be named so: in a name, "#" is encoded.
const TAGS = "tailfill:#tag";

/** What an invalidation by this tag is known by, in all definitions of a store. */
export function tagKey(tag: unknown): string {
  return storeKey(TAGS, tag);
}

function hash(text: string): string {
  return createHash("sha256").update(text, "utf16le").digest("base64url");
}

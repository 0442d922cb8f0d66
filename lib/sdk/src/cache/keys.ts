import { createHash } from "node:crypto";

/** Longer keys are hashed: with what BentoCache and we put before them they stay below the 255 that some stores take. */
const LONGEST_KEY = 180;
const LONGEST_PREFIX = 100;

/** What the keys of a definition begin with, so that no two definitions, and no two versions of one, share a key. */
export function keyPrefix(name: string, version: string): string {
  // Encoded, a name has no colon: "a:b" + "c" and "a" + "b:c" stay apart. Nor has it "=", as a hash has here.
  const prefix = `tailfill:${encodeURIComponent(name)}:${encodeURIComponent(version)}`;
  return prefix.length <= LONGEST_PREFIX ? prefix : `tailfill:=${hash(prefix)}`;
}

/**
 * The key of a value in the store. Throws a TypeError for a key that is no text or empty: a definition whose key forgets the
 * user would hand one user's value to all.
 */
export function storeKey(prefix: string, key: unknown): string {
  if (typeof key !== "string" || key === "") throw new TypeError("key(user) must return a text that is not empty");
  const plain = `${prefix}:.${key}`;
  return plain.length <= LONGEST_KEY && PLAIN.test(key) ? plain : `${prefix}:=${hash(key)}`;
}

/** What every store takes in a key. Braces are not in it: they group keys in a Redis cluster, and we put them there. */
const PLAIN = /^[\w.:@|+~-]*$/;

// No definition can be named so: in a name, "#" is encoded.
const TAGS = "tailfill:#tag";

/** What an invalidation by this tag is known by, in all definitions of a store. */
export function tagKey(tag: unknown): string {
  return storeKey(TAGS, tag);
}

function hash(text: string): string {
  return createHash("sha256").update(text, "utf16le").digest("base64url");
}

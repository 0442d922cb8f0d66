import fc from "fast-check";
import { expect, test } from "vitest";
import { checkOf, hashOfKey, isApiKey, newApiKey } from "@/lib/key-format";

// The CRCs were computed by Python's zlib.crc32 and written in base 62 by repeated division there.
const VECTORS = [
  ["0000000000000000000000000000000000000000", "2kaqcA"],
  ["abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN", "2a8zJO"],
  ["Zq3mB7xK0vR5tY8wE2uI4oP6aS9dF1gH3jL5zX7c", "3hSmSt"],
] as const;

test.each(VECTORS)("the check of %s is %s", (random, check) => {
  expect(checkOf(random)).toBe(check);
  expect(isApiKey(`tf_${random}${check}`)).toBe(true);
});

test("a new key has the shape, checks out, and is another each time", () => {
  const keys = Array.from({ length: 200 }, newApiKey);
  for (const key of keys) {
    expect(key).toMatch(/^tf_[A-Za-z0-9]{46}$/);
    expect(isApiKey(key)).toBe(true);
  }
  expect(new Set(keys).size).toBe(200);
});

test("one changed character makes any key invalid", () => {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  fc.assert(
    fc.property(fc.nat(45), fc.nat(60), (position, step) => {
      const key = newApiKey();
      const at = position + 3;
      const changed = alphabet[(alphabet.indexOf(key[at] ?? "") + 1 + step) % 62];
      return !isApiKey(key.slice(0, at) + changed + key.slice(at + 1));
    }),
    { numRuns: 2_000 },
  );
});

test.each(["", "tf_", "tf_short", "xx_" + "0".repeat(46), newApiKey() + "0", " " + newApiKey(), newApiKey() + "\n"])(
  "%j is no key",
  (text) => expect(isApiKey(text)).toBe(false),
);

test("the hash is the SHA-256 of the whole key", () => {
  // printf 'tf_test' | sha256sum
  expect(Buffer.from(hashOfKey("tf_test")).toString("hex")).toBe(
    "caf63824b113b6c8522e4552c6db58a9a38242c8d0c3460b6a9a140b791e0b42",
  );
});

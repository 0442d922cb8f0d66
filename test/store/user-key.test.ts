import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { highOf, keyOf, lowOf, OTHER_USERS_KEY, userKey } from "@/lib/store/user-key";
import { OTHER_USERS } from "@/lib/wire/names";

test("a key is the first 8 bytes of SHA-256 over service and user id, signed", () => {
  const hash = createHash("sha256").update(Buffer.from("shop\x0042")).digest("hex").slice(0, 16);
  expect(userKey("shop", "42")).toBe(BigInt.asIntN(64, BigInt(`0x${hash}`)));
});

test("the border between service and user counts", () => {
  expect(userKey("shop4", "2")).not.toBe(userKey("shop", "42"));
});

test("(other users) has the key 0, in every service", () => {
  expect([userKey("shop", OTHER_USERS), userKey("forum", OTHER_USERS)]).toEqual([OTHER_USERS_KEY, 0n]);
});

test("halves make the key again", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (key) => {
      expect(keyOf(highOf(key), lowOf(key))).toBe(key);
    }),
  );
});

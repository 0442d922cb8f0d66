import { expect, test } from "vitest";
import { ownAddress } from "@/lib/auth/own-address";

test.each(["/", "/settings/keys", "/endpoints/7?range=1h&x=%2F%2Fevil", "/a#b", "/users/%5Cevil"])(
  "%s is a place of this server",
  (to) => expect(ownAddress(to)).toBe(to),
);

test.each([
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "evil",
  "",
  "/ü",
  undefined,
  ["/a", "/b"],
  7,
])("%j leads to the start", (to) => expect(ownAddress(to)).toBe("/"));

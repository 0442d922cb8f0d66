import { expect, test } from "vitest";
import { seal, unseal } from "@/lib/alerts/delivery/sealed";

const SECRET = "a secret of a test, with more than 32 bytes";
const secrets = { url: "https://example.com/hook?token=ä", signing: [{ secret: "whsec_x", untilMs: null }] };

test("what is sealed opens, shows nothing, and is never the same", () => {
  const sealed = seal(secrets, "r1", SECRET);
  expect(unseal(sealed, "r1", SECRET)).toEqual(secrets);
  expect(Buffer.from(sealed.slice(2), "base64url").toString("latin1")).not.toContain("example");
  expect(seal(secrets, "r1", SECRET)).not.toBe(sealed);
});

test.each([
  ["by another secret", (sealed: string) => unseal(sealed, "r1", `${SECRET}.`)],
  ["in another receiver's row", (sealed: string) => unseal(sealed, "r2", SECRET)],
  ["when it was changed", (sealed: string) => unseal(`${sealed.slice(0, -2)}AA`, "r1", SECRET)],
  ["when it was cut", (sealed: string) => unseal(sealed.slice(0, 20), "r1", SECRET)],
  ["when it is nothing", () => unseal("", "r1", SECRET)],
])("it does not open %s", (_, open) => expect(open(seal(secrets, "r1", SECRET))).toBeNull());

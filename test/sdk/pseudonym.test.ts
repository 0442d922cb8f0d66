import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { AesSiv } from "@/lib/sdk/src/aes-siv";
import { openUser, Sealer, sealUser } from "@/lib/sdk/src/pseudonym";
import { parsePseudonymKey } from "@/lib/sdk/src/pseudonym-key";

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ""), "hex");
const key = randomBytes(32).toString("base64");

describe("AES-SIV against the vectors of RFC 5297", () => {
  it("A.1, deterministic", () => {
    const siv = new AesSiv(hex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0 f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"), [
      hex("101112131415161718191a1b1c1d1e1f2021222324252627"),
    ]);
    const text = hex("112233445566778899aabbccddee");
    const sealed = siv.seal(text);
    expect(sealed.toString("hex")).toBe("85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c");
    expect(siv.open(sealed)).toEqual(text);
  });

  it("A.2, several associated data, a text longer than a block", () => {
    const siv = new AesSiv(hex("7f7e7d7c7b7a79787776757473727170 404142434445464748494a4b4c4d4e4f"), [
      hex("00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100"),
      hex("102030405060708090a0"),
      hex("09f911029d74e35bd84156c5635688c0"),
    ]);
    const text = Buffer.from("this is some plaintext to encrypt using SIV-AES");
    const sealed = siv.seal(text);
    expect(sealed.toString("hex")).toBe(
      "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d",
    );
    expect(siv.open(sealed)).toEqual(text);
  });

  it("opens what it sealed, for all texts and key sizes, and nothing that was altered", () => {
    const text = fc.uint8Array({ maxLength: 70 });
    fc.assert(
      fc.property(
        text,
        fc.constantFrom(32, 48, 64),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (bytes, size, at, flip) => {
          const siv = new AesSiv(randomBytes(size));
          const sealed = siv.seal(bytes);
          expect(siv.open(sealed)).toEqual(Buffer.from(bytes));
          sealed[at % sealed.length]! ^= flip;
          expect(siv.open(sealed)).toBeNull();
        },
      ),
      { numRuns: 500 },
    );
    expect(new AesSiv(randomBytes(32)).open(new Uint8Array(15))).toBeNull();
    expect(() => new AesSiv(randomBytes(31))).toThrow(RangeError);
  });
});

describe("sealed users", () => {
  it("come back with the key, are URL-safe, and are the same each time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (id) => {
        const sealed = sealUser(key, id);
        expect(sealed).toMatch(/^s1_[A-Za-z0-9_-]+$/);
        expect(sealed.length).toBeLessThanOrEqual(256);
        expect(sealUser(key, id)).toBe(sealed);
        expect(openUser(key, sealed)).toBe(id);
      }),
      { numRuns: 300 },
    );
  });

  it("differ by id and by key, and another key opens nothing", () => {
    const other = randomBytes(32).toString("hex");
    expect(sealUser(key, "42")).not.toBe(sealUser(key, "43"));
    expect(sealUser(key, "42")).not.toBe(sealUser(other, "42"));
    expect(openUser(other, sealUser(key, "42"))).toBeNull();
  });

  it("open nothing that was never sealed", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(openUser(key, text)).toBeNull();
      }),
    );
    expect(openUser(key, "s1_" + "A".repeat(30))).toBeNull();
  });

  it("fit a name on the wire: a longer id is cut between characters", () => {
    const sealed = sealUser(key, "é".repeat(500) + "x");
    expect(sealed.length).toBeLessThanOrEqual(256);
    expect(openUser(key, sealed)).toBe("é".repeat(86));
    expect(openUser(key, sealUser(key, "a" + "é".repeat(500)))).toBe("a" + "é".repeat(85));
  });

  it("stay right when more ids come than are kept at hand", () => {
    const sealer = new Sealer(key, 10);
    const ids = Array.from({ length: 200 }, (_, i) => String(i % 37));
    for (const id of ids) expect(sealer.seal(id)).toBe(sealUser(key, id));
  });
});

describe("the pseudonym key", () => {
  it("is at least 32 bytes as bytes, hex or base64", () => {
    for (let i = 0; i < 200; i++) {
      const bytes = randomBytes(32 + (i % 40));
      for (const form of ["hex", "base64", "base64url"] as const) {
        expect(Buffer.from(parsePseudonymKey(bytes.toString(form)))).toEqual(bytes);
      }
      expect(parsePseudonymKey(bytes)).toBe(bytes);
    }
  });

  it.each([
    ["a passphrase", "correct horse battery staple correct horse battery staple"],
    ["words run together", "correcthorsebatterystaplecorrecthorsebatterystaple"],
    ["too short", randomBytes(31).toString("hex")],
    ["a repeated byte", "00".repeat(32)],
    ["nothing", ""],
    ["no text at all", 42],
  ])("is refused when it is %s, with what to do", (_, wrong) => {
    expect(() => parsePseudonymKey(wrong)).toThrow(/at least 32 random bytes.*randomBytes\(32\)/s);
    expect(() => sealUser(wrong as string, "42")).toThrow(TypeError);
  });
});

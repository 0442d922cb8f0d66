import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shownParts, shownShort, shownText } from "@/components/format/shown";

describe("texts that apps sent are written so that nothing in them is unseen", () => {
  test.each([
    ["u_1", "u_1"],
    ["Ada Lovelace", "Ada Lovelace"],
    [" ", "\\u{20}"],
    ["  ", "\\u{20}\\u{20}"],
    [" a  b ", "\\u{20}a \\u{20}b\\u{20}"],
    ["a\u00a0b", "a\\u{A0}b"],
    ["\0a\tb\r\nc\u001b", "\\0a\\tb\\r\\nc\\u{1B}"],
    ["txt.\u202Eexe", "txt.\\u{202E}exe"],
    ["\u2066a\u2069", "\\u{2066}a\\u{2069}"],
    ["u\u200b1", "u\\u{200B}1"],
    ["a\u200db", "a\\u{200D}b"],
    ["a\u2028b", "a\\u{2028}b"],
    ["\ufeffa\u00ad", "\\u{FEFF}a\\u{AD}"],
    ["\u{e0041}\u{10ffff}", "\\u{E0041}\\u{10FFFF}"],
    ["\ud800x", "\\u{D800}x"],
    ["日本 עברית é", "日本 עברית é"],
    ["👩🏽‍🚀👩‍👧 ❤️ 1️⃣ 🇩🇪", "👩🏽‍🚀👩‍👧 ❤️ 1️⃣ 🇩🇪"],
    ["<script>alert(1)</script>", "<script>alert(1)</script>"],
  ])("%j is %s", (text, shown) => expect(shownText(text)).toBe(shown));

  test("an escape is told from a text that only looks like one", () => {
    expect(shownParts("\\u{202E}")).toEqual([{ text: "\\u{202E}", escape: false }]);
    expect(shownParts("\u202E")).toEqual([{ text: "\\u{202E}", escape: true }]);
  });

  test("whatever comes, what is shown holds nothing unseen, and differs between texts that differ", () => {
    const anything = fc.string({ unit: "binary", maxLength: 40 });
    fc.assert(
      fc.property(anything, anything, (one, other) => {
        expect(shownText(one)).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069\u200B]/u);
        if (one !== other) expect(shownParts(one)).not.toEqual(shownParts(other));
      }),
      { numRuns: 2_000 },
    );
  });
});

test.each([
  ["short", 10, "short"],
  ["x".repeat(10), 10, "xxxxxxxxxx"],
  ["x".repeat(11), 10, "xxxxxxxxx…"],
  ["x".repeat(10_000), 5, "xxxx…"],
  ["👩".repeat(9), 4, "👩👩👩…"],
  ["\u202E".repeat(9), 12, "\\u{202E}\\u{…"],
])("%j in %d characters is %s", (text, most, short) => expect(shownShort(text, most)).toBe(short));

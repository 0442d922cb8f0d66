import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { SourceLines } from "@/lib/cli/import/source-lines";
import { seeded } from "@/test/query/support/oracle";

const sha = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");

/** Reads a text that arrives in pieces, asking for a digest at some of the lines. */
async function read(
  text: Buffer,
  { pieces, isWhole, asks }: { pieces: number[]; isWhole: boolean; asks: (n: number) => boolean },
) {
  const cuts = [0, ...pieces.map((part) => Math.floor(part * text.length)).sort((a, b) => a - b), text.length];
  const chunks = cuts.slice(1).map((end, at) => text.subarray(cuts[at], end));
  const lines = new SourceLines(Readable.from(chunks.filter(({ length }) => length > 0)), isWhole);
  const found: { text: string; end: number; isTooLong: boolean }[] = [];
  for await (const group of lines.lines())
    for (const line of group) {
      if (asks(found.length)) expect(lines.digestUpto(line.end)).toBe(sha(text.subarray(0, line.end)));
      found.push(line);
    }
  return { found, unfinished: lines.unfinished };
}

describe("lines of a source", () => {
  const random = seeded(4);
  test("come whole, with digests of everything up to them, however it arrives", async () => {
    for (let run = 0; run < 60; run++) {
      const count = Math.floor(random() * 30);
      const all = Array.from({ length: count }, () => "äx".repeat(Math.floor(random() * 40)));
      const text = Buffer.from(all.map((line) => `${line}\n`).join(""));
      const pieces = Array.from({ length: Math.floor(random() * 12) }, random);
      const { found, unfinished } = await read(text, { pieces, isWhole: false, asks: () => random() < 0.4 });
      expect(found.map((line) => line.text)).toEqual(all);
      expect(unfinished).toBe(0);
      expect(found.at(-1)?.end ?? 0).toBe(text.length);
    }
  });

  test("a last line without an end is left where a source may grow, and taken where it is whole", async () => {
    const text = Buffer.from("one\r\ntwo");
    const wish = { pieces: [0.3, 0.9], asks: () => true };
    expect(await read(text, { ...wish, isWhole: false })).toMatchObject({
      found: [{ text: "one", end: 5 }],
      unfinished: 3,
    });
    const whole = await read(text, { ...wish, isWhole: true });
    expect(whole.found.map((line) => [line.text, line.end])).toEqual([
      ["one", 5],
      ["two", 8],
    ]);
  });

  test("a line without end takes no memory, and is told as too long", async () => {
    const text = Buffer.from(`a\n${"x".repeat(3_500_000)}\nb\n`);
    const pieces = Array.from({ length: 60 }, (_, n) => n / 60);
    const { found } = await read(text, { pieces, isWhole: false, asks: () => true });
    expect(found.map(({ text: line, isTooLong }) => [line.length < 300, isTooLong])).toEqual([
      [true, false],
      [true, true],
      [true, false],
    ]);
    expect(found.at(-1)).toEqual({ text: "b", end: text.length, isTooLong: false });
  });
});

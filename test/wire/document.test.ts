import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DECODE_REASONS, encodePayload, indexOf, newCounts } from "@/lib/histogram";
import { decodeBatch, encodeBatch, LOSS_TEXT, parseJsonBatch } from "@/lib/wire";
import { plain } from "./arbitrary.ts";

const text = readFileSync(new URL("../../docs/ingest.md", import.meta.url), "utf8");
const json = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)![1]!) as { endpoints: { users: object[] }[] };

/** The bytes of the annotated example: the pairs of hex digits at the start of each of its lines. */
function exampleBytes(): Uint8Array {
  const block = /```\n(54 46 42 01[\s\S]*?)```/.exec(text)![1]!;
  const hex = block.split("\n").map((line) => /^(?:[0-9a-f]{2}(?: |$))*/.exec(line)![0]);
  return Buffer.from(hex.join("").replaceAll(" ", ""), "hex");
}

describe("docs/ingest.md", () => {
  it("has a JSON example and a dense example of the same batch", () => {
    const fromJson = parseJsonBatch(json);
    const fromBytes = decodeBatch(exampleBytes());
    expect(fromJson.rejected).toEqual([]);
    expect(fromBytes.rejected).toEqual([]);
    const { miss } = fromBytes.batch.endpoints[0]!.users[0]!;
    fromJson.batch.endpoints[0]!.users[0]!.miss = miss!;
    expect(plain(fromJson.batch)).toEqual(plain(fromBytes.batch));
    expect(Buffer.from(encodeBatch(fromBytes.batch))).toEqual(exampleBytes());
  });

  it("has the buckets and the payload of its text right", () => {
    const counts = newCounts();
    for (const valueUs of [1_200, 1_300, 250_000]) counts[indexOf(valueUs)]!++;
    const hex = Buffer.from(encodePayload(counts))
      .toString("hex")
      .replace(/(..)(?!$)/g, "$1 ");
    expect(text).toContain(`\`${hex}\``);
    expect([indexOf(1_200), indexOf(1_300), indexOf(250_000)]).toEqual([534, 546, 1524]);
    expect(text).toContain("1,200 µs is in bucket 534, 1,300 in 546 and 250,000 in 1524");
  });

  it("names every reason for rejecting a histogram, and every loss with its sentence", () => {
    for (const reason of Object.keys(DECODE_REASONS)) expect(text).toContain(`\`${reason}\``);
    for (const [reason, sentence] of Object.entries(LOSS_TEXT))
      expect(text).toContain(`| \`${reason}\` | ${sentence} |`);
  });
});

import { expect, it } from "vitest";
import { seeded } from "@/bench/samples";
import { fuzz } from "./fuzz.ts";

const CASES = 120_000;

it(`the decoders refuse or understand ${CASES} mutated encodings, and nothing else`, { timeout: 60_000 }, () => {
  const found = fuzz({ cases: CASES, random: seeded(20_261_122) });
  expect(found.wrong).toEqual([]);
  // Mutations that never got past the header, or never broke anything, would prove nothing.
  expect(found.accepted).toBeGreaterThan(CASES / 50);
  expect(Object.keys(found.refused).length).toBeGreaterThan(8);
});

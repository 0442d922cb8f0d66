import { expect, it } from "vitest";
import { seeded } from "@/bench/samples";
import { fuzz } from "../histogram/fuzz.ts";

const CASES = 5_000_000;
/** Between rounds, node:zlib frees what its failed calls hold: they do so only when the event loop turns. */
const PER_ROUND = 10_000;

it(`the decoders withstand ${CASES} mutated encodings, another sequence each day`, async () => {
  const seed = Math.floor(Date.now() / 86_400_000);
  for (let round = 0; round < CASES / PER_ROUND; round++) {
    const found = fuzz({ cases: PER_ROUND, random: seeded(seed * 1000 + round) });
    expect(found.wrong, `seed ${seed * 1000 + round}`).toEqual([]);
    await new Promise(setImmediate);
  }
});

import { describe, expect, it } from "vitest";
import { chance, isHeldOut, isWithheld } from "@/lib/sdk/src/prefill/chance";

const DRAWS = 20_000;
const ids = Array.from({ length: DRAWS }, (_, at) => `0193a5c8-6f00-7c3e-9b55-${at.toString(16).padStart(12, "0")}`);

/** χ² of draws over equal cells. */
function chiSquare(draws: number[], cells: number): number {
  const counts = Array.from({ length: cells }, () => 0);
  for (const draw of draws) counts[Math.floor(draw * cells)]!++;
  const expected = draws.length / cells;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** 99.9 % of χ² with 99 degrees of freedom lie below. */
const MOST_OF_99 = 148.2;

describe("chance", () => {
  it.each(["", "salt", "another salt", "0193a5c8"])("is uniform over decision ids, salt %j", (salt) => {
    const draws = ids.map((id) => chance(salt, "withhold", id));
    expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
    expect(chiSquare(draws, 100)).toBeLessThan(MOST_OF_99);
  });

  it.each([
    ["two salts", (id: string) => [chance("a", "withhold", id), chance("b", "withhold", id)]],
    ["two purposes", (id: string) => [chance("a", "withhold", id), chance("a", "hold out", id)]],
    ["one id and the next", (id: string) => [chance("a", "withhold", id), chance("a", "withhold", `${id}1`)]],
  ] as const)("is independent for %s", (_, draw) => {
    const cells = ids.map((id) => {
      const [one, other] = draw(id) as [number, number];
      return (Math.floor(one * 10) * 10 + Math.floor(other * 10)) / 100 + 0.005;
    });
    expect(chiSquare(cells, 100)).toBeLessThan(MOST_OF_99);
  });

  it("withholds as many as it is told, the same every time", () => {
    for (const share of [0.05, 0.1, 0.5]) {
      const withheld = ids.filter((id) => isWithheld("s", id, share)).length / DRAWS;
      expect(Math.abs(withheld - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / DRAWS));
    }
    expect(ids.filter((id) => isWithheld("s", id, 0.1))).toEqual(ids.filter((id) => isWithheld("s", id, 0.1)));
    expect(ids.some((id) => isWithheld("s", id, 0))).toBe(false);
    expect(ids.every((id) => isHeldOut("s", id, 1))).toBe(true);
  });

  it("does not depend on where salt and name are cut", () => {
    expect(chance("ab", "withhold", "c")).not.toBe(chance("a", "withhold", "bc"));
  });

  it("is what anybody gets from SHA-256", () => {
    // printf 's\0withhold\0id' | sha256sum
    expect(chance("s", "withhold", "id")).toBe(Number.parseInt("491a99e3f5d52", 16) / 2 ** 52);
  });
});

import { median } from "./rounds.ts";
import { seeded } from "./samples.ts";

const RESAMPLES = 2_000;

/**
 * The interval that the median of some ratios lies in, 19 times of 20: a bootstrap over groups (processes that were started anew) and
 * over the ratios within them.
 */
export function medianInterval(groups: readonly (readonly number[])[]): [low: number, high: number] {
  const random = seeded(17);
  const anyOf = <Item>(list: readonly Item[]): Item => list[Math.floor(random() * list.length)]!;
  const medians = Array.from({ length: RESAMPLES }, () =>
    median(
      groups.flatMap(() => {
        const group = anyOf(groups);
        return group.map(() => anyOf(group));
      }),
    ),
  ).sort((a, b) => a - b);
  return [medians[Math.floor(RESAMPLES * 0.025)]!, medians[Math.floor(RESAMPLES * 0.975)]!];
}

import type { Stretch } from "./past.ts";

const DAY = 86_400;

export const floorTo = (value: number, width: number): number => Math.floor(value / width) * width;
export const ceilTo = (value: number, width: number): number => Math.ceil(value / width) * width;

/** The last days up to a moment, cut to what is known from `oldestSeconds` on, in whole steps; one moment at least. */
export function stretchOf(
  { days, nowSeconds, stepSeconds }: { days: number; nowSeconds: number; stepSeconds: number },
  { oldestSeconds, settlingSeconds }: { oldestSeconds: number; settlingSeconds: number },
): Stretch {
  const toSeconds = floorTo(nowSeconds - settlingSeconds, stepSeconds);
  const fromSeconds = Math.max(floorTo(nowSeconds - days * DAY, 60), ceilTo(oldestSeconds, 60));
  return { fromSeconds: Math.min(fromSeconds, toSeconds), toSeconds, stepSeconds };
}

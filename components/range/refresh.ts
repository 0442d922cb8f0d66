import { isLive, rangeOf, type View } from "./view";

/** How often a page asks again: a range of minutes every 5 s, one of days every minute; a fixed one never. */
export function refreshMs(view: Pick<View, "from" | "to">): number | false {
  if (!isLive(view)) return false;
  const { fromMs, toMs } = rangeOf(view, 8e14);
  return Math.min(60_000, Math.max(5_000, (toMs - fromMs) / 720));
}

import type { TimeRange } from "@/components/range/view";

interface Steps {
  points: readonly { at: string; count: number }[];
  stepSeconds: number;
}

/** Stretches of a series without a sample, one after the other as one. */
export function gapsOf({ points, stepSeconds }: Steps): TimeRange[] {
  const gaps: TimeRange[] = [];
  for (const point of points) {
    if (point.count > 0) continue;
    const fromMs = Date.parse(point.at);
    const last = gaps.at(-1);
    if (last?.toMs === fromMs) last.toMs += stepSeconds * 1_000;
    else gaps.push({ fromMs, toMs: fromMs + stepSeconds * 1_000 });
  }
  return gaps;
}

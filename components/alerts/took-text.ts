import { formatDuration } from "@/components/format/duration";

/** How long an attempt took; it is measured in whole milliseconds. */
export const tookText = (tookMs: number): string =>
  tookMs === 0 ? "less than 1\u00a0ms" : formatDuration(tookMs * 1_000);

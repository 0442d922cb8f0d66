import { formatAge, formatSpan } from "@/components/format/duration";

const MINUTE_MS = 60_000;

/** How long until something, counted down calmly: 42 s, 9 min 30 s, 1 h 59 min, 2 d 3 h. */
export const leftText = (ms: number): string =>
  ms < MINUTE_MS ? formatAge(ms) : formatSpan(Math.round(ms / 1_000) * 1_000_000);

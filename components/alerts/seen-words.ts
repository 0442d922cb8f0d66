import { formatCountExactly, formatRequests } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { trimmed } from "@/components/format/trimmed";

/** What an evaluation saw, as the API tells it: `valueUs` and `thresholdUs` of a latency, and so on by the rule's kind. */
export type Seen = Readonly<Record<string, number | null>> | null;

const figure = (value: number): string => String(Number(value.toPrecision(3)));

/** How the figures of each unit are written. */
export const UNIT_WORDS: Record<string, (value: number) => string> = {
  Us: formatDuration,
  Share: formatShare,
  Count: (count) => formatRequests(Math.round(count)),
  BurnRate: (rate) => `${figure(rate)}\u00a0×`,
  Users: (users) => `${formatCountExactly(users)} ${users === 1 ? "user" : "users"}`,
  Queries: (queries) => `${formatCountExactly(queries)} ${queries === 1 ? "query" : "queries"}`,
};

/** One of the figures; null where it was not seen. */
export const figureOf = (seen: Seen, name: string): number | null => seen?.[name] ?? null;

/** The value and the threshold as people read them; null where nothing was seen, or there is nothing to be above. */
export function seenWords(seen: Seen): { value: string | null; threshold: string | null } {
  for (const [unit, write] of Object.entries(UNIT_WORDS)) {
    const [value, threshold] = [figureOf(seen, `value${unit}`), figureOf(seen, `threshold${unit}`)];
    if (value === null && threshold === null) continue;
    return {
      value: value === null || isYesOrNo(unit, threshold) ? null : write(value),
      threshold: threshold === null || threshold === 0 ? null : trimmed(write(threshold)),
    };
  }
  return { value: null, threshold: null };
}

/** Harm was done or was not: there is no share of it. */
const isYesOrNo = (unit: string, threshold: number | null) => unit === "Share" && threshold === 0;

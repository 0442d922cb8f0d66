import { formatCountExactly, formatRequests } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";

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
};

/** The value and the threshold as people read them; null where nothing was seen. */
export function seenWords(seen: Seen): { value: string | null; threshold: string | null } {
  for (const [unit, write] of Object.entries(UNIT_WORDS)) {
    const [value, threshold] = [seen?.[`value${unit}`], seen?.[`threshold${unit}`]];
    if (value === undefined && threshold === undefined) continue;
    return { value: value == null ? null : write(value), threshold: threshold == null ? null : write(threshold) };
  }
  return { value: null, threshold: null };
}

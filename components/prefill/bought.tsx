import { durationParts, formatDuration } from "@/components/format/duration";
import type { Bought } from "./frontier-at";
import { formatEstimate, workFigure } from "./work";

/** 458–561 ms; each with its unit where they differ. */
export function rangeText(low: number, high: number): string {
  const [from, to] = [durationParts(low), durationParts(high)];
  return from.unit === to.unit && from.unit !== ""
    ? `${from.figure}–${formatDuration(high)}`
    : `${formatDuration(low)}–${formatDuration(high)}`;
}

/** The 95 % interval of what is bought; `null` where none is told. */
export function intervalOf({ p99LowUs, p99HighUs }: Bought): { low: number; high: number } | null {
  if (p99LowUs === null || p99HighUs === null || p99LowUs === p99HighUs) return null;
  return { low: p99LowUs, high: p99HighUs };
}

/** What a budget buys, as it stands below the chart. */
export function BoughtLine({ bought, beforeUs }: { bought: Bought; beforeUs: number | null }) {
  const { p99Us, missesAvoidedPerDay } = bought;
  const interval = intervalOf(bought);
  if (gainsNothing(bought, beforeUs))
    return (
      <p className="mt-2.5 rounded-lg bg-sunken px-3.5 py-2 text-table figures">
        p99 stays at {formatDuration(p99Us)}: this work buys nothing.
      </p>
    );
  return (
    <p className="mt-2.5 rounded-lg bg-fill-soft px-3.5 py-2 text-table figures">
      p99 <b className="font-semibold">{formatDuration(p99Us)}</b>
      {interval && (
        <span title="95 % interval of a stretch as long as the one learned from">
          {" "}
          ({rangeText(interval.low, interval.high)})
        </span>
      )}
      {beforeUs !== null && <> instead of {formatDuration(beforeUs)}</>}
      {missesAvoidedPerDay !== null && (
        <>
          ; <b className="font-semibold">{formatEstimate(missesAvoidedPerDay)}</b> misses avoided a day
        </>
      )}
    </p>
  );
}

/** Less than a hundredth off the p99, and hardly a miss avoided. */
function gainsNothing({ p99Us, missesAvoidedPerDay }: Bought, beforeUs: number | null): boolean {
  return beforeUs !== null && p99Us > beforeUs * 0.99 && (missesAvoidedPerDay ?? 0) < 0.05;
}

/** The same in words, for the handle. */
export function boughtText(budget: number, bought: Bought, beforeUs: number | null): string {
  const { p99Us, missesAvoidedPerDay } = bought;
  const interval = intervalOf(bought);
  const instead = beforeUs === null ? "" : ` instead of ${formatDuration(beforeUs)}`;
  const between =
    interval === null ? "" : `, between ${formatDuration(interval.low)} and ${formatDuration(interval.high)}`;
  const avoided = missesAvoidedPerDay === null ? "" : `; ${formatEstimate(missesAvoidedPerDay)} misses avoided a day`;
  const text = `${workFigure(budget)} seconds of fills an hour: p99 ${formatDuration(p99Us)}${instead}${between}${avoided}`;
  return text.replaceAll("\u00a0", " ");
}

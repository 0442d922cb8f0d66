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

/** What a budget buys, as it stands below the chart. */
export function BoughtLine({ bought, beforeUs }: { bought: Bought; beforeUs: number | null }) {
  const { p99Us, p99LowUs, p99HighUs, missesAvoidedPerDay } = bought;
  return (
    <p className="mt-2.5 rounded-lg bg-fill-soft px-3.5 py-2 text-table figures">
      p99 <b className="font-semibold">{formatDuration(p99Us)}</b>
      {p99LowUs !== null && p99HighUs !== null && (
        <span title="95 % interval of a stretch as long as the one learned from">
          {" "}
          ({rangeText(p99LowUs, p99HighUs)})
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

/** The same in words, for the handle. */
export function boughtText(budget: number, bought: Bought, beforeUs: number | null): string {
  const { p99Us, p99LowUs, p99HighUs, missesAvoidedPerDay } = bought;
  const instead = beforeUs === null ? "" : ` instead of ${formatDuration(beforeUs)}`;
  const between =
    p99LowUs === null || p99HighUs === null
      ? ""
      : `, between ${formatDuration(p99LowUs)} and ${formatDuration(p99HighUs)}`;
  const avoided = missesAvoidedPerDay === null ? "" : `; ${formatEstimate(missesAvoidedPerDay)} misses avoided a day`;
  const text = `${workFigure(budget)} seconds of fills an hour: p99 ${formatDuration(p99Us)}${instead}${between}${avoided}`;
  return text.replaceAll("\u00a0", " ");
}

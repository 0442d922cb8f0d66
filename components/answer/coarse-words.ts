import { formatDuration } from "@/components/format/duration";
import type { Coarse } from "@/lib/query/answers";

/** "Some of these latencies came in OpenTelemetry's buckets: a percentile from 5 ms to 10 s may be off by up to 152 %." */
export function coarseWords({ errorPercent, aboveUs, belowUs }: Coarse): string {
  const from = aboveUs > 0 ? ` from ${formatDuration(aboveUs)}` : "";
  const to = belowUs === null ? "" : ` ${from === "" ? "up " : ""}to ${formatDuration(belowUs)}`;
  const where = from === "" && to === "" ? "" : `${from}${to}`;
  const most = Math.ceil(errorPercent);
  return `Some of these latencies came in OpenTelemetry’s buckets: a percentile${where} may be off by up to ${most}\u00a0%.`;
}

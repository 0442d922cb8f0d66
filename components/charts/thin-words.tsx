import { formatCountExactly } from "@/components/format/count";
import { samplesWanted } from "@/components/format/percentile";
import type { LatencyPoint } from "@/lib/query/answers";
import { LegendNote } from "./legend";

/** What dotted stretches of lines mean; nothing when no line has one. */
export function ThinNote({ percentiles }: { percentiles: readonly number[] }) {
  if (percentiles.length === 0) return null;
  const wants = percentiles.map((q) => `p${q} wants ${formatCountExactly(samplesWanted(q))}`);
  return (
    <LegendNote
      dotted
      label="too few requests"
      title={`Dotted: fewer requests in the step than the percentile wants, so that it is little more than the slowest one. ${wants.join(", ")}.`}
    />
  );
}

/** The same of one step, under its figures. */
export function ThinWords({ point, percentiles }: { point: LatencyPoint; percentiles: readonly number[] }) {
  if (percentiles.length === 0) return null;
  return (
    <p className="mt-1 max-w-56 text-faint">
      n = {formatCountExactly(point.count)}: too few for {percentiles.map((q) => `p${q}`).join(", ")}
    </p>
  );
}

import { formatCountExactly } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { isTooFew, samplesWanted } from "@/components/format/percentile";
import { CellHint } from "@/components/ui/cell-hint";

interface PercentileValueProps {
  us: number | null;
  q: number;
  /** Samples it rests on. */
  n: number;
  strong?: boolean;
}

/** A percentile; lighter where few samples carry it, "too few" where it would only repeat the maximum. */
export function PercentileValue({ us, q, n, strong = false }: PercentileValueProps) {
  if (us === null) return <span className="text-faint">–</span>;
  const wanted = samplesWanted(q);
  if (n >= wanted) return <span className={strong ? "font-semibold" : undefined}>{formatDuration(us)}</span>;
  const why = `n = ${formatCountExactly(n)}: too few for p${q}, which wants ${formatCountExactly(wanted)}`;
  return (
    <CellHint className="text-faint" text={`${why}. It reads ${formatDuration(us)}.`}>
      {isTooFew(q, n) ? "too few" : formatDuration(us)}
      <span className="sr-only"> ({why})</span>
    </CellHint>
  );
}

import { formatCountExactly } from "@/components/format/count";
import type { Muted } from "@/lib/alerts/mute-board";

/** How much is muted now. What fires among it is what nobody hears of. */
export function MutedCount({ muted }: { muted: Muted }) {
  if (muted === null) return <span className="text-faint">–</span>;
  const { series, firing } = muted;
  if (series === 0) return <span className="text-muted">nothing now</span>;
  return (
    <>
      {formatCountExactly(series)} series
      {firing > 0 && <span className="block text-small text-server">{formatCountExactly(firing)} firing</span>}
    </>
  );
}

import { PercentileValue } from "@/components/answer/percentile-value";
import { ShareBar } from "@/components/charts/share-bar";
import { formatCount } from "@/components/format/count";
import { formatSpan } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { CellHint } from "@/components/ui/cell-hint";
import { Td } from "@/components/ui/table";

const QS = [50, 95, 99] as const;

/** A statement's part of the time, against the one with most of it. */
export function ShareCell({ share, most, totalUs }: { share: number; most: number; totalUs: number }) {
  return (
    <Td>
      <CellHint text={`${formatSpan(totalUs)} in all`}>
        <span className="mr-2 hidden phone:inline">
          <ShareBar narrow part={most === 0 ? 0 : share / most} />
        </span>
        <span className="inline-block phone:min-w-[50px]">{formatShare(share)}</span>
      </CellHint>
    </Td>
  );
}

/** p50, p95 and p99; a phone has room for the last. */
export function PercentileCells({ percentiles, count }: { percentiles: Record<string, number | null>; count: number }) {
  return QS.map((q) => (
    <Td key={q} roomy={q !== 99}>
      <PercentileValue us={percentiles[`p${q}Us`] ?? null} q={q} n={count} />
    </Td>
  ));
}

/** How many were refused or stopped by the database, or not answered. */
export function FailedCell({ failed }: { failed: number }) {
  return (
    <Td roomy className={failed > 0 ? "text-server" : "text-faint"}>
      {failed === 0 ? "–" : formatCount(failed)}
    </Td>
  );
}

import { Spark } from "@/components/charts/spark";
import { formatCount, formatCountExactly } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { FailedCell, PercentileCells, ShareCell } from "@/components/statements/figure-cells";
import { StatementText } from "@/components/statements/statement-text";
import { CellHint } from "@/components/ui/cell-hint";
import { FocusHints } from "@/components/ui/focus-hints";
import { moveByRow } from "@/components/ui/row-keys";
import { Table, Td, Th } from "@/components/ui/table";
import type { ServiceStatement } from "@/lib/query/insight-answer-schemas";
import { EndpointLink } from "./endpoint-link";

interface StatementsTableProps {
  statements: readonly ServiceStatement[];
  search: string;
}

export function StatementsTable({ statements, search }: StatementsTableProps) {
  const most = Math.max(...statements.map(({ share }) => share));
  return (
    <FocusHints>
      <Table aria-label="Statements">
        <thead>
          <tr>
            <Th left>Statement</Th>
            <Th aria-sort="descending" title="Of the time of all statements of this service">
              Share
            </Th>
            <Th roomy>n</Th>
            <Th roomy>p50</Th>
            <Th roomy>p95</Th>
            <Th>p99</Th>
            <Th roomy title="p99 over the range">
              <span className="sr-only">p99 over time</span>
            </Th>
            <Th roomy>max</Th>
            <Th roomy title="Refused or stopped by the database, or not answered">
              failed
            </Th>
          </tr>
        </thead>
        <tbody onKeyDown={moveByRow}>
          {statements.map((row) => (
            <Row key={`${row.statementId} ${row.endpoint.name}`} {...{ row, most, search }} />
          ))}
        </tbody>
      </Table>
    </FocusHints>
  );
}

function Row({ row, most, search }: { row: ServiceStatement; most: number; search: string }) {
  return (
    <tr className="align-top hover:bg-sunken">
      <Td left wrap className="w-full max-w-0 min-w-44">
        <StatementText id={row.statementId ?? ""} text={row.statement} />
        <span className="block truncate text-small text-muted">
          <EndpointLink endpoint={row.endpoint} search={search} />
        </span>
      </Td>
      <ShareCell share={row.share} most={most} totalUs={row.totalUs} />
      <Td roomy className="text-muted">
        <CellHint text={formatCountExactly(row.count)}>{formatCount(row.count)}</CellHint>
      </Td>
      <PercentileCells percentiles={row.percentiles} count={row.count} />
      <Td roomy>
        <Spark values={row.trend} colour="var(--p99)" />
      </Td>
      <Td roomy>{row.maxUs === null ? "–" : formatDuration(row.maxUs)}</Td>
      <FailedCell failed={row.failed} />
    </tr>
  );
}

import { formatCount, formatCountExactly } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { Card } from "@/components/ui/card";
import { CellHint } from "@/components/ui/cell-hint";
import { FocusHints } from "@/components/ui/focus-hints";
import { moveByRow } from "@/components/ui/row-keys";
import { Table, Td, Th } from "@/components/ui/table";
import { FailedCell, PercentileCells, ShareCell } from "@/components/statements/figure-cells";
import { StatementText } from "@/components/statements/statement-text";
import { TableFiles } from "@/components/ui/table-files";
import type { DatabaseAnswer, StatementRow } from "@/lib/query/database-answers";
import { formatNumber } from "./format-number";

/** The endpoint's statements, most time first. */
export function StatementsCard({ answer, files }: { answer: DatabaseAnswer; files: string }) {
  const { slowest } = answer;
  if (slowest.length === 0) return null;
  const most = Math.max(...slowest.map(({ share }) => share));
  return (
    <Card
      flush
      className="wide:col-span-2"
      title="Statements"
      note="most time first, without their values"
      actions={<TableFiles table="endpoint-statements" label="these statements" search={files} range={answer.range} />}
    >
      <FocusHints>
        <Table aria-label="Statements of this endpoint">
          <thead>
            <tr>
              <Th left>Statement</Th>
              <Th aria-sort="descending" title="Of the time of all statements of this endpoint">
                Share
              </Th>
              <Th roomy title="Mean number of times a request">
                a request
              </Th>
              <Th roomy>n</Th>
              <Th roomy>p50</Th>
              <Th roomy>p95</Th>
              <Th>p99</Th>
              <Th roomy>max</Th>
              <Th roomy title="Refused or stopped by the database, or not answered">
                failed
              </Th>
            </tr>
          </thead>
          <tbody onKeyDown={moveByRow}>
            {slowest.map((row) => (
              <Row key={row.statementId} row={row} most={most} />
            ))}
          </tbody>
        </Table>
      </FocusHints>
    </Card>
  );
}

function Row({ row, most }: { row: StatementRow; most: number }) {
  return (
    <tr className="align-top hover:bg-sunken">
      <Td left wrap className="w-full max-w-0 min-w-40">
        <StatementText id={row.statementId} text={row.statement} />
      </Td>
      <ShareCell share={row.share} most={most} totalUs={row.totalUs} />
      <Td roomy>{row.perRequest === null ? "–" : formatNumber(row.perRequest)}</Td>
      <Td roomy className="text-muted">
        <CellHint text={formatCountExactly(row.count)}>{formatCount(row.count)}</CellHint>
      </Td>
      <PercentileCells percentiles={row.percentiles} count={row.count} />
      <Td roomy>{row.maxUs === null ? "–" : formatDuration(row.maxUs)}</Td>
      <FailedCell failed={row.failed} />
    </tr>
  );
}

"use client";
import { useRef } from "react";
import { PercentileValue } from "@/components/answer/percentile-value";
import { ShareBar } from "@/components/charts/share-bar";
import { formatCount, formatCountExactly } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { Card } from "@/components/ui/card";
import { CellHint } from "@/components/ui/cell-hint";
import { FocusHints } from "@/components/ui/focus-hints";
import { Foreign } from "@/components/ui/foreign";
import { Method } from "@/components/ui/method";
import { PageLink } from "@/components/ui/page-link";
import { moveByRow } from "@/components/ui/row-keys";
import { ROW_HOVER, ROW_LINK } from "@/components/ui/row-link";
import { Table, Td, Th } from "@/components/ui/table";
import { ROW_HEIGHT, useRowsInSight } from "@/components/ui/use-rows-in-sight";
import { TableFiles } from "@/components/ui/table-files";
import { userFiles } from "./user-search";
import type { UserAnswer } from "@/lib/query/answers";

type Row = UserAnswer["endpoints"][number];

/** The endpoints a user used, those first where the user makes up most of the tail. */
export function UserEndpoints({ answer, search }: { answer: UserAnswer; search: string }) {
  const { endpoints } = answer;
  const body = useRef<HTMLTableSectionElement>(null);
  const { items, before, after } = useRowsInSight(body, { count: endpoints.length });
  return (
    <Card
      flush
      title="Endpoints"
      note="most of this user's requests above an endpoint's p95 first"
      actions={
        <TableFiles table="user-endpoints" label="these endpoints" search={userFiles(answer)} range={answer.range} />
      }
    >
      <FocusHints>
        <Table aria-label="Endpoints of this user" aria-rowcount={endpoints.length + 1}>
          <thead>
            <tr>
              <Th>Endpoint</Th>
              <Th aria-sort="descending" title="This user's requests above the endpoint's p95">
                <span className="text-text">
                  In the tail <span aria-hidden>▾</span>
                </span>
              </Th>
              <Th>n</Th>
              <Th roomy title="Of all requests above the endpoint's p95, so many are this user's">
                Share of tail
              </Th>
              <Th roomy>p50</Th>
              <Th roomy>p95</Th>
              <Th edge>p99</Th>
              <Th roomy>max</Th>
              <Th roomy title="Of all users together">
                Everybody's p99
              </Th>
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={moveByRow}>
            {before > 0 && <tr style={{ height: before }} />}
            {items.map((index) => (
              <EndpointRow key={endpoints[index]!.endpointId} row={endpoints[index]!} index={index} search={search} />
            ))}
            {after > 0 && <tr style={{ height: after }} />}
          </tbody>
        </Table>
      </FocusHints>
    </Card>
  );
}

function EndpointRow({ row, index, search }: { row: Row; index: number; search: string }) {
  return (
    <tr
      className={`${ROW_HEIGHT} ${ROW_HOVER} relative hover:bg-sunken has-focus-visible:bg-accent-soft`}
      aria-rowindex={index + 2}
      {...ROW_LINK}
    >
      <Td className="w-full max-w-0 truncate">
        <PageLink
          href={`/endpoints/${row.endpointId}${search}`}
          className="after:absolute after:inset-0 hover:underline"
        >
          <Method name={row.method} />
          <span className="font-medium">
            <Foreign text={row.route} />
          </span>
        </PageLink>
      </Td>
      <Td>
        <CellHint text={`${formatCountExactly(row.tailCount)} of ${formatCountExactly(row.count)} requests`}>
          {formatCount(row.tailCount)}
        </CellHint>
      </Td>
      <Td className="text-muted">
        <CellHint text={formatCountExactly(row.count)}>{formatCount(row.count)}</CellHint>
      </Td>
      <Td roomy>
        <span className="mr-2">
          <ShareBar part={row.tailShare} />
        </span>
        <span className="inline-block min-w-11">{formatShare(row.tailShare)}</span>
      </Td>
      {([50, 95, 99] as const).map((q) => (
        <Td key={q} roomy={q !== 99} edge={q === 99}>
          <PercentileValue us={row[`p${q}Us`]} q={q} n={row.count} strong={q === 99} />
        </Td>
      ))}
      <Td roomy className="text-muted">
        {row.maxUs === null ? "–" : formatDuration(row.maxUs)}
      </Td>
      <Td roomy className="text-muted">
        {row.endpointP99Us === null ? "–" : formatDuration(row.endpointP99Us)}
      </Td>
    </tr>
  );
}

"use client";
import Link from "next/link";
import { useRef } from "react";
import { PercentileValue } from "@/components/answer/percentile-value";
import { ShareBar } from "@/components/charts/share-bar";
import { formatCount, formatCountExactly } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { Card } from "@/components/ui/card";
import { Table, Td, Th } from "@/components/ui/table";
import { useRowsInSight } from "@/components/ui/use-rows-in-sight";
import type { UserAnswer } from "@/lib/query/answers";

type Row = UserAnswer["endpoints"][number];

const ROW_PX = 35;

/** The endpoints a user used, those first where the user makes up most of the tail. */
export function UserEndpoints({ answer: { endpoints }, search }: { answer: UserAnswer; search: string }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const { items, before, after } = useRowsInSight(body, { count: endpoints.length, rowPx: ROW_PX });
  return (
    <Card
      flush
      title="Endpoints"
      note="share of tail: of all requests above the endpoint's p95, so many are this user's"
    >
      <Table aria-label="Endpoints of this user" aria-rowcount={endpoints.length + 1}>
        <thead>
          <tr>
            <Th>Endpoint</Th>
            <Th>Share of tail</Th>
            <Th>n</Th>
            <Th>p50</Th>
            <Th>p95</Th>
            <Th>p99</Th>
            <Th className="hidden phone:table-cell">max</Th>
            <Th>Endpoint's p99</Th>
          </tr>
        </thead>
        <tbody ref={body}>
          {before > 0 && <tr style={{ height: before }} />}
          {items.map((index) => (
            <EndpointRow key={endpoints[index]!.endpointId} row={endpoints[index]!} index={index} search={search} />
          ))}
          {after > 0 && <tr style={{ height: after }} />}
        </tbody>
      </Table>
    </Card>
  );
}

function EndpointRow({ row, index, search }: { row: Row; index: number; search: string }) {
  return (
    <tr className="hover:bg-sunken" style={{ height: ROW_PX }} aria-rowindex={index + 2}>
      <Td className="max-w-[46vw] truncate">
        <Link href={`/endpoints/${row.endpointId}${search}`} prefetch={false} className="hover:underline">
          <span className="inline-block w-12 font-mono text-tiny text-muted">{row.method}</span>
          <span className="font-medium">{row.route}</span>
        </Link>
      </Td>
      <Td title={`${formatCountExactly(row.tailCount)} of this user's requests are in the tail`}>
        <span className="mr-2">
          <ShareBar part={row.tailShare} />
        </span>
        <span className="inline-block min-w-11">{formatShare(row.tailShare)}</span>
      </Td>
      <Td className="text-muted" title={formatCountExactly(row.count)}>
        {formatCount(row.count)}
      </Td>
      {([50, 95, 99] as const).map((q) => (
        <Td key={q}>
          <PercentileValue us={row[`p${q}Us`]} q={q} n={row.count} strong={q === 99} />
        </Td>
      ))}
      <Td className="hidden text-muted phone:table-cell">{row.maxUs === null ? "–" : formatDuration(row.maxUs)}</Td>
      <Td className="text-muted">{row.endpointP99Us === null ? "–" : formatDuration(row.endpointP99Us)}</Td>
    </tr>
  );
}

import Link from "next/link";
import { PercentileValue } from "@/components/answer/percentile-value";
import { ShareBar } from "@/components/charts/share-bar";
import { formatCount, formatCountExactly } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { Card } from "@/components/ui/card";
import { Table, Td, Th } from "@/components/ui/table";
import type { UserAnswer } from "@/lib/query/answers";

/** The endpoints a user used, those first where the user makes up most of the tail. */
export function UserEndpoints({ answer, search }: { answer: UserAnswer; search: string }) {
  return (
    <Card
      flush
      title="Endpoints"
      note="share of tail: of all requests above the endpoint's p95, so many are this user's"
    >
      <Table aria-label="Endpoints of this user">
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
        <tbody>
          {answer.endpoints.map((row) => (
            <tr key={row.endpointId} className="hover:bg-sunken">
              <Td className="max-w-[46vw] truncate phone:max-w-none">
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
              <Td className="hidden text-muted phone:table-cell">
                {row.maxUs === null ? "–" : formatDuration(row.maxUs)}
              </Td>
              <Td className="text-muted">{row.endpointP99Us === null ? "–" : formatDuration(row.endpointP99Us)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

"use client";
import { formatCount } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Foreign } from "@/components/ui/foreign";
import { Method } from "@/components/ui/method";
import { Table, Td, Th } from "@/components/ui/table";
import type { EndpointRow } from "@/lib/query/answers";
import { SharedHeading } from "./shared-heading";

interface SharedOverviewProps {
  service: string;
  environment: string;
  range: { from: string; to: string };
  endpoints: readonly EndpointRow[];
}

/** So many are drawn: a page within a page is not the place for a thousand. */
const MOST_SHOWN = 100;

/** The endpoints of a service and environment, worst first. */
export function SharedOverview({ service, environment, range, endpoints }: SharedOverviewProps) {
  const place = [service, environment].filter((name) => name !== "").join(", ") || "all services";
  const shown = endpoints.slice(0, MOST_SHOWN);
  return (
    <>
      <SharedHeading title="Endpoints, worst first" place={place} range={range} />
      <Card flush>
        {shown.length === 0 ? (
          <EmptyState title="No requests in this range">There is nothing to list yet.</EmptyState>
        ) : (
          <Table aria-label="Endpoints">
            <thead>
              <tr>
                <Th>Endpoint</Th>
                <Th>n</Th>
                <Th roomy>p50</Th>
                <Th roomy>p95</Th>
                <Th>p99</Th>
                <Th roomy>p99.9</Th>
                <Th roomy>Errors</Th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Row key={row.id} row={row} />
              ))}
            </tbody>
          </Table>
        )}
      </Card>
      {endpoints.length > shown.length && (
        <p className="text-small text-muted">
          The first {shown.length} of {endpoints.length}.
        </p>
      )}
    </>
  );
}

function Row({ row: { method, route, count, outcomes, percentiles } }: { row: EndpointRow }) {
  const figure = (q: number) => {
    const us = percentiles[`p${q}Us`] ?? null;
    return us === null ? "–" : formatDuration(us);
  };
  return (
    <tr>
      <Td className="w-full max-w-0 min-w-40 truncate">
        <Method name={method} />
        <Foreign text={route} />
      </Td>
      <Td className="text-muted">{formatCount(count)}</Td>
      <Td roomy>{figure(50)}</Td>
      <Td roomy>{figure(95)}</Td>
      <Td className="font-medium">{figure(99)}</Td>
      <Td roomy>{figure(99.9)}</Td>
      <Td roomy className="text-muted">
        {formatShare(count === 0 ? 0 : outcomes.server_error / count)}
      </Td>
    </tr>
  );
}

"use client";
import { LatencyChart } from "@/components/charts/latency-chart";
import { formatCountExactly, formatRequests } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { shownShort } from "@/components/format/shown";
import { formatShare } from "@/components/format/share";
import { USUAL_PERCENTILES } from "@/components/range/view";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Foreign } from "@/components/ui/foreign";
import { Table, Td, Th } from "@/components/ui/table";
import type { EndpointAnswer, EndpointIdentity, TailUsersAnswer } from "@/lib/query/answers";
import { SharedHeading } from "./shared-heading";

interface SharedEndpointProps extends Pick<EndpointAnswer, "series" | "releases" | "totals" | "range"> {
  endpoint: EndpointIdentity;
  /** Who is in the tail, when that is shared. */
  tail: TailUsersAnswer | null;
}

/** An endpoint's latency over time, and who is in its tail when whoever shared it chose to show them. */
export function SharedEndpoint({ endpoint, series, releases, totals, range, tail }: SharedEndpointProps) {
  const { service, environment, method, route } = endpoint;
  return (
    <>
      <SharedHeading title={`${method} ${route}`} place={`${service}, ${environment}`} range={range} />
      {totals.count === 0 ? (
        <Card flush>
          <EmptyState title="No requests in this range">There is nothing to draw yet.</EmptyState>
        </Card>
      ) : (
        <LatencyChart
          note={formatRequests(totals.count)}
          of={shownShort(`${method} ${route}`, 120)}
          range={{ fromMs: Date.parse(range.from), toMs: Date.parse(range.to) }}
          against={null}
          percentiles={USUAL_PERCENTILES}
          {...{ series, releases }}
        />
      )}
      {tail && tail.users.length > 0 && <SharedTail tail={tail} />}
    </>
  );
}

function SharedTail({ tail: { users } }: { tail: TailUsersAnswer }) {
  const ms = (us: number | null) => (us === null ? "–" : formatDuration(us));
  return (
    <Card flush title="Who is in the tail">
      <Table aria-label="Users in the tail">
        <thead>
          <tr>
            <Th>User</Th>
            <Th>Share of tail</Th>
            <Th>n</Th>
            <Th roomy>p50</Th>
            <Th roomy>p95</Th>
            <Th>p99</Th>
          </tr>
        </thead>
        <tbody>
          {users.map(({ user, tailShare, count, p50Us, p95Us, p99Us }) => (
            <tr key={user}>
              <Td className="max-w-0 min-w-32 truncate phone:w-[40%]">
                <Foreign text={user} />
              </Td>
              <Td>{formatShare(tailShare)}</Td>
              <Td className="text-muted">{formatCountExactly(count)}</Td>
              <Td roomy>{ms(p50Us)}</Td>
              <Td roomy>{ms(p95Us)}</Td>
              <Td>{ms(p99Us)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

import type { ReactNode } from "react";
import { formatCount } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { EndpointLink } from "@/components/queries/endpoint-link";
import { Card } from "@/components/ui/card";
import { CellHint } from "@/components/ui/cell-hint";
import { Table, Td, Th } from "@/components/ui/table";
import { UserLink } from "@/components/user/user-link";
import type { SlowRequestRow } from "@/lib/query/insight-answer-schemas";
import { ExactMoment } from "./exact-moment";
import { StatementText } from "./statement-text";
import { TraceId } from "./trace-id";

interface SlowRequestsCardProps {
  requests: readonly SlowRequestRow[];
  /** What tells them apart: whose they were, or of which endpoint. */
  by: "user" | "endpoint";
  kept: string;
  /** The table as a file. */
  files: ReactNode;
}

/** Single requests, slowest first: whose each was, and what its time went to. */
export function SlowRequestsCard({ requests, by, kept, files }: SlowRequestsCardProps) {
  return (
    <Card
      flush
      title="Slowest requests"
      note="the slowest that apps tell of, five an hour of each endpoint and instance"
      actions={files}
    >
      <Table aria-label="Slowest requests, and what their time went to">
        <thead>
          <tr>
            <Th>Latency</Th>
            <Th left>{by === "user" ? "User" : "Endpoint"}</Th>
            <Th title="How long at least one statement was on its way">Database</Th>
            <Th roomy title="How many statements it asked">
              Statements
            </Th>
            <Th left roomy>
              What took longest there
            </Th>
            <Th roomy>Ended</Th>
          </tr>
        </thead>
        <tbody>
          {requests.map((request) => (
            <Row key={request.id} {...{ request, by, kept }} />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function Row({ request, by, kept }: { request: SlowRequestRow } & Omit<SlowRequestsCardProps, "requests" | "files">) {
  const { at, latencyUs, databaseUs, statements, outcome, user, endpoint, traceId } = request;
  const share = latencyUs === 0 ? 0 : databaseUs / latencyUs;
  return (
    <tr className="align-top hover:bg-sunken">
      <Td className="font-semibold">{formatDuration(latencyUs)}</Td>
      <Td left wrap className="max-w-60 break-words">
        {by === "user" ? <UserLink user={user} search={kept} /> : <EndpointLink endpoint={endpoint} search={kept} />}
        {outcome !== "ok" && <span className="block text-small whitespace-nowrap text-muted">{OUTCOMES[outcome]}</span>}
        <span className="block text-small text-muted phone:hidden">
          {formatCount(statements)} statements, <Longest request={request} />
        </span>
      </Td>
      <Td>
        <CellHint text={`${formatDuration(databaseUs)} of ${formatDuration(latencyUs)}`}>{formatShare(share)}</CellHint>
      </Td>
      <Td roomy>{formatCount(statements)}</Td>
      <Td left roomy wrap className="w-full max-w-0 min-w-40">
        <Longest request={request} />
      </Td>
      <Td roomy className="text-muted">
        <ExactMoment at={at} />
        {traceId !== null && <TraceId id={traceId} />}
      </Td>
    </tr>
  );
}

const OUTCOMES: Record<SlowRequestRow["outcome"], string> = {
  ok: "",
  client_error: "client error",
  server_error: "server error",
  aborted: "the client left",
};

function Longest({ request: { slowest, statements } }: { request: SlowRequestRow }) {
  const [most] = slowest;
  if (most === undefined || most.statementId === null)
    return <span className="text-muted">{statements === 0 ? "asked no database" : "not told"}</span>;
  const times = most.count === 1 ? "" : `${formatCount(most.count)} times, together `;
  return (
    <>
      <StatementText id={most.statementId} text={most.statement} />
      <span className="block text-small text-muted">
        {times}
        {formatDuration(most.durationUs)}
      </span>
    </>
  );
}

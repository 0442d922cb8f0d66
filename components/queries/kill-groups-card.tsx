import type { ReactNode } from "react";
import { IsoMoment } from "@/components/alerts/iso-moment";
import { formatCount } from "@/components/format/count";
import { formatDuration, formatSpan } from "@/components/format/duration";
import { StatementText } from "@/components/statements/statement-text";
import { Card } from "@/components/ui/card";
import { CellHint } from "@/components/ui/cell-hint";
import { Table, Td, Th } from "@/components/ui/table";
import type { KillGroup } from "@/lib/query/insight-answer-schemas";
import { EndpointLink } from "./endpoint-link";

interface KillGroupsCardProps {
  groups: readonly KillGroup[];
  search: string;
  /** The table as a file. */
  files: ReactNode;
}

/** Each is a bug to be mended: which statement, of which endpoint, how often. */
export function KillGroupsCard({ groups, search, files }: KillGroupsCardProps) {
  return (
    <Card
      flush
      title="By statement and endpoint"
      note="each is a bug to be mended, not one that is gone"
      actions={files}
    >
      <Table aria-label="What was stopped, by statement and endpoint">
        <thead>
          <tr>
            <Th left>Statement</Th>
            <Th title="Signals that met their statement">Stopped</Th>
            <Th roomy title="What a dry run would have cancelled">
              Dry run
            </Th>
            <Th roomy title="Over the limit, and left alone">
              Left alone
            </Th>
            <Th roomy>Longest</Th>
            <Th roomy title="What the stopped ones would have run on for, by how long those of a dry run did">
              Saved
            </Th>
            <Th roomy title="p99 of the endpoint in this range">
              p99 of endpoint
            </Th>
            <Th>Last</Th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <Row key={`${group.statementId} ${group.endpoint?.name}`} group={group} search={search} />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function Row({ group, search }: { group: KillGroup; search: string }) {
  const { stopped } = group;
  return (
    <tr className="align-top hover:bg-sunken">
      <Td left wrap className="w-full max-w-0 min-w-40">
        {group.statementId === null ? (
          <span className="text-muted">not seen by the guard</span>
        ) : (
          <StatementText id={group.statementId} text={group.statement} />
        )}
        <span className="block truncate text-small text-muted">
          <EndpointLink endpoint={group.endpoint} search={search} />
        </span>
        <span className="block text-small whitespace-normal text-muted phone:hidden">{narrowWords(group)}</span>
      </Td>
      <Td className={stopped > 0 ? "font-semibold" : "text-faint"}>
        <CellHint
          text={`${group.cancelled} cancelled, ${group.terminated} connections closed, ${group.gone} over before`}
        >
          {orDash(stopped)}
        </CellHint>
      </Td>
      <Td roomy>{orDash(group.wouldCancel)}</Td>
      <Td roomy>{orDash(group.spared + group.blockers)}</Td>
      <Td roomy>{group.longestMs === null ? "–" : formatSpan(group.longestMs * 1_000)}</Td>
      <Td roomy>{group.savedMs === null || stopped === 0 ? <NotKnown /> : <Saved group={group} />}</Td>
      <Td roomy>{group.endpointP99Us === null ? "–" : formatDuration(group.endpointP99Us)}</Td>
      <Td className="text-muted">
        <IsoMoment at={group.lastAt} />
      </Td>
    </tr>
  );
}

/** What a phone has no column for. */
function narrowWords({ longestMs, savedMs, endpointP99Us, wouldCancel, spared, blockers }: KillGroup): string {
  const parts = [
    wouldCancel > 0 && `dry run ${formatCount(wouldCancel)}`,
    spared + blockers > 0 && `left alone ${formatCount(spared + blockers)}`,
    longestMs !== null && `longest ${formatSpan(longestMs * 1_000)}`,
    savedMs !== null && savedMs > 0 && `saved ${formatSpan(savedMs * 1_000)}`,
    endpointP99Us !== null && `p99 of endpoint ${formatDuration(endpointP99Us)}`,
  ];
  return parts.filter(Boolean).join(", ");
}

function NotKnown() {
  return (
    <CellHint className="text-faint" text="Nobody knows how long it would have run on: no dry run saw one end">
      –
    </CellHint>
  );
}

function Saved({ group }: { group: KillGroup }) {
  const { savedMs, wouldCancel } = group;
  const rests = `by ${formatCount(wouldCancel)} that a dry run let run on`;
  return (
    <CellHint
      className={wouldCancel < 10 ? "text-faint" : undefined}
      text={`${rests}${wouldCancel < 10 ? ": few" : ""}`}
    >
      {formatSpan(savedMs! * 1_000)}
    </CellHint>
  );
}

const orDash = (count: number): string => (count === 0 ? "–" : formatCount(count));

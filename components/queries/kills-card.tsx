"use client";
import type { ReactNode } from "react";
import { formatCountExactly } from "@/components/format/count";
import { formatDay, formatMomentFully, formatSeconds } from "@/components/format/time";
import { useZone } from "@/components/shell/clock";
import { formatSpan } from "@/components/format/duration";
import { shownText } from "@/components/format/shown";
import { StatementText } from "@/components/statements/statement-text";
import { Card } from "@/components/ui/card";
import { classes } from "@/components/ui/classes";
import { Table, Td, Th } from "@/components/ui/table";
import type { KillRow } from "@/lib/query/insight-answer-schemas";
import { ACTION_WORDS, isKill, outcomeWords } from "./kill-words";

interface KillsCardProps {
  kills: readonly KillRow[];
  of: number;
  /** All of them as a file. */
  files: ReactNode;
}

/** One by one, newest first. */
export function KillsCard({ kills, of, files }: KillsCardProps) {
  return (
    <Card
      flush
      title="One by one"
      actions={files}
      note={
        kills.length < of ? `the last ${formatCountExactly(kills.length)} of ${formatCountExactly(of)}` : "newest first"
      }
    >
      <Table aria-label="What the guard did, one by one">
        <thead>
          <tr>
            <Th>Time</Th>
            <Th left>What</Th>
            <Th left roomy>
              Statement
            </Th>
            <Th roomy>Ran for</Th>
            <Th left roomy>
              Why
            </Th>
            <Th roomy>pid</Th>
          </tr>
        </thead>
        <tbody>
          {kills.map((kill) => (
            <Row key={kill.id} kill={kill} />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

/** To the second, to be found in the database's own log. */
function Exactly({ at }: { at: string }) {
  const zone = useZone();
  const atMs = Date.parse(at);
  return (
    <time dateTime={at} title={formatMomentFully(atMs, zone)}>
      <span className="block">{formatDay(atMs, zone)}</span>
      {formatSeconds(atMs, zone)}
    </time>
  );
}

function Row({ kill }: { kill: KillRow }) {
  const { at, endpoint, op, statementId, statement, ageMs, detail, waitEvent, applicationName, pid } = kill;
  const text =
    statementId === null ? (
      <span className="text-muted">not seen by the guard</span>
    ) : (
      <StatementText id={statementId} text={statement} />
    );
  const from = [endpoint, op, applicationName].filter((part) => part !== null).map(shownText);
  return (
    <tr className="align-top">
      <Td className="text-muted">
        <Exactly at={at} />
      </Td>
      <Td left className="w-full max-w-0 phone:w-auto phone:max-w-none">
        <span className={classes("block", isKill(kill) && "font-semibold")}>{ACTION_WORDS[kill.action]}</span>
        <span className="block text-small text-muted">{outcomeWords(kill)}</span>
        <span className="block text-small whitespace-normal text-muted phone:hidden">
          {shownText(detail)}
          {ageMs !== null && `, ${formatSpan(ageMs * 1_000)}`}
        </span>
        <span className="mt-1 block whitespace-normal phone:hidden">{text}</span>
        <span className="block truncate text-small text-muted phone:hidden">{from.join(" · ")}</span>
      </Td>
      <Td left wrap roomy className="w-full max-w-0 min-w-40">
        {text}
        <span className="block truncate text-small text-muted">{from.join(" · ")}</span>
      </Td>
      <Td roomy>{ageMs === null ? "–" : formatSpan(ageMs * 1_000)}</Td>
      <Td left wrap roomy className="min-w-44 text-small">
        {shownText(detail)}
        {waitEvent !== null && <span className="block text-muted">waits: {shownText(waitEvent)}</span>}
      </Td>
      <Td roomy className="text-muted">
        {pid}
      </Td>
    </tr>
  );
}

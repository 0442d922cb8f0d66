"use client";
import type { ReactNode } from "react";
import { formatCountExactly } from "@/components/format/count";
import { formatSpan } from "@/components/format/duration";
import { shownText } from "@/components/format/shown";
import { ExactMoment } from "@/components/statements/exact-moment";
import { StatementText } from "@/components/statements/statement-text";
import { Card } from "@/components/ui/card";
import { classes } from "@/components/ui/classes";
import { Table, Td, Th } from "@/components/ui/table";
import type { KillRow, StopRow } from "@/lib/query/insight-answer-schemas";
import { AskedBy } from "./asked-by";
import { StopRowView } from "./stop-row";
import { ACTION_WORDS, isKill, outcomeWords } from "./kill-words";

interface KillsCardProps {
  kills: readonly KillRow[];
  stops: readonly StopRow[];
  /** How many there are in the range. */
  of: number;
  search: string;
  /** All of them as a file. */
  files: ReactNode;
}

/** One by one, newest first: what guards did, and what else was stopped. */
export function KillsCard({ kills, stops, of, search, files }: KillsCardProps) {
  const shown = [...kills, ...stops].toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return (
    <Card
      flush
      title="One by one"
      actions={files}
      note={
        shown.length < of ? `the last ${formatCountExactly(shown.length)} of ${formatCountExactly(of)}` : "newest first"
      }
    >
      <Table aria-label="What was stopped, one by one">
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
          {shown.map((one) =>
            "action" in one ? (
              <Row key={one.id} kill={one} search={search} />
            ) : (
              <StopRowView key={one.id} stop={one} search={search} />
            ),
          )}
        </tbody>
      </Table>
    </Card>
  );
}

function Row({ kill, search }: { kill: KillRow; search: string }) {
  const { request, at, endpoint, op, statementId, statement, ageMs, detail, waitEvent, applicationName, pid } = kill;
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
        <ExactMoment at={at} />
      </Td>
      <Td left className="w-full max-w-0 phone:w-auto phone:max-w-none">
        <span className={classes("block", isKill(kill) && "font-semibold")}>{ACTION_WORDS[kill.action]}</span>
        <span className="block text-small text-muted">{outcomeWords(kill)}</span>
        <span className="block text-small whitespace-normal text-muted phone:hidden">
          {shownText(detail)}
          {ageMs !== null && `, ${formatSpan(ageMs * 1_000)}`}
          {request !== null && <AskedBy {...request} search={search} />}
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
        {request !== null && <AskedBy {...request} search={search} />}
        {waitEvent !== null && <span className="block text-muted">waits: {shownText(waitEvent)}</span>}
      </Td>
      <Td roomy className="text-muted">
        {pid}
      </Td>
    </tr>
  );
}

"use client";
import { formatAge } from "@/components/format/duration";
import { Card } from "@/components/ui/card";
import { Foreign } from "@/components/ui/foreign";
import { PageLink } from "@/components/ui/page-link";
import { ROW_HOVER, ROW_LINK } from "@/components/ui/row-link";
import { Table, Td, Th } from "@/components/ui/table";
import { TableFiles } from "@/components/ui/table-files";
import type { AlertBoardAnswer } from "@/lib/alerts/board";
import type { AlertPending } from "@/lib/query/alert-board-answers";
import { About } from "../about";
import { seenWords } from "../seen-words";
import { StateBadge } from "../state-badge";

/** What breaches, and has not for long enough: the next to fire first. */
export function PendingCard({ answer: { pending, readAt } }: { answer: AlertBoardAnswer }) {
  return (
    <Card
      title="Pending"
      note="breaching, and not yet for as long as the rule says"
      actions={<TableFiles table="alert-pending" label="what is pending" />}
      flush
    >
      <Table aria-label="Pending">
        <thead>
          <tr>
            <Th>Rule</Th>
            <Th left roomy>
              What
            </Th>
            <Th>Seen</Th>
            <Th roomy>Threshold</Th>
            <Th>Fires in</Th>
          </tr>
        </thead>
        <tbody>
          {pending.map((one) => (
            <Row key={`${one.ruleId} ${one.series}`} one={one} nowMs={Date.parse(readAt)} />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function Row({ one, nowMs }: { one: AlertPending; nowMs: number }) {
  const { value, threshold } = seenWords(one.observed);
  return (
    <tr className={`${ROW_HOVER} relative hover:bg-sunken`} {...ROW_LINK}>
      <Td wrap className="max-w-0 min-w-44 phone:w-[38%]">
        <span className="flex items-center gap-2">
          <StateBadge state="pending" />
          <PageLink
            href={`/alerts/rules/${one.ruleId}`}
            className="min-w-0 truncate font-medium after:absolute after:inset-0"
          >
            <Foreign text={one.rule} />
          </PageLink>
        </span>
        <span className="mt-0.5 block truncate text-small phone:hidden">
          <About endpoint={one.endpoint} user={one.user} whole="the whole service" />
        </span>
      </Td>
      <Td left roomy className="max-w-0 phone:w-[34%]">
        <About endpoint={one.endpoint} user={one.user} whole="the whole service" />
      </Td>
      <Td className="font-medium">{value ?? "–"}</Td>
      <Td roomy className="text-muted">
        {threshold ?? "–"}
      </Td>
      <Td>{one.firesAt === null ? "–" : dueWords(Date.parse(one.firesAt) - nowMs)}</Td>
    </tr>
  );
}

const dueWords = (ms: number): string => (ms <= 0 ? "next round" : formatAge(ms));

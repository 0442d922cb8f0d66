"use client";
import { useSearchParams } from "next/navigation";
import { toCsv } from "@/components/charts/figures";
import type { Initial } from "@/components/data/use-answer";
import { formatCountExactly } from "@/components/format/count";
import { formatSpan } from "@/components/format/duration";
import { keptSearch } from "@/components/range/kept-search";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { EmptyState } from "@/components/ui/empty-state";
import type { ServicesAnswer } from "@/lib/query/answers";
import type { InsightStatementsAnswer, ServiceStatement } from "@/lib/query/insight-answer-schemas";
import { QueriesFrame } from "./queries-frame";
import { StatementsTable } from "./statements-table";
import { WrapHint } from "./wrap-hint";

interface StatementsPageProps {
  services: ServicesAnswer["services"];
  initial: Initial<InsightStatementsAnswer> | undefined;
}

/** Which statements take the databases' time, and from which endpoints they come. */
export function StatementsPage({ services, initial }: StatementsPageProps) {
  const asked = useSearchParams();
  return (
    <QueriesFrame<InsightStatementsAnswer>
      title="Statements"
      path="/data/insight/statements"
      {...{ services, initial }}
    >
      {(answer, place) =>
        answer.told ? <StatementsCard answer={answer} search={keptSearch(asked, { ...place })} /> : <WrapHint />
      }
    </QueriesFrame>
  );
}

function StatementsCard({ answer, search }: { answer: InsightStatementsAnswer; search: string }) {
  const { statements, statementCount, totalUs } = answer;
  if (statementCount === 0)
    return (
      <Card flush>
        <EmptyState title="No statements in this range">The app asked its database nothing, or did not run.</EmptyState>
      </Card>
    );
  const listed = statements.length < statementCount ? `${formatCountExactly(statements.length)} of ` : "";
  return (
    <Card
      flush
      title="Most time first"
      note={`${listed}${formatCountExactly(statementCount)} statements at endpoints, ${formatSpan(totalUs)} in all`}
      actions={
        <CopyButton label="Copy these statements as CSV" text={() => toCsv(figuresOf(statements))}>
          CSV
        </CopyButton>
      }
    >
      <StatementsTable {...{ statements, search }} />
    </Card>
  );
}

function figuresOf(rows: readonly ServiceStatement[]) {
  const ms = (us: number | null | undefined) => (us === null || us === undefined ? null : us / 1_000);
  return {
    columns: [
      "statement",
      "id",
      "endpoint",
      "share of time",
      "n",
      "p50 (ms)",
      "p95 (ms)",
      "p99 (ms)",
      "max (ms)",
      "failed",
    ],
    rows: rows.map((row) => [
      row.statement ?? "",
      row.statementId ?? "",
      row.endpoint.name,
      row.share,
      row.count,
      ...[50, 95, 99].map((q) => ms(row.percentiles[`p${q}Us`])),
      ms(row.maxUs),
      row.failed,
    ]),
  };
}

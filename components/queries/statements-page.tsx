"use client";
import { useSearchParams } from "next/navigation";
import type { Initial } from "@/components/data/use-answer";
import { formatCountExactly } from "@/components/format/count";
import { formatSpan } from "@/components/format/duration";
import { keptSearch } from "@/components/range/kept-search";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { TableFiles } from "@/components/ui/table-files";
import type { ServicesAnswer } from "@/lib/query/answers";
import type { InsightStatementsAnswer } from "@/lib/query/insight-answer-schemas";
import { placeFiles } from "./placed-search";
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
        answer.told ? (
          <StatementsCard answer={answer} search={keptSearch(asked, { ...place })} files={placeFiles(place)} />
        ) : (
          <WrapHint />
        )
      }
    </QueriesFrame>
  );
}

interface StatementsCardProps {
  answer: InsightStatementsAnswer;
  search: string;
  /** The parameters of its file. */
  files: string;
}

function StatementsCard({ answer, search, files }: StatementsCardProps) {
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
      actions={<TableFiles table="statements" label="these statements" search={files} range={answer.range} />}
    >
      <StatementsTable {...{ statements, search }} />
    </Card>
  );
}

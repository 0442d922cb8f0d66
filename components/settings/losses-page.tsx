"use client";
import { useMemo } from "react";
import { ErrorState } from "@/components/answer/error-state";
import { useAnswer, type Initial } from "@/components/data/use-answer";
import { formatCountExactly } from "@/components/format/count";
import { shownRange } from "@/components/range/plot-range";
import { refreshMs } from "@/components/range/refresh";
import { useView } from "@/components/range/use-view";
import { ViewToolbar } from "@/components/range/view-toolbar";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Foreign } from "@/components/ui/foreign";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { Table, Td, Th } from "@/components/ui/table";
import { WithCode } from "@/components/ui/with-code";
import { TableFiles } from "@/components/ui/table-files";
import type { LossesAnswer } from "@/lib/query/answers";
import { lossesSearch } from "./losses-search";

type Texts = Readonly<Record<string, string>>;

interface LossesPageProps {
  initial: Initial<LossesAnswer> | undefined;
  lossTexts: Texts;
  /** What to do about each code of a refusal. */
  refusalTexts: Texts;
}

/** Everything that could not be kept or told apart, with its reason: nothing is dropped silently. */
export function LossesPage({ initial, lossTexts, refusalTexts }: LossesPageProps) {
  const { view, change } = useView();
  const asked = useAnswer<LossesAnswer>({
    path: "/data/losses",
    search: lossesSearch(view),
    initial,
    refreshMs: refreshMs(view),
  });
  const { answer, error, updatedAt, retry } = asked;
  const shown = useMemo(() => shownRange(answer?.range ?? { from: view.from, to: view.to }), [answer, view]);
  return (
    <>
      <PageHeader title="Losses" note="what is missing from the figures, or counted elsewhere">
        <ViewToolbar {...{ view, shown, updatedAt, change }} failed={error !== null} comparable={false} />
      </PageHeader>
      {error && <ErrorState error={error} kept={answer !== undefined} retry={retry} />}
      {!answer && !error && <Skeleton className="h-48 rounded-[10px]" />}
      {answer && (
        <div className="flex flex-col gap-4">
          <LossTable answer={answer} texts={lossTexts} />
          <RefusalTable answer={answer} texts={refusalTexts} />
        </div>
      )}
    </>
  );
}

function LossTable({ answer, texts }: { answer: LossesAnswer; texts: Texts }) {
  const rows = answer.services.flatMap(({ service, environment, losses }) =>
    losses.map(({ reason, count, unit }) => ({
      key: `${service}/${environment}/${reason}`,
      service,
      environment,
      reason,
      count,
      unit,
    })),
  );
  return (
    <Card
      flush
      title="Requests"
      note="by service and reason"
      actions={<TableFiles table="losses" label="these losses" range={answer.range} />}
    >
      {rows.length === 0 ? (
        <EmptyState title="No losses in this range">
          Every request that was sent is in the figures under its own name.
        </EmptyState>
      ) : (
        <Table aria-label="Losses">
          <thead>
            <tr>
              <Th>Reason</Th>
              <Th left roomy>
                Service
              </Th>
              <Th>Requests</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, service, environment, reason, count, unit }) => (
              <tr key={key}>
                <Td wrap className="max-w-xl">
                  <span className="mr-2 font-mono text-small">{reason}</span>
                  <span className="text-muted">
                    <WithCode text={texts[reason] ?? ""} />
                  </span>
                  <span className="block text-small text-muted phone:hidden">
                    <Foreign text={service} />, <Foreign text={environment} />
                  </span>
                </Td>
                <Td left roomy className="text-muted">
                  <Foreign text={service} />, <Foreign text={environment} />
                </Td>
                <Td>
                  {formatCountExactly(count)}
                  {unit === "entries" && <span className="text-muted"> {count === 1 ? "entry" : "entries"}</span>}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

function RefusalTable({ answer: { refused, range }, texts }: { answer: LossesAnswer; texts: Texts }) {
  if (refused.length === 0) return null;
  return (
    <Card
      flush
      title="Batches refused whole"
      note="the sender was told; what it sent again later is counted"
      actions={<TableFiles table="refusals" label="these refusals" range={range} />}
    >
      <Table aria-label="Refusals">
        <thead>
          <tr>
            <Th>Code</Th>
            <Th>Batches</Th>
          </tr>
        </thead>
        <tbody>
          {refused.map(({ code, count }) => (
            <tr key={code}>
              <Td wrap className="max-w-xl">
                <span className="mr-2 font-mono text-small">{code}</span>
                <span className="text-muted">
                  <WithCode text={texts[code] ?? ""} />
                </span>
              </Td>
              <Td>{formatCountExactly(count)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

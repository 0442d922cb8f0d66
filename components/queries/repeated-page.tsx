"use client";
import { useSearchParams } from "next/navigation";
import type { Initial } from "@/components/data/use-answer";
import { formatCountExactly } from "@/components/format/count";
import { keptSearch } from "@/components/range/kept-search";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { TableFiles } from "@/components/ui/table-files";
import type { ServicesAnswer } from "@/lib/query/answers";
import type { InsightRepeatsAnswer } from "@/lib/query/loading-answer-schemas";
import { placeFiles } from "./placed-search";
import { QueriesFrame } from "./queries-frame";
import { RepeatCard } from "./repeat-card";

interface RepeatedPageProps {
  services: ServicesAnswer["services"];
  initial: Initial<InsightRepeatsAnswer> | undefined;
}

/** Which statements requests run again and again, what for, and what to write instead. */
export function RepeatedPage({ services, initial }: RepeatedPageProps) {
  const asked = useSearchParams();
  return (
    <QueriesFrame<InsightRepeatsAnswer> title="Repeated" path="/data/insight/repeats" {...{ services, initial }}>
      {({ repeats, repeatCount, told, partial, range }, place) =>
        repeats.length === 0 ? (
          <NothingRepeats told={told} />
        ) : (
          <>
            <p className="text-table text-muted">
              {repeats.length < repeatCount && `${formatCountExactly(repeats.length)} of `}
              {repeatCount === 1
                ? "1 statement that requests run again and again."
                : `${formatCountExactly(repeatCount)} statements that requests run again and again, those that cost most first.`}
              {partial && " There is more than is read at once: only the last hours count."}{" "}
              <TableFiles table="repeated" label="these statements" search={placeFiles(place)} range={range} />
            </p>
            {repeats.map((repeat) => (
              <RepeatCard
                key={`${repeat.statementId} ${repeat.endpoint.name}`}
                {...{ repeat, search: keptSearch(asked, { ...place }) }}
              />
            ))}
          </>
        )
      }
    </QueriesFrame>
  );
}

function NothingRepeats({ told }: { told: boolean }) {
  return (
    <Card flush>
      <EmptyState title="No statement that should not repeat">
        {told
          ? "Some statements repeat, and none of them is known to run once for each row of another one."
          : "No request of a wrapped database ran one statement five times in this range."}
      </EmptyState>
    </Card>
  );
}

"use client";
import { ErrorState } from "@/components/answer/error-state";
import { useAnswer } from "@/components/data/use-answer";
import { TableFiles } from "@/components/ui/table-files";
import type { InsightRequestsAnswer } from "@/lib/query/insight-answer-schemas";
import { SlowRequestsCard } from "./slow-requests-card";

interface SlowRequestsSectionProps {
  /** What of: an endpoint's id, or a user. */
  of: { endpoint: number } | { user: string };
  place: { service: string; environment: string };
  /** `from=…&to=…` */
  rangeSearch: string;
  refreshMs: number | false;
  /** What links take along, as `?from=…`. */
  kept: string;
}

/** A page is no log: the API has more. */
const MOST_SHOWN = 10;

/** The slowest single requests of an endpoint, or of a user; nothing where no app has told of any. */
export function SlowRequestsSection({ of, place, rangeSearch, refreshMs, kept }: SlowRequestsSectionProps) {
  const asked = new URLSearchParams(rangeSearch);
  for (const [name, value] of Object.entries({ ...place, ...of })) asked.set(name, String(value));
  const { answer, error, retry } = useAnswer<InsightRequestsAnswer>({
    path: "/data/insight/requests",
    search: `${asked.toString()}&limit=${MOST_SHOWN}`,
    refreshMs,
  });
  if (error !== null) return <ErrorState error={error} kept={answer !== undefined} retry={retry} />;
  if (answer === undefined || answer.requests.length === 0) return null;
  const files = (
    <TableFiles table="slow-requests" label="these requests" search={asked.toString()} range={answer.range} />
  );
  return (
    <SlowRequestsCard requests={answer.requests} by={"endpoint" in of ? "user" : "endpoint"} {...{ kept, files }} />
  );
}

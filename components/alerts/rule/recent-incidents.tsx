"use client";
import { Moment } from "@/components/account/moment";
import { useAnswer } from "@/components/data/use-answer";
import { formatAge } from "@/components/format/duration";
import { Card } from "@/components/ui/card";
import { PageLink } from "@/components/ui/page-link";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { SeverityWord, StateBadge } from "../state-badge";

const MOST = 5;
const REFRESH_MS = 10_000;

/** The last incidents that a rule opened. */
export function RecentIncidents({ rule }: { rule: string }) {
  const search = new URLSearchParams({ rule, limit: String(MOST) }).toString();
  const { answer, error, updatedAt } = useAnswer<AlertAnswer<"AlertIncidents">>({
    path: "/api/v1/alerts/incidents",
    search,
    refreshMs: REFRESH_MS,
  });
  const incidents = answer?.incidents ?? [];
  return (
    <Card
      title="Incidents"
      actions={
        answer !== undefined &&
        answer.next !== null && (
          <PageLink href={`/alerts/incidents?rule=${rule}`} className="text-accent hover:underline">
            All
          </PageLink>
        )
      }
    >
      {incidents.length === 0 && (
        <p className="text-table text-muted">
          {error ? error.message : answer === undefined ? "Reading …" : "It has opened none."}
        </p>
      )}
      <ul className="text-table">
        {incidents.map(({ id, state, severity, openedAt, resolvedAt }) => (
          <li key={id} className="flex items-center gap-3 border-b border-line-soft py-1.5 last:border-0 last:pb-0">
            <PageLink href={`/alerts/incidents/${id}`} className="font-medium hover:underline">
              <Moment at={new Date(openedAt)} />
            </PageLink>
            <span className="text-muted">
              {formatAge((resolvedAt === null ? updatedAt : Date.parse(resolvedAt)) - Date.parse(openedAt))}
            </span>
            <SeverityWord severity={severity} />
            <span className="ml-auto">
              <StateBadge state={state} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

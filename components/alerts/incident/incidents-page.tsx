"use client";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { Moment } from "@/components/account/moment";
import { ErrorState } from "@/components/answer/error-state";
import { useAnswer, type Initial } from "@/components/data/use-answer";
import { formatAge } from "@/components/format/duration";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Choice } from "@/components/ui/choice";
import { EmptyState } from "@/components/ui/empty-state";
import { Foreign } from "@/components/ui/foreign";
import { PageHeader } from "@/components/ui/page-header";
import { PageLink } from "@/components/ui/page-link";
import { moveByRow } from "@/components/ui/row-keys";
import { ROW_HOVER, ROW_LINK } from "@/components/ui/row-link";
import { Skeleton } from "@/components/ui/skeleton";
import { Table, Td, Th } from "@/components/ui/table";
import { TableFiles } from "@/components/ui/table-files";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { SeverityWord, StateBadge } from "../state-badge";
import { incidentsSearch, type IncidentsWish } from "./incidents-search";

type Incidents = AlertAnswer<"AlertIncidents">;

const STATES = ["all", "open", "resolved"] as const;
const parsers = {
  state: parseAsStringLiteral(STATES).withDefault("all"),
  rule: parseAsString.withDefault(""),
  before: parseAsString.withDefault(""),
};
const CHOICES = [
  { value: "all", label: "All" },
  { value: "open", label: "Open" },
  { value: "resolved", label: "Resolved" },
] as const;
const INCIDENTS_TITLE = { all: "All incidents", open: "Open incidents", resolved: "Resolved incidents" };
const REFRESH_MS = 10_000;

/** Every incident, the latest first. */
export function IncidentsPage({ initial }: { initial: Initial<Incidents> | undefined }) {
  const [wish, setWish] = useQueryStates(parsers, { history: "push" });
  const { answer, error, retry, updatedAt, stale } = useAnswer<Incidents>({
    path: "/api/v1/alerts/incidents",
    search: incidentsSearch(wish),
    refreshMs: REFRESH_MS,
    ...(initial === undefined ? {} : { initial }),
  });
  return (
    <>
      <PageHeader title="Incidents" note="the latest first">
        <Choice
          label="Which incidents"
          options={CHOICES}
          value={wish.state}
          onChange={(state) => void setWish({ state, before: null })}
        />
      </PageHeader>
      {error && <ErrorState error={error} kept={answer !== undefined} retry={retry} />}
      {answer === undefined && error === null && <Skeleton className="h-72 rounded-[10px]" />}
      {answer && (
        <Card
          flush
          title={INCIDENTS_TITLE[wish.state]}
          actions={
            <TableFiles
              table="alert-incidents"
              label="these incidents"
              search={incidentsSearch({ ...wish, before: "" })}
            />
          }
          className={stale ? "opacity-60" : ""}
        >
          {answer.incidents.length === 0 ? (
            <Empty wish={wish} />
          ) : (
            <IncidentsTable incidents={answer.incidents} nowMs={updatedAt} />
          )}
        </Card>
      )}
      {answer && (wish.before !== "" || answer.next !== null) && (
        <div className="mt-3 flex justify-end gap-2">
          {wish.before !== "" && <Button onClick={() => void setWish({ before: null })}>Latest</Button>}
          {answer.next !== null && <Button onClick={() => void setWish({ before: answer.next })}>Older</Button>}
        </div>
      )}
    </>
  );
}

function Empty({ wish }: { wish: IncidentsWish }) {
  const isFiltered = wish.state !== "all" || wish.rule !== "" || wish.before !== "";
  return isFiltered ? (
    <EmptyState title="No such incident">
      {wish.state === "open" ? "Nothing is open." : "None of these is kept; they are kept for 400 days."}
    </EmptyState>
  ) : (
    <EmptyState title="No incident yet">When a rule fires, what fired together becomes an incident.</EmptyState>
  );
}

function IncidentsTable({ incidents, nowMs }: { incidents: Incidents["incidents"]; nowMs: number }) {
  return (
    <Table aria-label="Incidents">
      <thead>
        <tr>
          <Th>Rule</Th>
          <Th left roomy>
            Service
          </Th>
          <Th roomy>Series</Th>
          <Th roomy>Severity</Th>
          <Th>Opened</Th>
          <Th>Lasted</Th>
          <Th>State</Th>
        </tr>
      </thead>
      <tbody onKeyDown={moveByRow}>
        {incidents.map((incident) => (
          <Row key={incident.id} incident={incident} nowMs={nowMs} />
        ))}
      </tbody>
    </Table>
  );
}

function Row({ incident, nowMs }: { incident: Incidents["incidents"][number]; nowMs: number }) {
  const { counts, openedAt, resolvedAt, state } = incident;
  const endMs = resolvedAt === null ? nowMs : Date.parse(resolvedAt);
  return (
    <tr className={`${ROW_HOVER} relative hover:bg-sunken has-focus-visible:bg-accent-soft`} {...ROW_LINK}>
      <Td className="max-w-0 min-w-28 truncate phone:w-[40%]">
        <PageLink href={`/alerts/incidents/${incident.id}`} className="font-medium after:absolute after:inset-0">
          <Foreign text={incident.rule} />
        </PageLink>
      </Td>
      <Td left roomy className="max-w-48 truncate text-muted">
        <Foreign text={`${incident.service}, ${incident.environment}`} />
      </Td>
      <Td roomy className="text-muted">
        {counts.firing + counts.resolved}
      </Td>
      <Td roomy>
        <SeverityWord severity={incident.severity} />
      </Td>
      <Td>
        <Moment at={new Date(openedAt)} />
      </Td>
      <Td className="text-muted">{formatAge(endMs - Date.parse(openedAt))}</Td>
      <Td>
        <StateBadge state={state} />
      </Td>
    </tr>
  );
}

"use client";
import { parseAsString, useQueryState } from "nuqs";
import { ErrorState } from "@/components/answer/error-state";
import { useAnswer, type Initial } from "@/components/data/use-answer";
import { PlotRange } from "@/components/range/plot-range";
import { RangePicker } from "@/components/range/range-picker";
import { rangeOf } from "@/components/range/view";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { chartOf } from "../chart-of";
import { DeliveriesCard } from "../deliveries-card";
import { Marked } from "../marked";
import { ruleOf } from "../rule-words";
import { ChartOf, SeriesChart, type SeriesPlace } from "../series-chart";
import { StoppedLink } from "../stopped-link";
import { IncidentHeader } from "./incident-header";
import { MembersCard } from "./members-card";
import { TimelineCard } from "./timeline-card";
import { useIncidentView } from "./use-incident-view";

type Incident = AlertAnswer<"AlertIncident">;
type Rule = AlertAnswer<"AlertRule">;

interface IncidentPageProps {
  initial: Initial<Incident>;
  /** `null`: it is gone since. */
  rule: Rule | null;
}

const REFRESH_MS = 5_000;

/** What fired together: since when, how bad, what happened, and who was told. */
export function IncidentPage({ initial, rule }: IncidentPageProps) {
  const { id } = initial.answer;
  const asked = useAnswer<Incident>({
    path: `/api/v1/alerts/incidents/${id}`,
    search: "",
    initial,
    refreshMs: REFRESH_MS,
  });
  const incident = asked.answer ?? initial.answer;
  const { view, change } = useIncidentView(incident, asked.updatedAt);
  const { service, environment } = incident;
  const [chosen, setChosen] = useQueryState("series", parseAsString.withDefault(""));
  const shown = incident.members.find((member) => keyOf(member) === chosen) ?? incident.members[0] ?? null;
  const chart = chartOf(rule && ruleOf(rule), shown?.observed ?? null);
  const place = { endpoint: shown?.endpoint ?? null, user: shown?.user ?? null, service, environment };
  return (
    <PlotRange view={view} change={change}>
      <IncidentHeader incident={incident} rule={rule} updatedAt={asked.updatedAt} onDone={asked.retry}>
        <RangePicker view={view} shown={rangeOf(view, asked.updatedAt)} change={change} />
      </IncidentHeader>
      {asked.error && <ErrorState error={asked.error} kept retry={asked.retry} />}
      <div className="grid items-start gap-4 wide:grid-cols-[minmax(0,1.36fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <ChartOf place={place} />
          <StoppedLink seen={shown?.observed ?? null} {...{ place, view }} />
          <Marked of={{ incident: id, ...marksOf(place) }} view={view}>
            <SeriesChart {...{ place, chart, view, change }} />
          </Marked>
          <MembersCard incident={incident} chosen={shown} onChoose={(member) => void setChosen(keyOf(member))} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <TimelineCard timeline={incident.timeline} />
          <DeliveriesCard of={{ incident: id }} />
        </div>
      </div>
    </PlotRange>
  );
}

const keyOf = ({ ruleId, series }: Incident["members"][number]): string => `${ruleId} ${series}`;

/** Of what the chart shows; a whole service has no mark of its own to ask for. */
function marksOf({ endpoint, user }: SeriesPlace) {
  if (user !== null) return { user };
  return endpoint === null ? {} : { endpoint: String(endpoint.id) };
}

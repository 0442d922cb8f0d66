"use client";
import { parseAsString, useQueryState } from "nuqs";
import { ErrorState } from "@/components/answer/error-state";
import { useAnswer, type Initial } from "@/components/data/use-answer";
import { PlotRange } from "@/components/range/plot-range";
import { RangePicker } from "@/components/range/range-picker";
import { useView } from "@/components/range/use-view";
import { rangeOf } from "@/components/range/view";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { chartOf } from "../chart-of";
import { DeliveriesCard } from "../deliveries-card";
import { Marked } from "../marked";
import { ruleOf } from "../rule-words";
import { ChartOf, SeriesChart } from "../series-chart";
import { StoppedLink } from "../stopped-link";
import { BackTestCard } from "./back-test-card";
import { RecentIncidents } from "./recent-incidents";
import { RuleFacts } from "./rule-facts";
import { RuleHeader } from "./rule-header";
import { SeriesCard } from "./series-card";

type Rule = AlertAnswer<"AlertRule">;

interface RulePageProps {
  initial: Initial<Rule>;
  /** Names of receivers by id. */
  receivers: Readonly<Record<string, string>>;
}

const REFRESH_MS = 5_000;

/** One rule: what it judges, how it stands, what it would have done, and whom it told. */
export function RulePage({ initial, receivers }: RulePageProps) {
  const { id } = initial.answer;
  const asked = useAnswer<Rule>({ path: `/api/v1/alerts/rules/${id}`, search: "", initial, refreshMs: REFRESH_MS });
  const answer = asked.answer ?? initial.answer;
  const { view, change } = useView();
  const [chosen, setChosen] = useQueryState("series", parseAsString.withDefault(""));
  const rule = ruleOf(answer);
  const series = answer.series.find((one) => one.series === chosen) ?? answer.series[0];
  const { service, environment } = rule;
  const place = { endpoint: series?.endpoint ?? null, user: series?.user ?? null, service, environment };
  return (
    <PlotRange view={view} change={change}>
      <RuleHeader answer={answer} onDone={asked.retry}>
        <RangePicker view={view} shown={rangeOf(view, asked.updatedAt)} change={change} />
      </RuleHeader>
      {asked.error && <ErrorState error={asked.error} kept retry={asked.retry} />}
      <div className="grid items-start gap-4 wide:grid-cols-[minmax(0,1.36fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          {series === undefined && isNamed(rule) ? (
            <NothingSent />
          ) : (
            <>
              <ChartOf place={place} />
              <StoppedLink seen={series?.observed ?? null} {...{ place, view }} />
              <Marked of={{ rule: id }} view={{ ...view, service: "", environment: "" }}>
                <SeriesChart chart={chartOf(rule, series?.observed ?? null)} {...{ place, view, change }} />
              </Marked>
            </>
          )}
          <BackTestCard rule={id} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <SeriesCard answer={answer} chosen={series?.series} onChoose={(next) => void setChosen(next)} />
          <RuleFacts answer={answer} receivers={receivers} />
          <RecentIncidents rule={id} />
          <DeliveriesCard of={{ rule: id }} />
        </div>
      </div>
    </PlotRange>
  );
}

/** Whether it is about endpoints by name, which may not exist. */
const isNamed = (rule: ReturnType<typeof ruleOf>): boolean =>
  rule.kind !== "prefill" && (rule.endpoint !== undefined || rule.endpoints !== undefined);

function NothingSent() {
  return (
    <Card flush>
      <EmptyState title="No such endpoint">
        Nothing was ever sent under the service, environment and endpoint that this rule names. Is one of them mistyped?
        When something is sent, it is judged.
      </EmptyState>
    </Card>
  );
}

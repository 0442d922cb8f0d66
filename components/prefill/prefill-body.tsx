"use client";
import { useSearchParams } from "next/navigation";
import { useCallback } from "react";
import type { TimeRange } from "@/components/range/view";
import { keptSearch } from "@/components/range/kept-search";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Skeleton } from "@/components/ui/skeleton";
import { userAddress } from "@/components/user/user-search";
import type { PrefillCandidatesAnswer, PrefillSettingsAnswer } from "@/lib/query/prefill-answers";
import { CandidatesCard } from "./candidates-card";
import { DefineCard } from "./define-card";
import { DraftBar } from "./draft-bar";
import { budgetOf } from "./draft";
import { EffectCard } from "./effect-card";
import { FillsChart } from "./fills-chart";
import { ForecastChart } from "./forecast-chart";
import { FrontierCard } from "./frontier-card";
import { GoalCard } from "./goal-card";
import { ModeBanners } from "./mode-banners";
import type { Place } from "./place";
import { PrefillTiles } from "./prefill-tiles";
import { SPAN_NAMES, type Span } from "./prefill-search";
import { ReliabilityCard } from "./reliability-card";
import { UsageCard } from "./usage-card";
import { useChangeSettings, type ChangingSettings } from "./use-change-settings";
import type { Drafting } from "./use-draft";
import type { PrefillAsked } from "./use-prefill";

interface PrefillBodyProps {
  place: Place;
  settings: PrefillSettingsAnswer;
  asked: PrefillAsked;
  drafting: Drafting;
  shown: TimeRange;
  span: Span;
  onSpan: (span: Span) => void;
  switching: ChangingSettings;
}

export function PrefillBody(props: PrefillBodyProps) {
  const { place, settings, asked, drafting, shown, span, onSpan, switching } = props;
  const { candidates, effect, history, changes } = asked;
  const keeping = useChangeSettings(place);
  const caring = useChangeSettings(place);
  const { answer } = candidates;
  const learned = answer === undefined || isLearning(answer) ? undefined : answer;
  return (
    <div className="flex flex-col gap-4">
      <ModeBanners settings={settings} incidents={history.answer?.incidents ?? []} changing={switching} />
      {learned?.basis === "requests" && <DefineCard answer={learned} />}
      <PrefillTiles answer={learned} effect={effect.answer} span={span} />
      <DraftBar changes={changes} settings={settings} changing={keeping} onBack={drafting.goBack} />
      <div className="grid items-start gap-4 wide:grid-cols-2">
        <Frontier {...{ settings, asked, drafting }} />
        {history.answer ? (
          <div className="flex min-w-0 flex-col gap-4">
            <ForecastChart history={history.answer} range={shown} height={150} />
            <FillsChart history={history.answer} range={shown} height={110} />
          </div>
        ) : (
          <Waiting title="Predicted and realised" failed={history.error !== null} />
        )}
      </div>
      {learned && <Users answer={learned} stale={candidates.stale} files={asked.candidatesSearch} place={place} />}
      <div className="grid items-start gap-4 wide:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <EffectCard asked={effect} span={span} onSpan={onSpan} />
          {effect.answer && <ReliabilityCard bins={effect.answer.reliability} />}
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          {effect.answer && <UsageCard effect={effect.answer} span={SPAN_NAMES[span]} />}
          <GoalCard
            settings={settings}
            answer={answer}
            goal={changes.goal ?? settings.goal}
            targetUs={changes.targetUs ?? settings.targetUs}
            onGoal={(goal) => drafting.attempt({ goal })}
            onTarget={(targetUs) => drafting.attempt({ targetUs })}
            changing={caring}
          />
        </div>
      </div>
    </div>
  );
}

/** Without a plan yet, or without anybody in it, there is nothing to show. */
const isLearning = ({ madeAt, frontier }: PrefillCandidatesAnswer) => madeAt === null || frontier.length === 0;

function Frontier({ settings, asked, drafting }: Pick<PrefillBodyProps, "settings" | "asked" | "drafting">) {
  const { candidates, changes } = asked;
  const { answer, error, stale } = candidates;
  if (answer === undefined) return <Waiting title="What work buys" failed={error !== null} />;
  const inForce = budgetOf(settings.budgetSecondsPerHour, answer.missSecondsPerHour) ?? 0;
  const wanted = changes.budgetSecondsPerHour;
  if (isLearning(answer))
    return (
      <Card title="What work buys">
        <EmptyState title="Still learning">
          The first plan is made within a minute of the first requests that tell their user; it is better after a day,
          and best after two weeks.
        </EmptyState>
      </Card>
    );
  return (
    <FrontierCard
      answer={answer}
      stale={stale}
      budget={wanted === undefined ? inForce : (budgetOf(wanted, answer.missSecondsPerHour) ?? 0)}
      budgetInForce={inForce}
      automatic={wanted === undefined ? settings.budgetSecondsPerHour === null : wanted === null}
      onBudget={(budget) => drafting.attempt({ budget })}
    />
  );
}

/** A block of a chart's size while it is read; why that failed, the page says above. */
function Waiting({ title, failed }: { title: string; failed: boolean }) {
  if (!failed) return <Skeleton className="h-[382px] rounded-[10px]" />;
  return (
    <Card title={title}>
      <EmptyState title="Not read">It is asked for again by itself.</EmptyState>
    </Card>
  );
}

type UsersProps = Omit<Parameters<typeof CandidatesCard>[0], "hrefOf"> & { place: Place };

function Users({ place, ...rest }: UsersProps) {
  const kept = keptSearch(useSearchParams(), place);
  const hrefOf = useCallback((user: string) => userAddress(user, kept), [kept]);
  return <CandidatesCard {...rest} hrefOf={hrefOf} />;
}

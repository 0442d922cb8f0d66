"use client";
import { useMemo, useState } from "react";
import { ChartCard } from "@/components/charts/chart-card";
import type { Figures } from "@/components/charts/figures";
import { useWidth } from "@/components/charts/use-width";
import { formatDuration } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { Button } from "@/components/ui/button";
import type { PrefillCandidatesAnswer, PrefillFrontierPoint } from "@/lib/query/prefill-answers";
import { BoughtLine, boughtText } from "./bought";
import { BudgetHandle } from "./budget-handle";
import { MOST_BUDGET, type Budget } from "./draft";
import { FigureInput } from "./figure-input";
import { budgetStep, farthestBudget, frontierAt } from "./frontier-at";
import { FrontierChart, frontierTicks } from "./frontier-chart";
import { formatWork } from "./work";

interface FrontierCardProps {
  answer: PrefillCandidatesAnswer;
  /** The answer is about another budget than the one that is shown. */
  stale: boolean;
  /** As tried out, else as in force. */
  budget: number;
  /** As in force: it stays on the chart. */
  budgetInForce: number;
  automatic: boolean;
  onBudget: (budget: Budget) => void;
}

const HEIGHT = 236;

/** What work buys: the frontier before anything is switched on, with a handle for the budget. */
export function FrontierCard(props: FrontierCardProps) {
  const { answer, stale, budget: chosen, budgetInForce, automatic, onBudget } = props;
  const { frontier, predicted, missSecondsPerHour } = answer;
  const [held, setHeld] = useState<number | null>(null);
  const [element, width] = useWidth<HTMLDivElement>();
  const budget = held ?? chosen;
  const farthest = useMemo(() => farthestBudget(frontier, [budgetInForce, chosen]), [frontier, budgetInForce, chosen]);
  const scale = { farthest, step: budgetStep(farthest) };
  const read = frontierAt(frontier, budget);
  const exact = held === null && !stale && Math.abs(answer.budgetSecondsPerHour - budget) < 1e-6;
  const bought = exact && predicted.p99AfterUs !== null ? exactOf(predicted) : read;
  const choose = (next: number) => {
    setHeld(null);
    onBudget(next);
  };
  return (
    <ChartCard
      title="What work buys"
      note={answer.basis === "definitions" ? "predicted p99 of what is cached" : "predicted p99 of the endpoints"}
      height={HEIGHT}
      figures={() => figuresOf(frontier)}
    >
      <div ref={element} className="relative" style={{ height: HEIGHT }}>
        {width > 0 && read && (
          <>
            <div aria-hidden className="absolute inset-0">
              <FrontierChart size={{ width, height: HEIGHT }} frontier={frontier} farthest={farthest} />
            </div>
            <BudgetHandle
              size={{ width, height: HEIGHT }}
              budget={budget}
              p99Us={read.p99Us}
              label={`p99 ${formatDuration((bought ?? read).p99Us)} at ${formatWork(budget)}`}
              topUs={frontierTicks(frontier).at(-1)!.value}
              valueText={boughtText(budget, bought ?? read, predicted.p99BeforeUs)}
              scale={scale}
              onHold={setHeld}
              onChoose={choose}
            />
          </>
        )}
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-2 text-table">
        <span className="text-muted">Budget</span>
        <FigureInput
          label="Budget in seconds of fills an hour"
          unit="s of work an hour"
          lowest={0}
          highest={MOST_BUDGET}
          value={Number(budget.toPrecision(3))}
          onCommit={choose}
        />
        {missSecondsPerHour > 0 && (
          <span className="text-muted">
            {partOf(budget, missSecondsPerHour)} what visitors wait for now
            {automatic ? ", on average" : " at most"}
          </span>
        )}
        {!automatic && (
          <Button
            size="small"
            kind="quiet"
            title="A quarter of what visitors wait for now, on average; no hour takes more than 1.5 times as much"
            onClick={() => onBudget("auto")}
          >
            Automatic
          </Button>
        )}
      </div>
      {bought && <BoughtLine bought={bought} beforeUs={predicted.p99BeforeUs} />}
    </ChartCard>
  );
}

function exactOf({
  p99AfterUs,
  p99AfterLowUs,
  p99AfterHighUs,
  missesAvoidedPerDay,
}: PrefillCandidatesAnswer["predicted"]) {
  return { p99Us: p99AfterUs!, p99LowUs: p99AfterLowUs, p99HighUs: p99AfterHighUs, missesAvoidedPerDay };
}

function figuresOf(frontier: readonly PrefillFrontierPoint[]): Figures {
  const short = (value: number | null) => (value === null ? null : Number(value.toPrecision(4)));
  const ms = (us: number | null) => short(us === null ? null : us / 1_000);
  return {
    columns: ["work (s/h)", "p99 (ms)", "low (ms)", "high (ms)", "misses avoided a day"],
    rows: frontier.map((point) => [
      short(point.fillSecondsPerHour),
      ms(point.p99Us),
      ms(point.p99LowUs),
      ms(point.p99HighUs),
      short(point.missesAvoidedPerDay),
    ]),
  };
}

/** "25 % of", "2.4 times" */
function partOf(budget: number, missSeconds: number): string {
  const part = budget / missSeconds;
  return part < 1 ? `${formatShare(part)} of` : `${part.toFixed(1)} times`;
}

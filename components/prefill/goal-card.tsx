"use client";
import type { ReactNode } from "react";
import { Choice } from "@/components/ui/choice";
import { formatDuration } from "@/components/format/duration";
import { formatMoment } from "@/components/format/time";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { useZone } from "@/components/shell/clock";
import type { PrefillCandidatesAnswer, PrefillSettingsAnswer } from "@/lib/query/prefill-answers";
import { ChangeFailure } from "./change-failure";
import type { Goal } from "./draft";
import { FigureInput } from "./figure-input";
import type { ChangingSettings } from "./use-change-settings";

interface GoalCardProps {
  settings: PrefillSettingsAnswer;
  answer: PrefillCandidatesAnswer | undefined;
  /** As tried out, else as in force. */
  goal: Goal;
  targetUs: number;
  onGoal: (goal: Goal) => void;
  onTarget: (us: number) => void;
  /** For what takes effect at once. */
  changing: ChangingSettings;
}

const GOALS = [
  { value: "slo", label: "Fewest over the target" },
  { value: "p99", label: "Lowest p99" },
] as const;

/** What filling is for, and how careful it is. Goal and target are tried out first; the rest takes effect at once. */
export function GoalCard(props: GoalCardProps) {
  const { settings, answer, goal, targetUs, onGoal, onTarget, changing } = props;
  const { withheldShare, holdOutShare, concurrency } = settings;
  const { change, failure, clear } = changing;
  const zone = useZone();
  return (
    <Card title="Goal and care" note={<ChangedNote settings={settings} zone={zone} />}>
      <div className="flex flex-col gap-3 text-table">
        {failure && <ChangeFailure failure={failure} clear={clear} />}
        <Line name="Goal">
          <Choice label="Goal" options={GOALS} value={goal} onChange={onGoal} />
        </Line>
        <Line name="Target" hint="a request over it is a miss">
          <FigureInput
            label="Target latency"
            unit="ms"
            lowest={0.001}
            highest={3_600_000}
            value={targetUs / 1_000}
            onCommit={(ms) => onTarget(Math.round(ms * 1_000))}
          />
        </Line>
        <Line name="Withheld" hint="of decisions, by chance: the proof rests on them">
          <FigureInput
            label="Share of withheld decisions"
            unit="%"
            lowest={5}
            highest={50}
            value={withheldShare * 100}
            onCommit={(percent) => void change({ withheldShare: percent / 100 })}
          />
        </Line>
        <Line name="Held out" hint="of users, never filled">
          <FigureInput
            label="Share of users held out"
            unit="%"
            lowest={0}
            highest={20}
            value={holdOutShare * 100}
            onCommit={(percent) => void change({ holdOutShare: percent / 100 })}
          />
        </Line>
        <Line name="At once" hint="at most, in each instance">
          <FigureInput
            label="Fills at once in an instance"
            unit="fills"
            lowest={1}
            highest={100}
            value={concurrency}
            onCommit={(count) => void change({ concurrency: Math.round(count) })}
          />
        </Line>
        <Brake settings={settings} change={change} />
        {answer?.basis === "requests" && <AssumedHit settings={settings} answer={answer} change={change} />}
      </div>
    </Card>
  );
}

function ChangedNote({ settings: { changedBy, changedAt }, zone }: { settings: PrefillSettingsAnswer; zone: string }) {
  return changedBy === null ? "as it came" : `changed ${formatMoment(Date.parse(changedAt), zone)} by ${changedBy}`;
}

function Line({ name, hint, children }: { name: string; hint?: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="w-20 shrink-0 font-medium">{name}</span>
      {children}
      {hint !== undefined && <span className="text-small text-muted">{hint}</span>}
    </div>
  );
}

type Change = ChangingSettings["change"];
/** What the brake begins with when it is switched on. */
const USUAL_BRAKE_US = 1_000_000;

function Brake({ settings: { foregroundP95Us }, change }: { settings: PrefillSettingsAnswer; change: Change }) {
  return (
    <Line
      name="Brake"
      hint={
        foregroundP95Us === null ? "on the app's own p95: none" : "filling slows down while the app's own p95 is above"
      }
    >
      {foregroundP95Us === null ? (
        <Button size="small" onClick={() => void change({ foregroundP95Us: USUAL_BRAKE_US })}>
          Set a limit
        </Button>
      ) : (
        <>
          <FigureInput
            label="p95 of the app above which filling slows down"
            unit="ms"
            lowest={0.001}
            highest={3_600_000}
            value={foregroundP95Us / 1_000}
            onCommit={(ms) => void change({ foregroundP95Us: Math.round(ms * 1_000) })}
          />
          <Button size="small" kind="quiet" onClick={() => void change({ foregroundP95Us: null })}>
            None
          </Button>
        </>
      )}
    </Line>
  );
}

interface AssumedHitProps {
  settings: PrefillSettingsAnswer;
  answer: PrefillCandidatesAnswer;
  change: Change;
}

/** Without a cache nobody has seen a hit: what one would take is assumed, and said. */
function AssumedHit({ settings: { hitUs }, answer: { subjects }, change }: AssumedHitProps) {
  const assumed = subjects.map((subject) => subject.assumedHitUs).filter((us) => us !== null);
  const [low, high] = [Math.min(...assumed), Math.max(...assumed)];
  const usual =
    assumed.length === 0
      ? ""
      : low === high
        ? formatDuration(low)
        : `${formatDuration(low)} to ${formatDuration(high)}`;
  return (
    <Line
      name="A hit takes"
      hint={
        hitUs === null ? `assumed, by each endpoint's own p10${usual && `: ${usual}`}` : "assumed for all endpoints"
      }
    >
      <FigureInput
        label="Assumed latency of a hit"
        unit="ms"
        lowest={0.001}
        highest={3_600_000}
        value={(hitUs ?? (Number.isFinite(low) ? low : 0)) / 1_000}
        onCommit={(ms) => void change({ hitUs: Math.round(ms * 1_000) })}
      />
      {hitUs !== null && (
        <Button size="small" kind="quiet" onClick={() => void change({ hitUs: null })}>
          Use the p10
        </Button>
      )}
    </Line>
  );
}

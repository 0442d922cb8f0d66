"use client";
import { ErrorState } from "@/components/answer/error-state";
import type { Asked } from "@/components/data/use-answer";
import { formatCount, formatCountExactly } from "@/components/format/count";
import { formatSpan } from "@/components/format/duration";
import { Card } from "@/components/ui/card";
import { classes } from "@/components/ui/classes";
import { EmptyState } from "@/components/ui/empty-state";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import type { PrefillEffectAnswer } from "@/lib/query/prefill-answers";
import { ArmBars } from "./arm-bars";
import { EffectPicture } from "./effect-picture";
import { effectWords } from "./effect-words";
import { Guards } from "./guards";
import { SPAN_NAMES, SPANS, type Span } from "./prefill-search";
import { formatEstimate } from "./work";

interface EffectCardProps {
  asked: Asked<PrefillEffectAnswer>;
  span: Span;
  onSpan: (span: Span) => void;
}

const OPTIONS = SPANS.map((value) => ({ value, label: SPAN_NAMES[value] }));

/** Whether filling pays: decisions that were filled against those withheld by chance. */
export function EffectCard({ asked: { answer, error, retry, stale }, span, onSpan }: EffectCardProps) {
  return (
    <Card
      title="Effect"
      note="filled against withheld, by chance"
      actions={<Select size="small" label="Over which time" value={span} options={OPTIONS} onChange={onSpan} />}
    >
      {error && <ErrorState error={error} kept={answer !== undefined} retry={retry} />}
      {!answer && !error && <Skeleton className="h-[300px]" />}
      {answer && (
        <div aria-busy={stale} className={classes("transition-opacity", stale && "opacity-60")}>
          {answer.decisions.fill + answer.decisions.withheld === 0 ? (
            <NothingFilled observed={answer.decisions.observe} />
          ) : (
            <>
              <Verdict effect={answer} />
              <ArmBars effect={answer} />
              <EffectPicture effect={answer} />
              <Paid effect={answer} />
              <Guards effect={answer} />
            </>
          )}
        </div>
      )}
    </Card>
  );
}

const TONES = { good: "text-fill", bad: "text-server", info: "text-text", warn: "text-text" } as const;

function Verdict({ effect }: { effect: PrefillEffectAnswer }) {
  const { tone, verdict, sentence } = effectWords(effect);
  return (
    <p className="text-base">
      <b className={classes("font-semibold", TONES[tone])}>{verdict}.</b> {sentence}
    </p>
  );
}

function NothingFilled({ observed }: { observed: number }) {
  return (
    <EmptyState title="Nothing was filled in this time">
      {observed > 0 && <>{formatCountExactly(observed)} decisions were logged and not acted on. </>}
      Once filling is on, some decisions are withheld by chance, and the first visits after both are compared here: that
      is the proof, or the reason to stop.
    </EmptyState>
  );
}

/** What was bought, and what it cost. */
function Paid({ effect }: { effect: PrefillEffectAnswer }) {
  const { missesAvoided, fillSeconds, secondsPerMissAvoided, difference } = effect;
  const figures = [
    [
      "Misses avoided",
      difference === null ? "–" : formatEstimate(missesAvoided),
      "of the target, among filled first visits",
    ],
    ["Work", formatSpan(fillSeconds * 1e6), "that fills took"],
    ["Work for each", secondsPerMissAvoided === null ? "–" : formatSpan(secondsPerMissAvoided * 1e6), "miss avoided"],
    [
      "Decisions",
      formatCount(effect.decisions.fill + effect.decisions.withheld),
      `${formatCount(effect.decisions.withheld)} withheld`,
    ],
  ] as const;
  return (
    <dl className="mt-4 grid grid-cols-2 gap-x-4 gap-y-3 border-t border-line-soft pt-3 figures phone:grid-cols-4">
      {figures.map(([name, figure, note]) => (
        <div key={name}>
          <dt className="text-small text-muted">{name}</dt>
          <dd className="text-base font-semibold">{figure}</dd>
          <dd className="text-small text-muted">{note}</dd>
        </div>
      ))}
    </dl>
  );
}

import type { ReactNode } from "react";
import { formatCountExactly } from "@/components/format/count";
import { durationParts, formatDuration, formatSpan } from "@/components/format/duration";
import { formatShare, shareParts } from "@/components/format/share";
import { classes } from "@/components/ui/classes";
import type { PrefillCandidatesAnswer, PrefillEffectAnswer } from "@/lib/query/prefill-answers";
import { changeText, effectWords } from "./effect-words";
import { SPAN_NAMES, type Span } from "./prefill-search";
import { formatEstimate, workFigure } from "./work";

interface PrefillTilesProps {
  answer: PrefillCandidatesAnswer | undefined;
  effect: PrefillEffectAnswer | undefined;
  span: Span;
}

/** Four figures: what filling did, once it did something; before, what it would do. */
export function PrefillTiles({ answer, effect, span }: PrefillTilesProps) {
  const did = effect !== undefined && effect.decisions.fill > 0;
  return (
    <div className="grid grid-cols-2 overflow-hidden rounded-[10px] border border-line bg-surface shadow-card wide:grid-cols-4">
      {did ? <Did effect={effect} span={span} /> : <Would answer={answer} />}
    </div>
  );
}

function Did({ effect, span }: { effect: PrefillEffectAnswer; span: Span }) {
  const { filled, withheld, decisions, targetUs } = effect;
  const filledOver = shareOf(filled.over, filled.visits);
  const withheldOver = shareOf(withheld.over, withheld.visits);
  const unused = shareOf(effect.unused, decisions.fill);
  const part = (count: number) => formatShare(count / Math.max(1, decisions.fill));
  return (
    <>
      <Tile
        name={`Cold first visits over ${formatDuration(targetUs)}`}
        {...(filledOver === null ? NONE : shareParts(filledOver))}
        note={`withheld: ${withheldOver === null ? "none yet" : formatShare(withheldOver)}`}
        title={`${formatCountExactly(filled.visits)} first visits after fills, ${formatCountExactly(withheld.visits)} after withheld ones`}
      />
      <Proof effect={effect} span={span} />
      <Tile
        name="Fills unused"
        {...(unused === null ? NONE : shareParts(unused))}
        note={`used ${part(effect.used)}, late ${part(effect.fills.late)}`}
      />
    </>
  );
}

const NONE = { figure: "–", unit: "" };
const shareOf = (part: number, of: number): number | null => (of === 0 ? null : part / of);
const COLOURS = { works: "text-fill", harms: "text-server", unclear: "text-muted", "too few": "text-faint" } as const;

/** The effect and what it adds up to; neither while there are too few visits for an interval. */
function Proof({ effect, span }: { effect: PrefillEffectAnswer; span: Span }) {
  const { difference, missesAvoided, secondsPerMissAvoided, verdict } = effect;
  const known = verdict === "too few" ? null : difference;
  const interval = known && `95 % interval ${changeText(-known.high)} to ${changeText(-known.low)}`;
  return (
    <>
      <Tile
        name="Effect"
        {...(known ? { figure: changeText(-known.estimate), unit: "pt" } : NONE)}
        note={interval ?? "too few visits yet"}
        colour={COLOURS[verdict]}
        title={`Change of the share of first visits over the target by filling, in percentage points. ${effectWords(effect).verdict}.`}
      />
      <Tile
        name={`Misses avoided, ${SPAN_NAMES[span]}`}
        figure={known ? formatEstimate(missesAvoided) : "–"}
        unit=""
        note={known && secondsPerMissAvoided !== null ? `${formatSpan(secondsPerMissAvoided * 1e6)} of work each` : ""}
      />
    </>
  );
}

function Would({ answer }: { answer: PrefillCandidatesAnswer | undefined }) {
  const predicted = answer?.predicted;
  const latency = (us: number | null | undefined) =>
    us === null || us === undefined ? { figure: "–", unit: "" } : durationParts(us);
  const low = predicted?.p99AfterLowUs ?? null;
  const high = predicted?.p99AfterHighUs ?? null;
  return (
    <>
      <Tile
        name="p99 now"
        {...latency(predicted?.p99BeforeUs)}
        note={!answer ? "" : answer.basis === "requests" ? "of the endpoints" : "of what is cached"}
      />
      <Tile
        name="p99 if filled"
        {...latency(predicted?.p99AfterUs)}
        colour="text-fill"
        note={
          low === null || high === null || low === high
            ? ""
            : `95 % interval ${formatDuration(low)} to ${formatDuration(high)}`
        }
      />
      <Tile
        name="Misses avoided a day"
        figure={predicted ? formatEstimate(predicted.missesAvoidedPerDay) : "–"}
        unit=""
        note={answer ? `over ${formatDuration(answer.targetUs)}` : ""}
      />
      <Tile
        name="For"
        figure={predicted ? workFigure(predicted.fillSecondsPerHour) : "–"}
        unit={predicted ? "s/h" : ""}
        note={answer ? `of work, for ${formatCountExactly(answer.candidateCount)} users` : ""}
      />
    </>
  );
}

interface TileProps {
  name: string;
  figure: string;
  unit: string;
  note: ReactNode;
  colour?: string;
  title?: string;
}

function Tile({ name, figure, unit, note, colour, title }: TileProps) {
  return (
    <div className="-mt-px -ml-px border-t border-l border-line-soft px-4 pt-3 pb-2.5" title={title}>
      <div className="text-small text-muted">{name}</div>
      <div className={classes("mt-0.5 h-8 text-tile leading-8 font-semibold tracking-[-0.02em] figures", colour)}>
        {figure}
        {unit !== "" && <span className="ml-0.5 text-table font-normal tracking-normal text-muted">{unit}</span>}
      </div>
      <div className="min-h-5 text-small text-muted figures">{note}</div>
    </div>
  );
}

import { formatCountExactly } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import type { Tone } from "@/components/ui/banner";
import type { PrefillEffectAnswer } from "@/lib/query/prefill-answers";

const NBSP = "\u00a0";

/** Fewer first visits than this in either arm decide nothing. */
const FEWEST_VISITS = 10;

/** A difference of shares in percentage points, without a sign: 73.8, 4, 0.3. */
export function pointsText(share: number): string {
  const points = Math.abs(share) * 100;
  return points >= 9.95 ? points.toFixed(0) : points.toFixed(1);
}

/** The change of a share in points, with its sign: −73.8. */
export function changeText(share: number, digits = 1): string {
  const text = (Math.abs(share) * 100).toFixed(digits);
  return Number(text) === 0 ? "0" : `${share > 0 ? "+" : "−"}${text}`;
}

export interface EffectWords {
  tone: Tone;
  /** In two or three words. */
  verdict: string;
  sentence: string;
}

/** What an effect says, in plain words. */
export function effectWords(effect: PrefillEffectAnswer): EffectWords {
  const { verdict, difference, targetUs, filled, withheld } = effect;
  if (verdict === "too few" || difference === null)
    return { tone: "info", verdict: "Not yet enough", sentence: tooFew(filled.visits, withheld.visits) };
  const over = `over${NBSP}${formatDuration(targetUs)}`;
  const { estimate, low, high } = difference;
  const size = `${pointsText(estimate)} points`;
  if (verdict === "works") {
    const range = `95${NBSP}% interval ${pointsText(low)} to ${pointsText(high)}`;
    return {
      tone: "good",
      verdict: "It works",
      sentence: `After a fill, ${size} fewer first visits are ${over} (${range}).`,
    };
  }
  if (verdict === "harms") {
    const range = `95${NBSP}% interval ${pointsText(high)} to ${pointsText(low)}`;
    return {
      tone: "bad",
      verdict: "It does harm",
      sentence: `After a fill, ${size} more first visits are ${over} (${range}).`,
    };
  }
  const range = `from ${changeText(-high)} to ${changeText(-low)} points`;
  return {
    tone: "info",
    verdict: "Not yet enough",
    sentence: `The difference may be chance: its 95${NBSP}% interval goes ${range} and holds zero.`,
  };
}

function tooFew(filled: number, withheld: number): string {
  const visits = (count: number, what: string) =>
    `${formatCountExactly(count)} first ${count === 1 ? "visit" : "visits"} after a ${what}`;
  return `${visits(filled, "fill")} and ${visits(withheld, "withheld one")}: an interval wants ${FEWEST_VISITS} of each.`;
}

import { formatCountExactly } from "@/components/format/count";
import { formatAge } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";

type BackTest = AlertAnswer<"AlertBackTest">;

const VERDICTS = [
  ["breach", "breaching"],
  ["ok", "well"],
  ["too_few", "too few requests"],
  ["no_data", "no data"],
  ["could_not_ask", "could not be asked"],
] as const;

const times = (count: number): string => (count === 1 ? "once" : `${formatCountExactly(count)} times`);

/** What a rule would have done, in a sentence. */
export function firedWords({ fired, told }: BackTest): string {
  if (fired.length === 0) return "It would not have fired.";
  const series = new Set(fired.map((span) => span.series)).size;
  const of = series === 1 ? "" : `, of ${series} series`;
  return `It would have fired ${times(fired.length)}${of}, and receivers would have been told ${told.length === 0 ? "nothing" : times(told.length)}.`;
}

/** How often it would have been judged, and how. */
export function judgedWords({ verdicts }: BackTest): string {
  const all = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
  if (all === 0) return "There was nothing to judge.";
  const parts = VERDICTS.filter(([name]) => verdicts[name] > 0).map(
    ([name, word]) => `${formatShare(verdicts[name] / all)} ${word}`,
  );
  return `Judged ${times(all)}: ${parts.join(", ")}.`;
}

/** How long something fired. */
export function spanWords({ from, to }: BackTest["fired"][number]): string {
  return to === null ? "until now" : `for ${formatAge(Date.parse(to) - Date.parse(from))}`;
}

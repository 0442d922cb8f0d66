import type { RepeatRow, TrialRow } from "@/lib/query/loading-answer-schemas";

/** What a kind of repetition is called. */
export const KIND_WORDS: Record<RepeatRow["kind"], string> = {
  n_plus_one: "N+1: one for each row",
  duplicates: "the same again",
  write_loop: "rows one by one",
  batches: "batches",
  fixed_loop: "a loop of its own",
  unclear: "not clear yet",
};

const CONFIDENCE_WORDS: Record<RepeatRow["confidence"], string> = {
  high: "sure",
  medium: "likely",
  low: "a guess",
};

/** Why it is told to be that: "likely: 0.5 for each row, which explains 86 % of their number". */
export function reasonOf({ confidence, slope, explained }: RepeatRow): string {
  const sure = CONFIDENCE_WORDS[confidence];
  if (slope === null || explained === null || explained === 0) return sure;
  const each = Number(slope.toPrecision(2));
  return `${sure}: ${each} for each row, which explains ${Math.round(explained * 100)} % of their number`;
}

/** What a trial has shown. */
export const VERDICT_WORDS: Record<TrialRow["verdict"], string> = {
  join: "join is faster",
  query: "query is faster",
  no_difference_yet: "no difference yet",
  mixed: "each is faster at some percentile",
};

/** What else there is to say of a trial, as sentences. */
export function notesOf({ stopped, errors, fellBack, checks }: TrialRow): string[] {
  const notes: string[] = [];
  if (stopped !== null)
    notes.push(`${stopped.strategy} was stopped: ${stopped.reason === "slow" ? "far slower" : "more errors"}`);
  if (checks.different > 0) notes.push(`${checks.different} answers differed between the two: look before you choose`);
  for (const strategy of ["join", "query"] as const) {
    if (errors[strategy] > 0) notes.push(`${errors[strategy]} calls failed with ${strategy}`);
    if (fellBack[strategy] > 0) notes.push(`Prisma ran ${fellBack[strategy]} of ${strategy} the other way`);
  }
  return notes;
}

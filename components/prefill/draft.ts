import { createParser, parseAsInteger, parseAsStringLiteral } from "nuqs/server";
import type { PrefillSettingsAnswer } from "@/lib/query/prefill-answers";

/** Most seconds of fills an hour that can be set. */
export const MOST_BUDGET = 1e6;
const MOST_LATENCY_US = 3_600_000_000;

/** `auto`: a quarter of what visitors wait for computations, on average. */
export type Budget = number | "auto";

const parseAsBudget = createParser<Budget>({
  parse: (text) => {
    if (text === "auto") return text;
    const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    return seconds <= MOST_BUDGET ? seconds : null;
  },
  serialize: String,
});

export const GOALS = ["slo", "p99"] as const;
export type Goal = (typeof GOALS)[number];

/** What somebody tries out, in the address: nothing of it is in force. */
export const draftParsers = {
  budget: parseAsBudget,
  goal: parseAsStringLiteral(GOALS),
  targetUs: parseAsInteger,
};

export interface Draft {
  budget: Budget | null;
  goal: Goal | null;
  targetUs: number | null;
}

export const NO_DRAFT: Draft = { budget: null, goal: null, targetUs: null };

export type Changes = Partial<
  Pick<
    PrefillSettingsAnswer,
    | "mode"
    | "goal"
    | "targetUs"
    | "budgetSecondsPerHour"
    | "withheldShare"
    | "holdOutShare"
    | "hitUs"
    | "concurrency"
    | "foregroundP95Us"
  >
>;

/** What of a draft differs from what is in force, as the settings take it. */
export function changesOf(draft: Draft, settings: PrefillSettingsAnswer): Changes {
  const changes: Changes = {};
  const budget = draft.budget === "auto" ? null : draft.budget;
  if (draft.budget !== null && budget !== settings.budgetSecondsPerHour) changes.budgetSecondsPerHour = budget;
  if (draft.goal !== null && draft.goal !== settings.goal) changes.goal = draft.goal;
  const targetUs = readableTarget(draft.targetUs);
  if (targetUs !== null && targetUs !== settings.targetUs) changes.targetUs = targetUs;
  return changes;
}

function readableTarget(us: number | null): number | null {
  return us !== null && us >= 1 && us <= MOST_LATENCY_US ? us : null;
}

/** The same as parameters of the question whom to fill. What an automatic budget would be, the server alone knows: it is not asked for. */
export function whatIfOf({ budgetSecondsPerHour, goal, targetUs }: Changes): Record<string, string> {
  return {
    ...(typeof budgetSecondsPerHour === "number" && { budgetSecondsPerHour: String(budgetSecondsPerHour) }),
    ...(goal && { goal }),
    ...(targetUs && { targetUs: String(targetUs) }),
  };
}

/** Of what visitors wait for computations, so much is spent on fills unless somebody says otherwise. */
const USUAL_PART = 0.25;

/** A budget in seconds of fills an hour; `null` while what visitors wait is not known. */
export function budgetOf(setting: number | null, missSecondsPerHour: number | undefined): number | null {
  return setting ?? (missSecondsPerHour === undefined ? null : missSecondsPerHour * USUAL_PART);
}

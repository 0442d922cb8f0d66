import type { PrefillStep } from "@/lib/query/prefill-answers";
import type { FillState } from "@/lib/wire/index";

/** States of fills in the order in which they are stacked, with their words and colours. */
export const FILL_STATES: readonly { name: FillState; label: string; words: string; colour: string }[] = [
  { name: "filled", label: "filled", words: "computed and stored in time", colour: "var(--fill)" },
  {
    name: "warm",
    label: "warm",
    words: "there was a value already",
    colour: "color-mix(in oklch, var(--fill) 45%, var(--surface))",
  },
  {
    name: "voided",
    label: "voided",
    words: "invalidated while it was computed: nothing was stored",
    colour: "var(--p50)",
  },
  { name: "late", label: "late", words: "past its deadline, or the visit came first", colour: "var(--client)" },
  {
    name: "failed",
    label: "failed",
    words: "load threw, hung, or gave what cannot be stored",
    colour: "var(--server)",
  },
  { name: "dropped", label: "dropped", words: "by the brakes, the budget, or a full queue", colour: "var(--abort)" },
  { name: "undelivered", label: "undelivered", words: "the queue was down", colour: "var(--p999)" },
];

/** First visits after decisions to fill, by what they found. */
export const VISIT_KINDS = [
  { name: "used", label: "used", words: "the first visit found the value", colour: "var(--fill)" },
  {
    name: "joined",
    label: "joined",
    words: "it waited for the fill under way",
    colour: "color-mix(in oklch, var(--fill) 45%, var(--surface))",
  },
  { name: "stale", label: "stale", words: "it got an expired value", colour: "var(--client)" },
  { name: "missed", label: "missed", words: "it had to compute all the same", colour: "var(--server)" },
  { name: "unused", label: "unused", words: "nobody came in time", colour: "var(--ok)" },
] as const;

/** The states of fills, and the decisions that were withheld, as they are stacked. */
export const FILL_SERIES = [
  ...FILL_STATES,
  { name: "withheld", label: "withheld", words: "controls, by chance", colour: "var(--ok)" },
] as const;
export type FillSeriesName = (typeof FILL_SERIES)[number]["name"];

export const countOf = (step: PrefillStep, name: FillSeriesName): number =>
  name === "withheld" ? step.decisions.withheld : step.fills[name];

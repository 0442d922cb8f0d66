import { z } from "zod";
import { HARM_REASONS, REPEAT_KINDS, SIZES, STRATEGIES } from "../loading/index.ts";
import { at, count } from "./answer-parts.ts";

/** What the API answers about how relations are loaded. lib/insight takes its types from here, so that both cannot differ. */
const us = z.number().min(0).nullable();
const range = z.strictObject({ from: at, to: at }).meta({ description: "Whole hours: sums are told by the hour." });
const endpoint = z.strictObject({ name: z.string(), id: z.number().int().nullable() });
const partial = z
  .boolean()
  .meta({ description: "True when there was more than is read at once: the last hours count." });

const repeat = z.strictObject({
  endpoint,
  kind: z.enum(REPEAT_KINDS),
  confidence: z.enum(["high", "medium", "low"]),
  statementId: z.string(),
  statement: z.string().nullable(),
  op: z.string().nullable().meta({ description: "Prisma's model and action." }),
  parentStatement: z.string().nullable().meta({ description: "What gave the rows for each of which it runs." }),
  parentOp: z.string().nullable(),
  slope: z.number().nullable().meta({ description: "Statements for each row of the parent." }),
  explained: z.number().min(0).max(1).nullable().meta({ description: "Share of their number that the rows explain." }),
  site: z.string().nullable().meta({ description: "Where in the app it stands." }),
  fix: z.string().nullable().meta({ description: "What to write instead." }),
  requests: count.meta({ description: "Requests in which it ran at all." }),
  affected: count.meta({ description: "Those in which it ran five times or more." }),
  medianN: count.nullable(),
  p95N: count.nullable(),
  savedP95Us: us.meta({ description: "What one statement for all would save, at the 95th percentile of requests." }),
  shareOfTime: z.number().min(0).max(1).meta({ description: "Of the requests' time, while any of them ran." }),
  parallel: z.boolean(),
});

const strategy = z.enum(STRATEGIES);
const both = <Value extends z.ZodType>(value: Value) => z.strictObject({ join: value, query: value });
const measured = z.strictObject({
  valueUs: us,
  lowUs: z.number().min(0),
  highUs: us.meta({ description: "Null while there is no bound." }),
});
const comparison = {
  requests: both(count),
  verdict: z.enum([...STRATEGIES, "no_difference_yet", "mixed"]),
  percentiles: z.array(
    z.strictObject({
      percentile: z.number(),
      join: measured,
      query: measured,
      differenceLowUs: z.number().nullable().meta({ description: "What `query` takes more than `join`." }),
      differenceHighUs: z.number().nullable(),
      faster: strategy.nullable(),
    }),
  ),
};

const trial = z.strictObject({
  name: z.string(),
  op: z.string(),
  endpoint: z.string().nullable(),
  ...comparison,
  bySize: z.array(z.strictObject({ size: z.enum(SIZES), ...comparison })),
  stopped: z.strictObject({ strategy, reason: z.enum(HARM_REASONS) }).nullable(),
  errors: both(count),
  fellBack: both(count).meta({ description: "Requests that ran otherwise than they were assigned." }),
  statements: both(z.number().nullable()).meta({ description: "By request, on average." }),
  databaseUs: both(z.number().nullable()),
  checks: z.strictObject({ same: count, different: count, skipped: count }),
  code: z
    .string()
    .nullable()
    .meta({ description: "The faster one; null while there is none, or where answers differ." }),
});

export const LOADING_ANSWERS = {
  InsightRepeats: z.strictObject({
    range,
    told: z.boolean().meta({ description: "False when no statement was followed in this range." }),
    repeats: z.array(repeat).meta({ description: "Those that cost most first." }),
    repeatCount: count,
    partial,
  }),
  InsightTrials: z.strictObject({ range, trials: z.array(trial), partial }),
} as const;

export type InsightRepeatsAnswer = z.output<typeof LOADING_ANSWERS.InsightRepeats>;
export type RepeatRow = z.output<typeof repeat>;
export type InsightTrialsAnswer = z.output<typeof LOADING_ANSWERS.InsightTrials>;
export type TrialRow = z.output<typeof trial>;
export type ComparisonRow = TrialRow["bySize"][number];

import { z } from "zod";
import { cleanName } from "../wire/names.ts";
import { BURN_PAIRS, type BurnPair, fewestFor } from "./burn-pairs.ts";

/**
 * Alert rules, as the API and the rules file take them. Input has what a person writes; output has every default filled in.
 * Durations are seconds, latencies µs, shares 0 to 1.
 */
const DAY = 86_400;

const text = (longest: number) =>
  z.string().trim().min(1).max(longest).transform(cleanName).meta({ minLength: 1, maxLength: longest });
const wholeSeconds = (lowest: number, highest: number) => z.number().int().min(lowest).max(highest);
/** Windows are 10 s wide where endpoints are looked at, a minute where users are, or a week back. */
const windowOf = (step: 10 | 60, highest: number, fallback: number) =>
  wholeSeconds(60, highest)
    .refine((seconds) => seconds % step === 0, `must be a multiple of ${step}`)
    .default(fallback)
    .meta({ description: `The stretch that is looked at, seconds; a multiple of ${step}.` });

const latencyUs = z.number().int().min(1).max(3_600_000_000);
const percentile = z.number().gt(0).max(100);
const minCount = (fallback: number) =>
  z.number().int().min(1).max(1e9).default(fallback).meta({ description: "Fewer requests say nothing." });

const endpoint = z.strictObject({ method: text(32), route: text(256) });

const shared = {
  name: text(200).meta({ description: "Tells rules apart: no two have the same." }),
  service: text(256),
  environment: text(256),
  enabled: z.boolean().default(true),
  forSeconds: wholeSeconds(0, 7 * DAY)
    .default(0)
    .meta({ description: "How long it has to breach, at every evaluation, before it fires." }),
  noData: z.enum(["resolve", "keep", "breach"]).default("resolve").meta({
    description:
      "What having no data does: `resolve` ends what fired (told as `no_data`, not as well), `keep` lets it fire on, `breach` counts as one.",
  }),
  group: text(100).optional().meta({ description: "Rules of one group share their incidents." }),
  groupWaitSeconds: wholeSeconds(0, 3_600).default(10),
  groupIntervalSeconds: wholeSeconds(10, DAY).default(300),
  repeatSeconds: wholeSeconds(60, 7 * DAY).default(14_400),
  receivers: z
    .array(z.string().trim().min(1).max(100).toLowerCase())
    .max(20)
    .default([])
    .meta({ description: "Ids of receivers; each has to exist." }),
  note: text(2_000).optional().meta({ description: "What to do about it; receivers get it." }),
};
const where = {
  endpoint: endpoint.optional().meta({ description: "Without, and without `endpoints`: the whole service." }),
  endpoints: text(300).optional().meta({
    description: "Every endpoint that matches: `GET /api/*`, `*` stands for any text.",
    example: "GET /api/*",
  }),
};
const keep = (fallback: number) => ({
  keepFiringSeconds: wholeSeconds(0, DAY)
    .default(fallback)
    .meta({ description: "How long it has to be well before it resolves." }),
});
const severity = { severity: z.enum(["page", "ticket"]).default("page") };
const usual = { ...shared, ...where, ...keep(300), ...severity };

const Percentile = z
  .strictObject({
    kind: z.literal("percentile"),
    ...usual,
    percentile,
    thresholdUs: latencyUs,
    windowSeconds: windowOf(10, DAY, 300),
    minCount: z.number().int().min(1).max(1e9).optional().meta({
      description:
        "Fewer requests say nothing. By default as many as the percentile needs to mean something: 100 for p99.",
    }),
  })
  .transform((rule) => ({ ...rule, minCount: rule.minCount ?? fewestFor(rule.percentile) }));

const share = z.number().gt(0).max(1);
const rate = { ...usual, thresholdShare: share, windowSeconds: windowOf(10, DAY, 300), minCount: minCount(20) };
const ErrorRate = z.strictObject({ kind: z.literal("error_rate"), ...rate });
const AbortRate = z.strictObject({ kind: z.literal("abort_rate"), ...rate });

const Traffic = z.strictObject({
  kind: z.literal("traffic"),
  ...usual,
  direction: z.enum(["drop", "surge"]),
  changeShare: z.number().gt(0).max(100).meta({
    description: "How much less or more than in the same stretch a week before: 0.5 is half, or half as much again.",
  }),
  windowSeconds: windowOf(60, DAY, 3_600),
  minCount: minCount(100).meta({ description: "Fewer requests a week before say nothing." }),
});

const Silence = z.strictObject({ kind: z.literal("silence"), ...usual, windowSeconds: windowOf(10, DAY, 300) });

const pair = z.strictObject({
  factor: z.number().gt(0).max(1_000),
  longSeconds: wholeSeconds(60, 14 * DAY).refine((seconds) => seconds % 10 === 0, "must be a multiple of 10"),
  shortSeconds: wholeSeconds(60, DAY).refine((seconds) => seconds % 10 === 0, "must be a multiple of 10"),
  severity: z.enum(["page", "ticket"]),
});
const BurnRate = z.strictObject({
  kind: z.literal("burn_rate"),
  ...shared,
  ...where,
  ...keep(0),
  objective: z.number().min(0.5).max(0.99999).meta({ description: "The part that has to be good: 0.999." }),
  targetUs: latencyUs.optional().meta({
    description: "With it, a request is good when it took no longer; without, when it did not end in an error.",
  }),
  pairs: z
    .array(pair)
    .min(1)
    .max(6)
    .default(BURN_PAIRS.map((one): BurnPair => ({ ...one })))
    .meta({
      description: "How fast the budget burns in both windows of a pair. By default those of Google's SRE workbook.",
    }),
  minCount: minCount(100).meta({ description: "Fewer requests in either window of a pair say nothing." }),
});

const User = z.strictObject({
  kind: z.literal("user"),
  ...usual,
  user: text(256).optional().meta({ description: "Without: every user, at most the 50 worst at a time." }),
  percentile: percentile.default(95),
  thresholdUs: latencyUs,
  windowSeconds: windowOf(60, 21_600, 900),
  minCount: minCount(20),
});

const prefill = { kind: z.literal("prefill"), ...shared, ...keep(300), ...severity };
const Prefill = z.strictObject({
  ...prefill,
  about: z.enum(["harm", "budget", "candidates"]).meta({
    description:
      "`harm`: filling did harm and was switched off. `budget`: the part of an hour's budget that was spent. `candidates`: users who became worth filling.",
  }),
  threshold: z.number().gt(0).max(1e6).optional().meta({
    description: "`budget`: a share, 0.9 by default. `candidates`: users, 1 by default.",
  }),
});

const StoppedQueries = z.strictObject({
  kind: z.literal("stopped_queries"),
  ...usual,
  thresholdCount: z.number().int().min(1).max(10_000).default(1).meta({
    description: "It breaches when query guards stopped so many statements in the window.",
  }),
  windowSeconds: windowOf(10, DAY, 300),
  includeDryRuns: z.boolean().default(false).meta({
    description: "Whether what a guard without `--apply` would have stopped counts.",
  }),
});

export const RULE_KINDS = [
  "percentile",
  "error_rate",
  "abort_rate",
  "traffic",
  "silence",
  "burn_rate",
  "user",
  "prefill",
  "stopped_queries",
] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/** A rule, by its kind. `endpoint` and `endpoints` exclude each other: `parseRule` of lib/alerts sees to that. */
export const RULE = z.discriminatedUnion(
  "kind",
  [Percentile, ErrorRate, AbortRate, Traffic, Silence, BurnRate, User, Prefill, StoppedQueries],
  { error: (issue) => (issue.code === "invalid_union" ? `must be one of ${RULE_KINDS.join(", ")}` : undefined) },
);
export type Rule = z.output<typeof RULE>;
export type RuleOf<Kind extends RuleKind> = Extract<Rule, { kind: Kind }>;

import { z } from "zod";
import type { PrefillSettingsAnswer } from "./prefill-answers.ts";

/** The answers about prefill as schemas; the `satisfies` at the end keeps them equal to the types of `prefill-answers.ts`. */
const us = z.number().int().min(0);
const at = z.iso.datetime().meta({ description: "ISO 8601 in UTC." });
const share = z.number().min(0).max(1);

const PrefillSettings = z.strictObject({
  service: z.string(),
  environment: z.string(),
  mode: z.enum(["observe", "fill", "stop"]).meta({
    description: "`observe` logs decisions and fills nothing; `fill` fills; `stop` neither.",
  }),
  modeSince: at,
  goal: z.enum(["slo", "p99"]).meta({
    description: "`slo`: fewest requests above the target. `p99`: the lowest p99 for the budget.",
  }),
  targetUs: us,
  budgetSecondsPerHour: z
    .number()
    .min(0)
    .nullable()
    .meta({ description: "Null: a quarter of what visitors wait for computations now." }),
  withheldShare: share.meta({ description: "Share of decisions that are withheld as controls." }),
  holdOutShare: share.meta({ description: "Share of users who are never filled." }),
  hitUs: us.nullable().meta({
    description: "The latency that a hit is assumed to have where there is no cache yet; null: the endpoint's p10.",
  }),
  concurrency: z.number().int().min(1),
  foregroundP95Us: us.nullable(),
  changedAt: at,
  changedBy: z.string().nullable(),
});

const latency = z.number().int().min(1).max(3_600_000_000);

/** What `PATCH /api/v1/prefill/settings` takes: what may be changed, each for itself. */
export const SETTING_CHANGE = z
  .strictObject({
    mode: z.enum(["observe", "fill", "stop"]),
    goal: z.enum(["slo", "p99"]),
    targetUs: latency,
    budgetSecondsPerHour: z.number().min(0).max(1e6).nullable(),
    withheldShare: z.number().min(0.05).max(0.5),
    holdOutShare: z.number().min(0).max(0.2),
    hitUs: latency.nullable(),
    concurrency: z.number().int().min(1).max(100),
    foregroundP95Us: latency.nullable(),
  })
  .partial();

export const PREFILL_ANSWERS = { PrefillSettings } as const;

interface Stands {
  PrefillSettings: PrefillSettingsAnswer;
}
PREFILL_ANSWERS satisfies { [Name in keyof Stands]: z.ZodType<Stands[Name]> };

import { z } from "zod";

/** What many answers are made of, as schemas. */
export const count = z.number().int().min(0);
export const latency = z.number().int().min(0).nullable().meta({ description: "Microseconds; null without samples." });
export const at = z.iso.datetime().meta({ description: "ISO 8601 in UTC." });

export const outcomes = z.strictObject({ ok: count, client_error: count, server_error: count, aborted: count });
export const percentiles = z
  .record(z.string().regex(/^p\d+(\.\d+)?Us$/), latency)
  .meta({ description: "Keys as `p50Us`, `p99.9Us`: the percentiles that were asked for." });
export const thin = z
  .array(z.string())
  .meta({ description: "Names of percentiles that rest on too few samples, as `p99.9`." });

export const frame = {
  range: z
    .strictObject({ from: at, to: at })
    .meta({ description: "What was really read: aligned outwards to windows." }),
  coveredSeconds: count.meta({
    description:
      "For how much of the range requests were counted: since the service's first one, until now. Rates are by this.",
  }),
  losses: z
    .array(z.strictObject({ reason: z.string(), count, unit: z.enum(["requests", "entries", "statements"]) }))
    .meta({ description: "What could not be kept, or not under its own name or time." }),
  nothing: z
    .enum(["nothing_sent_yet", "none_in_range", "expired", "filtered_out", "unknown_user"])
    .nullable()
    .meta({ description: "Why there is nothing, if there is nothing." }),
  coarse: z
    .strictObject({
      errorPercent: z.number().min(0),
      aboveUs: z.number().min(0),
      belowUs: z.number().min(0).nullable(),
    })
    .optional()
    .meta({
      description:
        "Samples of these days came in buckets of OpenTelemetry: a percentile between the two may be off by so much. Left out otherwise.",
    }),
  behindSeconds: count.optional().meta({
    description:
      "A read replica answered that is so many seconds behind at most. Left out when it is not, or when there is none.",
  }),
  tookMs: z.number().min(0),
};

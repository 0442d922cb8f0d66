import { z } from "zod";
import type {
  PrefillCandidatesAnswer,
  PrefillEffectAnswer,
  PrefillHistoryAnswer,
  PrefillSettingsAnswer,
} from "./prefill-answers.ts";

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
  budgetSecondsPerHour: z.number().min(0).nullable().meta({
    description:
      "Null: a quarter of what visitors wait for computations now, on average. A number is a limit for every hour.",
  }),
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

const chosenUs = z.number().int().min(1).max(3_600_000_000);

/** What `PATCH /api/v1/prefill/settings` takes: what may be changed, each for itself. */
export const SETTING_CHANGE = z
  .strictObject({
    mode: z.enum(["observe", "fill", "stop"]),
    goal: z.enum(["slo", "p99"]),
    targetUs: chosenUs,
    budgetSecondsPerHour: z.number().min(0).max(1e6).nullable(),
    withheldShare: z.number().min(0.05).max(0.5),
    holdOutShare: z.number().min(0).max(0.2),
    hitUs: chosenUs.nullable(),
    concurrency: z.number().int().min(1).max(100),
    foregroundP95Us: chosenUs.nullable(),
  })
  .partial();

const count = z.number().int().min(0);
const latency = us.nullable().meta({ description: "Microseconds; null without samples." });
const seconds = z.number().min(0);
const range = z.strictObject({ from: at, to: at });
const tookMs = z.number().min(0);
const arms = z.strictObject({ fill: count, withheld: count, held_out: count, observe: count });
const fills = z.strictObject({
  filled: count,
  warm: count,
  voided: count,
  failed: count,
  late: count,
  dropped: count,
  undelivered: count,
});

const candidate = z.strictObject({
  user: z.string(),
  definition: z
    .string()
    .meta({ description: "The name given to `defineCached`; without one, an endpoint as `GET /feed`." }),
  endpointId: z
    .number()
    .int()
    .nullable()
    .meta({ description: "The endpoint whose requests use it most, once that is known." }),
  value: z.number().min(0).meta({ description: "Misses of the target avoided per second of work." }),
  visitsPerDay: z.number().min(0),
  missP95Us: latency,
  fillCostUs: us,
  why: z.string().meta({ description: "A sentence." }),
  last: z
    .strictObject({
      at,
      arm: z.enum(["fill", "withheld", "held_out", "observe"]),
      fill: z.enum(["filled", "warm", "voided", "failed", "late", "dropped", "undelivered"]).nullable(),
      visit: z.enum(["hit", "miss", "joined", "stale"]).nullable(),
    })
    .nullable()
    .meta({ description: "The last decision about this user there, and the first visit after it." }),
});

const PrefillCandidates = z.strictObject({
  madeAt: at.nullable().meta({ description: "When it was worked out; null: not yet." }),
  range: range.meta({ description: "The stretch it was learned from." }),
  basis: z.enum(["definitions", "requests"]).meta({
    description: "`requests`: there is no `defineCached` yet, so every request counts as a miss, and hits are assumed.",
  }),
  goal: z.enum(["slo", "p99"]),
  targetUs: us,
  budgetSecondsPerHour: seconds,
  missSecondsPerHour: seconds.meta({ description: "What visitors wait for computations now." }),
  subjects: z.array(
    z.strictObject({
      name: z.string(),
      endpointId: z.number().int().nullable(),
      ttlSeconds: z.number().int().min(0).nullable(),
      targetUs: us,
      assumedHitUs: us.nullable(),
      candidates: count,
    }),
  ),
  candidates: z.array(candidate).meta({ description: "The most valuable first." }),
  candidateCount: count.meta({ description: "All that are worth filling at this budget." }),
  predicted: z.strictObject({
    p99BeforeUs: latency,
    p99AfterUs: latency,
    p99AfterLowUs: latency,
    p99AfterHighUs: latency,
    missesAvoidedPerDay: z.number(),
    fillSecondsPerHour: seconds,
  }),
  frontier: z
    .array(
      z.strictObject({
        fillSecondsPerHour: seconds,
        p99Us: us,
        p99LowUs: us.nullable(),
        p99HighUs: us.nullable(),
        missesAvoidedPerDay: z.number().nullable(),
      }),
    )
    .meta({ description: "What work buys, from none to everything worth something." }),
  tookMs,
});

const arm = z.strictObject({ visits: count, users: count, over: count });
const group = z.strictObject({ count, users: count, p50Us: latency, p99Us: latency });

const PrefillEffect = z.strictObject({
  range,
  targetUs: us,
  decisions: arms,
  fills,
  used: count,
  joined: count,
  stale: count,
  missed: count,
  unused: count,
  filled: arm.meta({ description: "First visits after decisions to fill, whatever became of the fill." }),
  withheld: arm,
  difference: z.strictObject({ estimate: z.number(), low: z.number(), high: z.number() }).nullable().meta({
    description: "Share of withheld first visits above the target minus that of filled ones, with its 95 % interval.",
  }),
  missesAvoided: z.number(),
  fillSeconds: seconds,
  secondsPerMissAvoided: seconds.nullable(),
  verdict: z.enum(["works", "harms", "unclear", "too few"]),
  neverSelected: z.strictObject({ now: group, before: group.nullable() }).nullable().meta({
    description: "Users nobody ever decided to fill, now and in as long a stretch before filling was switched on.",
  }),
  heldOut: z.strictObject({ heldOut: group, others: group }).nullable().meta({
    description: "Users who would have been filled but for the hold-out, against those who were.",
  }),
  reliability: z.array(
    z.strictObject({ from: share, to: share, decisions: count, visited: count, logged: count, said: share }),
  ),
  tookMs,
});

const PrefillHistory = z.strictObject({
  range,
  stepSeconds: z.number().int().min(1),
  steps: z.array(
    z.strictObject({
      at,
      count,
      p99Us: latency,
      predictedUs: latency,
      predictedLowUs: latency,
      predictedHighUs: latency,
      decisions: arms,
      fills,
      used: count,
      unused: count,
      fillSeconds: seconds,
      budgetSeconds: seconds.nullable(),
    }),
  ),
  incidents: z.array(
    z.strictObject({ id: z.number().int(), openedAt: at, closedAt: at.nullable(), kind: z.string(), why: z.string() }),
  ),
  tookMs,
});

export const PREFILL_ANSWERS = { PrefillSettings, PrefillCandidates, PrefillEffect, PrefillHistory } as const;

interface Stands {
  PrefillSettings: PrefillSettingsAnswer;
  PrefillCandidates: PrefillCandidatesAnswer;
  PrefillEffect: PrefillEffectAnswer;
  PrefillHistory: PrefillHistoryAnswer;
}
PREFILL_ANSWERS satisfies { [Name in keyof Stands]: z.ZodType<Stands[Name]> };

import { z } from "zod";
import type {
  EndpointsAnswer,
  HistogramAnswer,
  SeriesAnswer,
  ServicesAnswer,
  TailUsersAnswer,
  UserAnswer,
  UserSearchAnswer,
} from "./answers.ts";

import { at, count, frame, latency, outcomes, percentiles, thin } from "./answer-parts.ts";
import { DATABASE_ANSWERS } from "./database-answer-schemas.ts";
import { ALERT_ANSWERS } from "./alert-answer-schemas.ts";
import { INSIGHT_ANSWERS } from "./insight-answer-schemas.ts";
import { LOADING_ANSWERS } from "./loading-answer-schemas.ts";
import { PREFILL_ANSWERS } from "./prefill-answer-schemas.ts";

const endpointRow = z.strictObject({
  id: z.number().int(),
  service: z.string(),
  environment: z.string(),
  method: z.string(),
  route: z.string(),
  count,
  outcomes,
  percentiles,
  maxUs: latency,
  thin,
  tailCostUs: z.number().min(0).meta({ description: "Time that requests spent beyond the endpoint's p50, summed." }),
  trend: z.array(latency).meta({ description: "p99 by `trendStepSeconds` over the range." }),
});

const latencyPoint = z
  .object({ at, count })
  .catchall(latency)
  .meta({ description: "One step: also `p50Us`, … A gap has `count` 0 and null percentiles." });
const point = z
  .object({ at, count, outcomes })
  .catchall(latency)
  .meta({ description: "One step: also `p50Us`, … A gap has `count` 0 and null percentiles." });
const latencySeries = z.strictObject({ stepSeconds: z.number().int().min(1), points: z.array(latencyPoint) });

const userNumbers = {
  count,
  p50Us: latency,
  p95Us: latency,
  p99Us: latency,
  maxUs: latency,
  tailCount: count.meta({ description: "Requests above the endpoint's p95 in this range." }),
  tailShare: z.number().min(0).max(1).meta({ description: "The part of all such requests." }),
  thin,
};
const axis = z.array(
  z.strictObject({ q: z.number().min(0).max(100), oneOver: z.number().min(1), latencyUs: z.number().int().min(0) }),
);

/**
 * The read API's answers as schemas: what its description is generated from, and what tests hold answers against. The
 * `satisfies` at the end keeps them equal to the types of `answers.ts`.
 */
export const ANSWERS = {
  ...PREFILL_ANSWERS,
  ...ALERT_ANSWERS,
  ...DATABASE_ANSWERS,
  ...INSIGHT_ANSWERS,
  ...LOADING_ANSWERS,
  Services: z.strictObject({
    services: z.array(
      z.strictObject({ name: z.string(), environments: z.array(z.string()), lastSeenAt: at.nullable() }),
    ),
  }),
  Endpoints: z.strictObject({ ...frame, trendStepSeconds: z.number().int().min(1), endpoints: z.array(endpointRow) }),
  Series: z.strictObject({ ...frame, stepSeconds: z.number().int().min(1), points: z.array(point) }),
  Histogram: z.strictObject({
    ...frame,
    count,
    histogram: z.string().meta({
      description: "Base64 of an HdrHistogram V2 encoding, compressed; microseconds, 2 significant digits.",
      contentEncoding: "base64",
    }),
  }),
  TailUsers: z.strictObject({
    ...frame,
    tailAboveUs: latency,
    users: z.array(z.strictObject({ user: z.string(), ...userNumbers })),
    other: z.strictObject({ ...userNumbers, users: count }),
    userCount: count,
    headline: z.strictObject({ users: count, share: z.number() }).nullable(),
  }),
  User: z.strictObject({
    ...frame,
    user: z.string(),
    service: z.string(),
    environment: z.string(),
    totals: z.strictObject({ count, percentiles, maxUs: latency, thin }),
    series: latencySeries,
    everybodyElse: latencySeries,
    axis,
    everybodyElseAxis: axis,
    endpoints: z.array(
      z.strictObject({
        ...userNumbers,
        endpointId: z.number().int(),
        service: z.string(),
        method: z.string(),
        route: z.string(),
        environment: z.string(),
        endpointP99Us: latency,
      }),
    ),
  }),
  UserSearch: z.strictObject({ users: z.array(z.strictObject({ user: z.string(), service: z.string() })) }),
  Problem: z.object({
    type: z.string(),
    title: z.string().meta({ description: "What the reader can do about it." }),
    status: z.number().int(),
    code: z.string().meta({ description: "Stable: docs/errors.md lists them." }),
    detail: z.string(),
  }),
} as const;

/** What each schema stands for; a schema that does not fit its type does not compile. */
interface Stands {
  Services: ServicesAnswer;
  Endpoints: EndpointsAnswer;
  Series: Omit<SeriesAnswer, "points">;
  Histogram: HistogramAnswer;
  TailUsers: TailUsersAnswer;
  User: Omit<UserAnswer, "series" | "everybodyElse">;
  UserSearch: UserSearchAnswer;
}
ANSWERS satisfies { [Name in keyof Stands]: z.ZodType<Stands[Name]> };

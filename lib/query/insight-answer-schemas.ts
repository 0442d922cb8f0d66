import { z } from "zod";
import { KILL_ACTIONS, KILL_OUTCOMES, STOPPED_BY } from "../wire/index.ts";
import { OUTCOME_NAMES } from "./answers.ts";
import { at, count, frame, latency, percentiles, thin } from "./answer-parts.ts";

/** What the API answers about databases. lib/insight takes its types from here, so that both cannot differ. */
const share = z.number().min(0).max(1);
const ms = z.number().min(0);

/** An endpoint as an app's statements name it; the id when it is known. */
const endpoint = z
  .strictObject({ name: z.string(), id: z.number().int().nullable() })
  .meta({ description: "Method and route as statements name it; `id` when it has requests under that name." });
const statement = {
  statementId: z.string().nullable().meta({ description: "16 hex digits." }),
  statement: z.string().nullable().meta({ description: "Without values; null while only the id is known." }),
};

const statementRow = z.strictObject({
  ...statement,
  endpoint,
  count,
  failed: count.meta({ description: "Refused or stopped by the database, or not answered." }),
  percentiles,
  maxUs: latency,
  thin,
  totalUs: z.number().min(0),
  share: share.meta({ description: "Of the time of all statements of the service." }),
  trend: z.array(latency).meta({ description: "p99 by `trendStepSeconds` over the range." }),
});

const killGroup = z.strictObject({
  ...statement,
  endpoint: endpoint.nullable(),
  stopped: count.meta({
    description: "Statements; one that was cancelled, and whose connection was closed then, is one.",
  }),
  cancelled: count,
  terminated: count,
  timedOut: count.meta({ description: "Ended by the endpoint's budget, or by a limit of the database." }),
  aborted: count.meta({ description: "Cancelled by the wrapper: the client had left." }),
  byOthers: count.meta({ description: "Ended by somebody else: a person, another tool, a shutdown." }),
  gone: count.meta({ description: "Signals not sent: it was over before." }),
  wouldCancel: count.meta({ description: "What a dry run would have cancelled." }),
  spared: count.meta({ description: "Over the limit, and left alone." }),
  blockers: count,
  longestMs: ms.nullable(),
  savedMs: ms.nullable().meta({
    description:
      "What the stopped ones would have run on for, by how long those of a dry run did; null while no dry run saw one end.",
  }),
  firstAt: at,
  lastAt: at,
  endpointP99Us: latency.meta({ description: "Of the endpoint in the same range." }),
});

const kill = z.strictObject({
  id: z.uuid(),
  at,
  action: z.enum(KILL_ACTIONS),
  pid: z.number().int(),
  ageMs: ms.nullable(),
  applicationName: z.string().nullable(),
  endpoint: z.string().nullable(),
  op: z.string().nullable(),
  ...statement,
  reason: z.string(),
  detail: z.string(),
  rule: z.string(),
  waitEvent: z.string().nullable(),
  outcome: z.enum(KILL_OUTCOMES).nullable(),
  afterMs: ms.nullable(),
  request: z
    .strictObject({ user: z.string().nullable(), traceId: z.string().nullable(), durationUs: z.number().min(0) })
    .nullable()
    .meta({ description: "What the app has seen of it; null when it has told of none." }),
});

const stop = z.strictObject({
  id: z.uuid(),
  at,
  by: z.enum(STOPPED_BY),
  code: z.string().meta({ description: "The database's own." }),
  pid: z.number().int().nullable(),
  endpoint: z.string().nullable(),
  ...statement,
  user: z.string().nullable(),
  traceId: z.string().nullable(),
  durationUs: z.number().min(0),
  budgetMs: ms.nullable(),
});

const slowRequest = z.strictObject({
  id: z.uuid(),
  at,
  endpoint,
  user: z.string().nullable(),
  traceId: z.string().nullable().meta({ description: "Of the request's `traceparent`." }),
  outcome: z.enum(OUTCOME_NAMES),
  latencyUs: z.number().min(0),
  databaseUs: z.number().min(0).meta({ description: "How long at least one of its statements was on its way." }),
  statements: count,
  slowest: z.array(z.strictObject({ ...statement, count, durationUs: z.number().min(0) })),
});

export const INSIGHT_ANSWERS = {
  InsightStatements: z.strictObject({
    ...frame,
    told: z.boolean().meta({ description: "False when no app has told of its databases." }),
    trendStepSeconds: z.number().int().min(1),
    statements: z.array(statementRow).meta({ description: "Most time first." }),
    totalUs: z.number().min(0).meta({ description: "Of all statements, those not listed included." }),
    statementCount: count,
  }),
  InsightKills: z.strictObject({
    range: z.strictObject({ from: at, to: at }),
    told: z.boolean().meta({ description: "False when no guard has told of anything, ever." }),
    groups: z.array(killGroup).meta({ description: "By statement and endpoint, those stopped most often first." }),
    kills: z.array(kill).meta({ description: "The last ones, newest first." }),
    killCount: count,
    stops: z.array(stop).meta({ description: "Those that no guard has stopped, newest first." }),
    stopCount: count,
  }),
  InsightRequests: z.strictObject({
    range: z.strictObject({ from: at, to: at }),
    requests: z.array(slowRequest).meta({ description: "Slowest first, of those that apps tell of each hour." }),
  }),
} as const;

export type InsightStatementsAnswer = z.output<typeof INSIGHT_ANSWERS.InsightStatements>;
export type ServiceStatement = z.output<typeof statementRow>;
export type InsightKillsAnswer = z.output<typeof INSIGHT_ANSWERS.InsightKills>;
export type KillGroup = z.output<typeof killGroup>;
export type InsightRequestsAnswer = z.output<typeof INSIGHT_ANSWERS.InsightRequests>;
export type SlowRequestRow = z.output<typeof slowRequest>;
export type StopRow = z.output<typeof stop>;
export type KillRow = z.output<typeof kill>;

import { z } from "zod";
import { KILL_ACTIONS, KILL_OUTCOMES, type InsightSection, SLOWEST_TOLD, STOPPED_BY } from "./insight-report.ts";
import { REPEAT_REPORT, TRIAL_REPORT } from "./loading-schema.ts";
import { OUTCOMES } from "./names.ts";
import { name, text } from "./report-text.ts";
import { isStatementId } from "./statement-names.ts";

/**
 * What `POST /api/v1/insight/report` takes: the report as a whole, and each entry for itself, so that a bad one is refused alone. The
 * API's description is generated from the same. For the server: index.ts leaves it out, so that the SDK does not carry zod.
 */
const MOST_ENTRIES = 5_000;

/** Nothing that a guard sees has run for longer than a year. */
const ms = z
  .number()
  .min(0)
  .max(366 * 86_400_000)
  .transform(Math.round);

/** The time in it says when it happened. */
const timedId = z
  .string()
  .regex(
    /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    "must be a UUID version 7, in lower case",
  );

export const STATEMENT_TEXT = z.object({
  id: z.string().refine(isStatementId, "must be 16 hex digits, in lower case"),
  text,
});

export const KILL_REPORT = z.object({
  id: timedId,
  action: z.enum(KILL_ACTIONS),
  pid: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  ageMs: ms.nullable(),
  applicationName: name.nullable(),
  endpoint: name.nullable(),
  op: name.nullable(),
  statement: text.nullable(),
  reason: name,
  detail: name,
  rule: name,
  waitEvent: name.nullable(),
  outcome: z.enum(KILL_OUTCOMES).nullable(),
  afterMs: ms.nullable(),
});

const asked = {
  user: name.nullable(),
  traceId: z
    .string()
    .regex(/^[0-9a-f]{32}$/, "must be 32 hex digits, in lower case")
    .nullable(),
};
/** No request, and no statement that an app waits for, takes longer than a day. */
const us = z.number().min(0).max(86_400_000_000).transform(Math.round);
const MOST_STATEMENTS = 1e9;
const count = z.number().int().min(0).max(MOST_STATEMENTS);

export const STOP_REPORT = z.object({
  id: timedId,
  by: z.enum(STOPPED_BY),
  code: z.string().regex(/^[0-9A-Z]{4,5}$/, "must be the database's code, as 57014"),
  pid: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable(),
  endpoint: name.nullable(),
  statement: text.nullable(),
  durationUs: us,
  budgetMs: ms.nullable(),
  ...asked,
});

export const REQUEST_REPORT = z
  .object({
    id: timedId,
    endpoint: name,
    outcome: z.enum(OUTCOMES),
    latencyUs: us,
    databaseUs: us,
    statements: count,
    slowest: z.array(z.object({ statement: text, count, durationUs: us })).max(SLOWEST_TOLD),
    ...asked,
  })
  .refine(({ databaseUs, latencyUs }) => databaseUs <= latencyUs, "databaseUs must be at most latencyUs");

/** The schema of an entry, by its section. */
export const INSIGHT_ENTRIES = {
  statements: STATEMENT_TEXT,
  kills: KILL_REPORT,
  repeats: REPEAT_REPORT,
  trials: TRIAL_REPORT,
  stops: STOP_REPORT,
  requests: REQUEST_REPORT,
} satisfies Record<InsightSection, z.ZodType>;
export type InsightEntries = { [Section in InsightSection]: z.output<(typeof INSIGHT_ENTRIES)[Section]> };

const frame = { v: z.literal(1), service: name, environment: name, instance: name };
const sections = <Entry extends (section: InsightSection) => z.ZodType>(entry: Entry) =>
  Object.fromEntries(
    (Object.keys(INSIGHT_ENTRIES) as InsightSection[]).map((section) => [
      section,
      z.array(entry(section)).max(MOST_ENTRIES).optional(),
    ]),
  ) as Record<InsightSection, z.ZodOptional<z.ZodArray<ReturnType<Entry>>>>;

/** The report itself; its entries are looked at one by one. */
export const INSIGHT_FRAME = z.object({ ...frame, ...sections(() => z.unknown()) });

/** The whole of it, for the API's description. */
export const INSIGHT_BODY = z.object({ ...frame, ...sections((section) => INSIGHT_ENTRIES[section]) });

export const INSIGHT_ANSWER = z.object({
  accepted: z.number().int().meta({ description: "Entries that were kept, or were known already." }),
  rejected: z.array(z.object({ path: z.string(), reason: z.string() })),
});

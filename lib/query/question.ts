import { z } from "zod";
import { DELIVERIES_QUESTION } from "./alert-receiver-schemas.ts";
import { TailfillError } from "../errors.ts";
import { plainWords, problemsOf } from "../input-problems.ts";
import { cleanName, OUTCOMES } from "../wire/names.ts";
import { isTime, TIME_PATTERN } from "./time.ts";

/**
 * Every question that can be asked, as one schema each: the API checks its parameters by it, the API's description is
 * generated from it, and pages read their address by it.
 */
const MOST_PERCENTILES = 10;
export const DEFAULT_PERCENTILES = [50, 95, 99, 99.9];
const NAME_LENGTH = 256;

const time = (what: string, example: string) =>
  z
    .string()
    .regex(TIME_PATTERN, "must be ISO 8601 (2026-11-22T10:00:00Z) or relative (now, now-15m, now-24h, now-30d)")
    .refine(isTime, "is not a date that exists")
    .meta({ description: `${what}: ISO 8601, or relative: \`now\`, \`now-15m\` (s, m, h, d, w).`, example });

const percentileList = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,6})?(,\d{1,3}(\.\d{1,6})?)*$/, "must be numbers separated by commas, as 50,95,99.9")
  .transform((text) => [...new Set(text.split(",").map(Number))].sort((a, b) => a - b))
  .refine((list) => list.every((q) => q > 0 && q <= 100), "each must be above 0 and at most 100")
  .refine((list) => list.length <= MOST_PERCENTILES, `at most ${MOST_PERCENTILES}`);

const integer = (lowest: number, highest: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, "must be a whole number")
    .transform(Number)
    .refine((value) => value >= lowest && value <= highest, `must be between ${lowest} and ${highest}`);

export const LONGEST_STEP_SECONDS = 400 * 86_400;
const UNIT_SECONDS: Record<string, number> = { "": 1, s: 1, m: 60, h: 3_600, d: 86_400 };
const stepText = z
  .string()
  .regex(/^[1-9]\d{0,8}[smhd]?$/, "must be seconds, or a number with s, m, h or d, as 60 or 5m")
  .transform((text) => Number.parseInt(text, 10) * UNIT_SECONDS[text.replace(/\d/g, "")]!)
  .refine((seconds) => seconds <= LONGEST_STEP_SECONDS, "must be at most 400 d");

const name = (what: string) =>
  z
    .string()
    .max(NAME_LENGTH)
    // Names are stored cleaned: NUL, which text cannot hold, is another character there.
    .transform((text) => (text === "" ? undefined : cleanName(text)))
    .optional()
    .meta({ description: `Only this ${what}.` });

const range = {
  from: time("Start of the range", "now-1h").default("now-1h"),
  to: time("End of the range", "now").default("now"),
};
const scope = { service: name("service"), environment: name("environment") };
const percentiles = {
  percentiles: percentileList
    .default(DEFAULT_PERCENTILES)
    .meta({ description: "Percentiles, separated by commas; any number above 0 up to 100, at most 10." }),
};
const step = {
  step: stepText.optional().meta({
    description:
      "Width of a point: seconds, or with s, m, h, d. Rounded up to a multiple of the window still kept; by default 60 to 300 points.",
  }),
};
const tail = {
  tail: percentileList
    .refine((list) => list.length === 1 && list[0]! < 100, "must be one number below 100")
    .transform((list) => list[0]!)
    .default(95)
    .meta({ description: "Requests above this percentile of the endpoint are its tail." }),
};
const limit = (fallback: number, highest: number) => ({
  limit: integer(1, highest).default(fallback).meta({ description: "Most rows to answer." }),
});
const compare = {
  compare: z
    .enum(["before", "day", "week"])
    .optional()
    .meta({ description: "Also answer for: the same length right before, a day before, a week before." }),
};

const oneName = (what: string) =>
  z
    .string()
    .min(1, "must not be empty")
    .max(NAME_LENGTH, `must have at most ${NAME_LENGTH} characters`)
    .transform(cleanName)
    .meta({ description: `The ${what}.` });
/** Effects take days to show. */
const weeks = {
  from: time("Start of the range", "now-7d").default("now-7d"),
  to: time("End of the range", "now").default("now"),
};
const oneScope = { service: oneName("service"), environment: oneName("environment") };

const user = { ...scope, ...range, ...percentiles, ...step, ...tail };
const userId = {
  id: z.string().min(1).meta({ description: "The app's own user id: any text, URL-encoded as every parameter." }),
};

/** The parameters of each call. The input side is what an address holds: text. */
export const QUESTIONS = {
  overview: z.strictObject({ ...scope, ...range, ...percentiles, ...step, ...compare }),
  endpoints: z.strictObject({ ...scope, ...range, ...percentiles }),
  endpoint: z.strictObject({ ...range, ...percentiles, ...step, ...compare }),
  series: z.strictObject({ ...range, ...percentiles, ...step }),
  histogram: z.strictObject({ ...range }),
  histogramLog: z.strictObject({ ...range, ...step }),
  importProgress: z.strictObject({
    ...oneScope,
    source: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits: a SHA-256")
      .meta({ description: "What tells the source from others: a SHA-256 of its first line." }),
  }),
  importHlog: z.strictObject({
    ...oneScope,
    method: oneName("endpoint's method"),
    route: oneName("endpoint's route"),
    unit: z.enum(["ns", "us", "ms", "s"]).default("us").meta({ description: "What the log's values are counted in." }),
    outcome: z
      .enum(OUTCOMES)
      .default("ok")
      .meta({ description: "What intervals without a tag are. Others tell it by their tag." }),
  }),
  database: z.strictObject({ ...range, ...percentiles, ...step, ...limit(20, 100) }),
  tailUsers: z.strictObject({ ...range, ...tail, ...limit(50, 1_000) }),
  user: z.strictObject(user),
  userById: z.strictObject({ ...userId, ...user }),
  userAxis: z.strictObject({ ...userId, ...range }),
  userSearch: z.strictObject({
    service: scope.service,
    search: z
      .string()
      .max(NAME_LENGTH)
      .transform(cleanName)
      .default("")
      .meta({ description: "Beginning of the user's id." }),
    ...limit(20, 100),
  }),
  losses: z.strictObject({ ...scope, ...range }),
  metrics: z.strictObject({
    ...scope,
    buckets: z
      .enum(["0", "1", "2", "4"])
      .default("2")
      .transform(Number)
      .meta({ description: "Buckets a doubling of latency, from 0.5 ms to 67 s; 0: no histograms." }),
  }),
  insightStatements: z.strictObject({ ...oneScope, ...range, ...percentiles, ...limit(100, 1_000) }),
  insightKills: z.strictObject({ ...oneScope, ...weeks, ...limit(100, 1_000) }),
  insightRepeats: z.strictObject({
    ...oneScope,
    ...weeks,
    ...limit(100, 1_000),
    all: z
      .enum(["true", "false"])
      .default("false")
      .transform((text) => text === "true")
      .meta({ description: "Also what needs no change, and what is not clear yet." }),
  }),
  insightRequests: z.strictObject({
    ...oneScope,
    ...range,
    endpoint: integer(1, 2_147_483_647).optional().meta({ description: "Only of this one." }),
    user: oneName("user").optional(),
    ...limit(20, 200),
  }),
  insightTrials: z.strictObject({ ...oneScope, ...weeks, ...limit(100, 500) }),
  prefillPlan: z.strictObject({
    ...oneScope,
    instance: oneName("instance that asks and decides: it shares the budget").optional(),
  }),
  prefillSettings: z.strictObject(oneScope),
  prefillCandidates: z.strictObject({
    ...oneScope,
    from: time("Start of what is learned from; by default a week or two back", "now-7d").optional(),
    to: time("End of what is learned from", "now").optional(),
    targetUs: integer(1, 3_600_000_000)
      .optional()
      .meta({ description: "What if a request missed the target above this?" }),
    budgetSecondsPerHour: z
      .string()
      .regex(/^\d{1,7}(\.\d{1,6})?$/, "must be a number of seconds")
      .transform(Number)
      .optional()
      .meta({ description: "What if fills could take so many seconds an hour?" }),
    goal: z.enum(["slo", "p99"]).optional().meta({
      description: "What if the goal were: `slo`, fewest requests above the target; `p99`, the lowest p99?",
    }),
    hitUs: integer(1, 3_600_000_000)
      .optional()
      .meta({ description: "What if a hit took so long, where none was seen?" }),
    definition: oneName("definition that candidates are listed of").optional(),
    ...limit(100, 1_000),
  }),
  prefillEffect: z.strictObject({ ...oneScope, ...weeks }),
  prefillHistory: z.strictObject({ ...oneScope, ...weeks }),
  alertDeliveries: DELIVERIES_QUESTION,
  alertIncidents: z.strictObject({
    ...scope,
    state: z.enum(["open", "resolved"]).optional().meta({ description: "Only these; acknowledged ones are open." }),
    rule: z
      .uuid("must be the id of a rule")
      .optional()
      .meta({ description: "Only those that this rule opened, by its id." }),
    before: z
      .uuid("must be the id of an incident")
      .optional()
      .meta({ description: "Only those before: the last answer's `next`." }),
    ...limit(50, 200),
  }),
  alertImport: z.strictObject({
    dryRun: z
      .enum(["true", "false"])
      .default("false")
      .transform((text) => text === "true")
      .meta({ description: "Whether it only tells what it would do." }),
  }),
  alertMarks: z.strictObject({
    ...scope,
    ...range,
    endpoint: integer(1, 2_147_483_647).optional(),
    user: oneName("user").optional(),
    rule: z.uuid("must be the id of a rule").optional(),
    incident: z.uuid("must be the id of an incident").optional(),
  }),
  alertBackTest: z.strictObject({
    days: integer(1, 7).default(3).meta({ description: "How many of the last days." }),
  }),
  none: z.strictObject({}),
} as const;

export type QuestionName = keyof typeof QUESTIONS;
/** A question as the functions of this folder take it: the checked parameters, times still as they were written. */
export type QuestionOf<Name extends QuestionName> = z.output<(typeof QUESTIONS)[Name]>;

/**
 * Checks the parameters of an address.
 * @throws TailfillError `bad_request` that names each bad, unknown or repeated parameter.
 */
export function parseQuestion<Name extends QuestionName>(name: Name, parameters: URLSearchParams): QuestionOf<Name> {
  const repeated = [...new Set(parameters.keys())].filter((key) => parameters.getAll(key).length > 1);
  const known = Object.keys(QUESTIONS[name].shape);
  const unknown = [...new Set(parameters.keys())].filter((key) => !known.includes(key));
  const given = Object.fromEntries([...parameters].filter(([key]) => known.includes(key)));
  const parsed = QUESTIONS[name].safeParse(given, { error: plainWords });
  const problems = [
    ...repeated.map((key) => `${shown(key)}: must be given once.`),
    ...(parsed.success ? [] : problemsOf(parsed.error)),
    ...unknown.map(
      (key) => `${shown(key)}: is not a parameter of this call (there are: ${known.join(", ") || "none"}).`,
    ),
  ];
  if (problems.length > 0) throw new TailfillError("bad_request", problems.slice(0, MOST_PROBLEMS).join(" "));
  return parsed.data as QuestionOf<Name>;
}

/** An address can hold thousands of parameters; nobody reads more problems than this. */
const MOST_PROBLEMS = 20;
const shown = (key: string): string => key.slice(0, 40);

/** The address of a page, as Next.js gives it. */
export type PageParameters = Record<string, string | string[] | undefined>;

export interface PageQuestion<Name extends QuestionName> {
  question: QuestionOf<Name>;
  /** One sentence for each parameter that was left out because it was bad. */
  problems: string[];
}

/**
 * Reads a page's address: parameters of other things are passed over, and a bad one falls back to its default and is
 * told, so that a page never fails for what somebody typed.
 */
export function readQuestion<Name extends QuestionName>(name: Name, parameters: PageParameters): PageQuestion<Name> {
  const good = new Map<string, string>();
  const problems: string[] = [];
  for (const [key, schema] of Object.entries(QUESTIONS[name].shape as Record<string, z.ZodType>)) {
    const given = parameters[key];
    const text = Array.isArray(given) ? given[0] : given;
    if (text === undefined) continue;
    const parsed = schema.safeParse(text, { error: plainWords });
    if (parsed.success) good.set(key, text);
    else problems.push(`${key}: ${parsed.error.issues[0]!.message}.`);
  }
  return { question: QUESTIONS[name].parse(Object.fromEntries(good)) as QuestionOf<Name>, problems };
}

import { z } from "zod";
import { COUNTS_LENGTH } from "../histogram/index.ts";
import { name, text } from "./report-text.ts";

/** The entries `repeats` and `trials` of a report about databases. For the server alone, as insight-schema.ts. */

/** Of one instance in one hour: a quarter of a million requests a second. Added up over all instances and hours they stay exact. */
const MOST_COUNTED = 1e9;
const count = z.number().int().min(0).max(MOST_COUNTED);
const sum = z.number().min(0).max(1e15);
/** Sums of squares and products: they need no exactness. */
const square = z.number().min(0).max(1e30);
const HOUR_MS = 3_600_000;
const hour = z.iso
  .datetime()
  .refine((text) => Date.parse(text) % HOUR_MS === 0, "must be the start of an hour")
  .meta({ description: "The clock hour that the sums are of, in UTC." });

/** Highest bucket of lib/loading's `logBucketOf`, plus one. */
const LOG_BUCKETS = 172;
const bucketCounts = (buckets: number) =>
  z
    .array(
      z.tuple([
        z
          .number()
          .int()
          .min(0)
          .max(buckets - 1),
        count,
      ]),
    )
    .max(buckets)
    .refine((pairs) => new Set(pairs.map(([bucket]) => bucket)).size === pairs.length, "names a bucket twice");

const each = <const Name extends string, Of extends z.ZodType>(of: Of, names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, of])) as Record<Name, Of>;

const MOST_PARENTS = 6;
const PARENT_REPORT = z.object({
  statement: text,
  op: name.nullable(),
  ...each(count, ["requests", "exact"]),
  ...each(sum, ["statements", "n", "rows"]),
  ...each(square, ["nn", "rowsRows", "nRows"]),
});

const REPEAT = z.object({
  hour,
  endpoint: name,
  statement: text,
  writes: z.boolean(),
  list: z.boolean(),
  op: name.nullable(),
  site: name.nullable(),
  fixes: z.object({ n_plus_one: text.optional(), duplicates: text.optional(), write_loop: text.optional() }),
  ...each(count, ["requests", "affected", "changed", "paused", "parallel"]),
  ...each(sum, ["n", "distinct", "rows", "failed", "busyUs", "latencyUs"]),
  nn: square,
  counts: bucketCounts(LOG_BUCKETS),
  saved: bucketCounts(LOG_BUCKETS),
  parents: z.array(PARENT_REPORT).max(MOST_PARENTS),
});

const PARTS_OF_REQUESTS = ["affected", "changed", "paused", "parallel"] as const;

export const REPEAT_REPORT = REPEAT.refine(
  (repeat) => PARTS_OF_REQUESTS.every((part) => repeat[part] <= repeat.requests),
  `${PARTS_OF_REQUESTS.join(", ")} must be at most requests`,
);

const strategy = z.enum(["join", "query"]);
/** Two strategies, three that may have run, four sizes. */
const MOST_CELLS = 24;
const CELL_REPORT = z.object({
  assigned: strategy,
  ran: z.enum(["join", "query", "unclear"]),
  size: z.number().int().min(0).max(3),
  ...each(count, ["requests", "errors"]),
  ...each(sum, ["databaseUs", "statements", "records"]),
  durations: bucketCounts(COUNTS_LENGTH),
});

export const TRIAL_REPORT = z.object({
  hour,
  trial: name,
  op: name,
  endpoint: name.nullable(),
  stopped: z.object({ strategy, reason: z.enum(["slow", "errors"]) }).nullable(),
  checks: z.object(each(count, ["same", "different", "skipped"])),
  cells: z.array(CELL_REPORT).max(MOST_CELLS),
});

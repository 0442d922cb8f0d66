import { z } from "zod";
import { COUNTS_LENGTH } from "../histogram/index.ts";
import { name, text } from "./report-text.ts";

/** The entries `repeats` and `trials` of a report about databases. For the server alone, as insight-schema.ts. */

const sum = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const HOUR_MS = 3_600_000;
const hour = z.iso
  .datetime()
  .refine((text) => Date.parse(text) % HOUR_MS === 0, "must be the start of an hour")
  .meta({ description: "The clock hour that the sums are of, in UTC." });

/** Highest bucket of lib/loading's `logBucketOf`, plus one. */
const LOG_BUCKETS = 127;
const bucketCounts = (buckets: number) =>
  z
    .array(
      z.tuple([
        z
          .number()
          .int()
          .min(0)
          .max(buckets - 1),
        sum,
      ]),
    )
    .max(buckets)
    .refine((pairs) => new Set(pairs.map(([bucket]) => bucket)).size === pairs.length, "names a bucket twice");

const sums = <const Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((each) => [each, sum])) as Record<Name, typeof sum>;

const MOST_PARENTS = 6;
const PARENT_REPORT = z.object({
  statement: text,
  op: name.nullable(),
  ...sums(["requests", "statements", "n", "rows", "nn", "rowsRows", "nRows", "exact"]),
});

export const REPEAT_REPORT = z.object({
  hour,
  endpoint: name,
  statement: text,
  writes: z.boolean(),
  list: z.boolean(),
  op: name.nullable(),
  site: name.nullable(),
  fixes: z.object({ n_plus_one: text.optional(), duplicates: text.optional(), write_loop: text.optional() }),
  ...sums(["requests", "affected", "n", "nn", "distinct", "rows", "failed", "changed", "paused", "parallel"]),
  ...sums(["busyUs", "latencyUs"]),
  counts: bucketCounts(LOG_BUCKETS),
  saved: bucketCounts(LOG_BUCKETS),
  parents: z.array(PARENT_REPORT).max(MOST_PARENTS),
});

const strategy = z.enum(["join", "query"]);
/** Two strategies, three that may have run, four sizes. */
const MOST_CELLS = 24;
const CELL_REPORT = z.object({
  assigned: strategy,
  ran: z.enum(["join", "query", "unclear"]),
  size: z.number().int().min(0).max(3),
  ...sums(["requests", "errors", "databaseUs", "statements", "records"]),
  durations: bucketCounts(COUNTS_LENGTH),
});

export const TRIAL_REPORT = z.object({
  hour,
  trial: name,
  op: name,
  endpoint: name.nullable(),
  stopped: z.object({ strategy, reason: z.enum(["slow", "errors"]) }).nullable(),
  checks: z.object(sums(["same", "different", "skipped"])),
  cells: z.array(CELL_REPORT).max(MOST_CELLS),
});

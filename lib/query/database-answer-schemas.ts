import { z } from "zod";
import { count, frame, latency, percentiles, thin } from "./answer-parts.ts";
import type { DatabaseAnswer } from "./database-answers.ts";

const share = z.number().min(0).max(1);
const number = z.number().min(0).nullable();
const time = z.strictObject({
  count,
  percentiles,
  maxUs: latency,
  thin,
  meanUs: latency,
  share: share.nullable().meta({ description: "Of all the time of these requests." }),
});

/** Answers about databases; see `ANSWERS`. */
export const DATABASE_ANSWERS = {
  Database: z.strictObject({
    ...frame,
    told: z.boolean().meta({ description: "False when no app has told of its databases." }),
    database: time.meta({ description: "Time for which at least one statement of a request was on its way." }),
    rest: time.meta({ description: "The rest of the requests' latencies." }),
    statements: z
      .strictObject({
        count,
        percentiles: z.record(z.string().regex(/^p\d+(\.\d+)?$/), number),
        max: number,
        mean: number,
        thin,
      })
      .meta({ description: "Statements a request: numbers, not times." }),
    stepSeconds: z.number().int().min(1),
    points: z.array(
      z.strictObject({
        at: z.iso.datetime(),
        count,
        databaseMeanUs: latency,
        restMeanUs: latency,
        statements: number.meta({ description: "Mean a request." }),
      }),
    ),
    slowest: z
      .array(
        z.strictObject({
          statementId: z.string().meta({ description: "16 hex digits; zeros: what the app does not tell apart." }),
          statement: z.string().nullable().meta({ description: "Without values; null while only the id is known." }),
          count,
          failed: count,
          perRequest: number,
          percentiles,
          maxUs: latency,
          thin,
          totalUs: z.number().min(0),
          share,
        }),
      )
      .meta({ description: "Most time first." }),
  }),
} satisfies { Database: z.ZodType<DatabaseAnswer> };

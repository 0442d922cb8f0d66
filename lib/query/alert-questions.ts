import { z } from "zod";

/** A rule that is not made yet, to be tried on the last days. The rule itself is checked with every problem told, later. */
export const DRAFT = z.strictObject({
  rule: z.unknown(),
  days: z.number().int().min(1).max(7).default(3).meta({ description: "How many of the last days." }),
});

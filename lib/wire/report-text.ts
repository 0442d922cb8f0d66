import { z } from "zod";
import { cleanName, LONGEST_NAME } from "./names.ts";
import { LONGEST_STATEMENT } from "./statement-names.ts";

/** A name of the app's, cleaned as the names of endpoints are. */
export const name = z
  .string()
  .min(1)
  .max(LONGEST_NAME * 4)
  .transform(cleanName);

/** A statement, or code: cut where it is too long. */
export const text = z
  .string()
  .min(1)
  .max(LONGEST_STATEMENT * 2)
  .transform((given) => given.slice(0, LONGEST_STATEMENT).toWellFormed().replaceAll("\0", "\uFFFD"));

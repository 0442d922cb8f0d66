import { TailfillError } from "../errors.ts";
import { type Db, db as processDb } from "./db.ts";
import { isDatabaseDown } from "./failure.ts";
import { withinTime } from "./within-time.ts";

/** Somebody waits for a page. A pool that is merely busy gives a connection sooner, or fails by its own limit of 3 s. */
const LIMIT_MS = 5_000;

/** Whether a database answers at all; what it answers is not looked at. */
export async function answers(db: Db, limitMs = LIMIT_MS): Promise<boolean> {
  try {
    await withinTime(db.$queryRaw`SELECT 1`, limitMs);
    return true;
  } catch (error) {
    return !(error instanceof TailfillError) && !isDatabaseDown(error);
  }
}

let asked: Promise<boolean> | undefined;

/**
 * Whether the database of this process answers at the moment. Who asks while a question is under way shares its answer; an
 * older one is not believed: it would make a bare failure of the next page.
 */
export function databaseAnswers(): Promise<boolean> {
  asked ??= answers(processDb()).finally(() => (asked = undefined));
  return asked;
}

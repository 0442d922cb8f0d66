import { TailfillError } from "../errors.ts";

const LIMIT_MS = 10_000;
const RETRY_SECONDS = 5;

/**
 * What was asked of the database, if it answers within ten seconds. The question itself goes on: what it does is done, or undone,
 * whoever still waits.
 * @throws TailfillError `database_unavailable` when it does not: a database that hangs is told as one that is down
 */
export async function withinTime<T>(work: Promise<T>, limitMs = LIMIT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const fail = () =>
      reject(
        new TailfillError("database_unavailable", "The database did not answer in time.", {
          retryAfterSeconds: RETRY_SECONDS,
        }),
      );
    timer = setTimeout(fail, limitMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

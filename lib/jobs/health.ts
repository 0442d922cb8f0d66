import type { Clock } from "../clock.ts";
import { type Db, db as processDb } from "../store/db.ts";
import { waitingBatches } from "../store/batches.ts";
import { VERSION } from "../version.ts";
import { jobStatuses } from "./status.ts";

/** The answer must come within a second, also when the database hangs. */
const ANSWER_MS = 800;

/** What `/api/health` answers. No secrets: anybody may read it. */
export interface Health {
  status: "ok" | "not_well";
  database: "ok" | "unreachable";
  jobs: { job: string; healthy: boolean; lagSeconds: number | null; succeededAt: string | null }[];
  /** Batches that wait to be folded; `null` when the database cannot be asked. */
  waitingBatches: number | null;
  version: string;
}

/** Asks the database and the jobs how they are. Never throws. */
export async function healthOf(clock: Clock, db: () => Db = processDb): Promise<Health> {
  const late = new Promise<null>((done) => setTimeout(() => done(null), ANSWER_MS).unref());
  const found = await Promise.race([ask(db, clock), late]);
  if (found === null)
    return { status: "not_well", database: "unreachable", jobs: [], waitingBatches: null, version: VERSION };
  const status = found.jobs.every(({ healthy }) => healthy) ? "ok" : "not_well";
  return { status, database: "ok", ...found, version: VERSION };
}

async function ask(db: () => Db, clock: Clock): Promise<Pick<Health, "jobs" | "waitingBatches"> | null> {
  try {
    const [statuses, waiting] = await Promise.all([jobStatuses(db(), clock.now()), waitingBatches(db())]);
    const jobs = statuses.map(({ job, healthy, lagSeconds, succeededAt }) => ({
      job,
      healthy,
      lagSeconds,
      succeededAt,
    }));
    return { jobs, waitingBatches: waiting.count };
  } catch {
    return null;
  }
}

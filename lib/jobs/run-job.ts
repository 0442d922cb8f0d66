import { log } from "../log.ts";
import { noteEnd, noteStart } from "../store/job-runs.ts";
import type { Job, JobContext } from "./table.ts";

/**
 * Runs one job once and notes how it went. An error of the job is noted and logged, and not thrown: the next run is due
 * soon and starts from what the database holds. Returns whether it went well.
 */
export async function runJob(job: Job, context: JobContext): Promise<boolean> {
  const { db, clock } = context;
  const startedMs = clock.now();
  try {
    await noteStart(db, job.name, startedMs);
    await job.run(context);
    await noteEnd(db, job.name, { startedMs, endedMs: clock.now() });
    return true;
  } catch (error) {
    log("jobs").error({ err: error, job: job.name }, "a job failed; it will run again");
    const message = error instanceof Error ? error.message : String(error);
    const run = { startedMs, endedMs: clock.now(), error: message };
    await noteEnd(db, job.name, run).catch(() => undefined); // the database may be what failed
    return false;
  }
}

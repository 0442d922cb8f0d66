import type { Connection } from "./db.ts";

const LONGEST_ERROR = 500;

/** The last run of a job. */
export interface JobRun {
  job: string;
  startedAt: Date | null;
  endedAt: Date | null;
  succeededAt: Date | null;
  durationMs: number | null;
  error: string | null;
  runs: bigint;
  failures: bigint;
}

/** Notes that a job has begun. */
export async function noteStart(db: Connection, job: string, atMs: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO job_run (job, started_at) VALUES (${job}, ${new Date(atMs)})
    ON CONFLICT (job) DO UPDATE SET started_at = excluded.started_at`;
}

/** Notes how a run ended; without `error`, well. */
export async function noteEnd(
  db: Connection,
  job: string,
  run: { startedMs: number; endedMs: number; error?: string },
): Promise<void> {
  const [ended, failed] = [new Date(run.endedMs), run.error === undefined ? 0 : 1];
  await db.$executeRaw`
    UPDATE job_run SET ended_at = ${ended}, duration_ms = ${Math.round(run.endedMs - run.startedMs)}::int,
      succeeded_at = CASE WHEN ${failed}::int = 0 THEN ${ended} ELSE succeeded_at END,
      error = ${run.error?.slice(0, LONGEST_ERROR) ?? null}, runs = runs + 1, failures = failures + ${failed}::int
    WHERE job = ${job}`;
}

/** The last run of every job that has ever run. */
export async function readJobRuns(db: Connection): Promise<JobRun[]> {
  return db.jobRun.findMany({ orderBy: { job: "asc" } });
}

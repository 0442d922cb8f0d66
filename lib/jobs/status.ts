import type { JobStatus } from "../query/answers.ts";
import type { Connection } from "../store/db.ts";
import { type JobRun, readJobRuns } from "../store/job-runs.ts";
import { SCHEDULE } from "./schedule.ts";

/** A run may take so long before its job counts as not well. */
const LONGEST_RUN_SECONDS = 600;
/** Beyond three periods, so much more is allowed: a start, a pause, a slow moment. */
const SLACK_SECONDS = 60;

type Scheduled = (typeof SCHEDULE)[number];

/** How every job is doing at a moment. */
export async function jobStatuses(db: Connection, nowMs: number): Promise<JobStatus[]> {
  const runs = new Map((await readJobRuns(db)).map((run) => [run.job, run]));
  return SCHEDULE.map((job) => statusOf(job, runs.get(job.name), nowMs));
}

function statusOf({ name, everySeconds }: Scheduled, run: JobRun | undefined, nowMs: number): JobStatus {
  const sinceSeconds = run?.succeededAt ? (nowMs - run.succeededAt.getTime()) / 1000 : null;
  const lagSeconds = sinceSeconds === null ? null : Math.max(0, Math.round(sinceSeconds - everySeconds));
  const late = sinceSeconds === null || sinceSeconds > 3 * everySeconds + SLACK_SECONDS;
  return {
    job: name,
    everySeconds,
    startedAt: run?.startedAt?.toISOString() ?? null,
    succeededAt: run?.succeededAt?.toISOString() ?? null,
    durationMs: run?.durationMs ?? null,
    error: run?.error ?? null,
    runs: Number(run?.runs ?? 0),
    failures: Number(run?.failures ?? 0),
    lagSeconds,
    healthy: !late || isRunning(run, nowMs),
  };
}

/** Whether a run has begun, has not ended, and has not been at it for too long. A first run counts only when it has ended. */
function isRunning(run: JobRun | undefined, nowMs: number): boolean {
  if (!run?.startedAt || !run.succeededAt) return false;
  const seconds = (nowMs - run.startedAt.getTime()) / 1000;
  return (run.endedAt === null || run.startedAt > run.endedAt) && seconds < LONGEST_RUN_SECONDS;
}

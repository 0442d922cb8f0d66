import { type Clock, systemClock } from "../clock.ts";
import { config } from "../config.ts";
import { TailfillError } from "../errors.ts";
import { log } from "../log.ts";
import { type Db, db } from "../store/db.ts";
import { readJobRuns } from "../store/job-runs.ts";
import { openQueue, type QueueEnds, type QueuePlace } from "./queue.ts";
import { runJob } from "./run-job.ts";
import { type Job, JOBS } from "./table.ts";
import { mendTurns, setTurns } from "./turns.ts";

export interface RunningWorker {
  /** Lets running jobs come to the end of their step, then closes. */
  stop(): Promise<void>;
}

export interface WorkerPlan {
  db: Db;
  clock: Clock;
  place: QueuePlace;
  jobs: readonly Job[];
  /** A job that failed and is not due sooner is run again after this. */
  retryMs: number;
  /** How often it is seen to it that no turn is too far ahead. */
  mendMs: number;
}

const RETRY_MS = 10_000;
const MEND_MS = 20_000;

/**
 * Starts the background jobs of this process. Several processes may; each run of a job is given to one of them.
 * @throws TailfillError `bad_setting` without a database address
 */
export async function startWorker(changes: Partial<WorkerPlan> = {}): Promise<RunningWorker> {
  const { clock = systemClock, jobs = JOBS, retryMs = RETRY_MS, mendMs = MEND_MS } = changes;
  const plan: WorkerPlan = { db: changes.db ?? db(), place: changes.place ?? placeOf(), clock, jobs, retryMs, mendMs };
  const running = new Set<string>();
  let stopping = false;
  const context = { db: plan.db, clock: plan.clock, stopping: () => stopping };
  const run = async (name: string): Promise<void> => {
    const job = plan.jobs.find((one) => one.name === name);
    if (job === undefined || stopping || running.has(name)) return; // still at it: what is due now is part of that
    running.add(name);
    const wentWell = await runJob(job, context).finally(() => running.delete(name));
    if (wentWell || job.everySeconds * 1000 <= plan.retryMs) return;
    setTimeout(() => void run(name), plan.retryMs).unref(); // its next turn may be an hour away
  };
  const ends = openQueue(plan.place, plan.jobs.length, run);
  await ends.worker.waitUntilReady();
  await setTurns(ends.queue, plan.jobs, clock.now());
  const mending = setInterval(() => void mend(ends, plan), plan.mendMs).unref();
  const atStart = Promise.all((await overdue(plan)).map(run));
  log("jobs").info({ jobs: plan.jobs.map(({ name }) => name) }, "jobs are scheduled");
  return {
    async stop() {
      stopping = true;
      clearInterval(mending);
      await Promise.all([ends.worker.close(), atStart]);
      await ends.queue.close();
    },
  };
}

function placeOf(): QueuePlace {
  const { databaseUrl, redisUrl } = config();
  if (databaseUrl === undefined) throw new TailfillError("bad_setting", "DATABASE_URL is not set for the worker.");
  return { databaseUrl, redisUrl };
}

/** The database may be away: the next time is soon. */
async function mend({ queue }: QueueEnds, { jobs, clock }: WorkerPlan): Promise<void> {
  await mendTurns(queue, jobs, clock.now()).catch((error: unknown) =>
    log("jobs").warn({ err: error }, "the turns of jobs could not be looked at"),
  );
}

/** Jobs that did not run well in their last period: after a crash, their turn in the queue may be an hour away. */
async function overdue({ db, clock, jobs }: WorkerPlan): Promise<string[]> {
  const runs = new Map((await readJobRuns(db)).map(({ job, succeededAt }) => [job, succeededAt?.getTime() ?? 0]));
  const isOverdue = ({ name, everySeconds }: Job) => clock.now() - (runs.get(name) ?? 0) > everySeconds * 1000;
  return jobs.filter(isOverdue).map(({ name }) => name);
}

import type { Clock } from "../clock.ts";
import { Deliverer } from "../alerts/delivery/deliverer.ts";
import { outside } from "../alerts/delivery/deliveries.ts";
import { heartbeat } from "../alerts/delivery/heartbeat.ts";
import { alertRound } from "../alerts/round.ts";
import { config } from "../config.ts";
import { checkHarm } from "../prefill/harm.ts";
import { prefillRound } from "../prefill/round.ts";
import { Folder } from "../rollup/fold.ts";
import { foldHistory } from "../rollup/history.ts";
import { removeExpired } from "../rollup/retention.ts";
import { rollUp } from "../rollup/roll-up.ts";
import type { Db } from "../store/db.ts";
import { deleteExpiredSignIns } from "../store/expired-sign-ins.ts";
import { ensurePartitions } from "../store/partitions.ts";
import { type JobName, SCHEDULE } from "./schedule.ts";

/** What a job is given. */
export interface JobContext {
  db: Db;
  clock: Clock;
  /** True when the process is about to end: a job that works in steps stops after the current one. */
  stopping: () => boolean;
}

export interface Job {
  readonly name: JobName;
  readonly everySeconds: number;
  /** At least once: a job may be run again after it was cut off at any point, also while another process runs it. */
  readonly run: (context: JobContext) => Promise<unknown>;
}

const folders = new WeakMap<Db, Folder>();

/** One folder a process: it remembers users. */
function folderOf(db: Db): Folder {
  const folder = folders.get(db) ?? new Folder(db);
  folders.set(db, folder);
  return folder;
}

const deliverers = new WeakMap<Db, Deliverer>();

/** One deliverer a process: it knows what is under way. */
function delivererOf({ db, clock }: JobContext): Deliverer {
  const deliverer =
    deliverers.get(db) ??
    new Deliverer(
      db,
      outside(() => clock.now()),
    );
  deliverers.set(db, deliverer);
  return deliverer;
}

const RUN: Record<JobName, Job["run"]> = {
  fold: ({ db, stopping }) => folderOf(db).fold(stopping),
  import: ({ db, clock, stopping }) => foldHistory(db, clock.now(), stopping),
  roll_up: ({ db, clock, stopping }) => rollUp(db, clock.now(), stopping),
  alerts: ({ db, clock, stopping }) => alertRound(db, { nowMs: clock.now(), stop: stopping }),
  deliver: (context) => delivererOf(context).round(context.stopping),
  heartbeat: ({ db, clock }) =>
    heartbeat(db, { url: config().heartbeatUrl, guard: outside().guard, nowMs: clock.now() }),
  prefill: ({ db, clock, stopping }) => prefillRound(db, { nowMs: () => clock.now(), stop: stopping }),
  prefill_harm: ({ db, clock, stopping }) => checkHarm(db, clock.now(), stopping),
  partitions: ({ db, clock }) => ensurePartitions(db, clock.now()),
  retention: ({ db, clock, stopping }) => removeExpired(db, clock.now(), stopping),
  sign_in_cleanup: ({ db, clock }) => deleteExpiredSignIns(db, clock.now()),
};

/** Every background job. */
export const JOBS: readonly Job[] = SCHEDULE.map(({ name, everySeconds }) => ({ name, everySeconds, run: RUN[name] }));

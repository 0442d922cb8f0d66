import type { Clock } from "../clock.ts";
import { config } from "../config.ts";
import { type Db, db as processDb } from "../store/db.ts";
import { DiskWatch } from "../store/disk.ts";
import { waitingBatches } from "../store/batches.ts";
import { VERSION } from "../version.ts";
import { jobStatuses } from "./status.ts";

/** The answer must come within a second, also when the database hangs. */
const ANSWER_MS = 800;

/** What `/api/health` answers. No secrets: anybody may read it. */
export interface Health {
  status: "ok" | "not_well";
  database: "ok" | "unreachable";
  /** `full`: so little room is left beside the embedded database that nothing new is accepted. */
  disk: "ok" | "full";
  jobs: { job: string; healthy: boolean; lagSeconds: number | null; succeededAt: string | null }[];
  /** Batches that wait to be folded; `null` when the database cannot be asked. */
  waitingBatches: number | null;
  version: string;
}

/** Asks the database, the jobs and the disk how they are. Never throws. */
export async function healthOf(clock: Clock, db: () => Db = processDb, disk = ownDisk(clock)): Promise<Health> {
  const late = new Promise<null>((done) => setTimeout(() => done(null), ANSWER_MS).unref());
  const [found, isFull] = await Promise.all([Promise.race([ask(db, clock), late]), disk.isFull()]);
  const seen = { disk: isFull ? "full" : "ok", version: VERSION } as const;
  if (found === null) return { status: "not_well", database: "unreachable", jobs: [], waitingBatches: null, ...seen };
  const isWell = !isFull && found.jobs.every(({ healthy }) => healthy);
  return { status: isWell ? "ok" : "not_well", database: "ok", ...found, ...seen };
}

/** Where the embedded database writes; who runs their own database watches its disk. */
const ownDisk = (clock: Clock): DiskWatch => new DiskWatch(config().embedded ? config().dataDir : undefined, clock);

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

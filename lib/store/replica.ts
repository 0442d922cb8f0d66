import { type Clock, systemClock } from "../clock.ts";
import { config } from "../config.ts";
import { log } from "../log.ts";
import { db as processDb, type Db, openDb } from "./db.ts";
import { MEASURE_EVERY_MS, type ReplicaState, type ReplicaUse, UNKNOWN, useOf } from "./replica-state.ts";
import { withinTime } from "./within-time.ts";

/** A replica that answers so slowly is of no use to anybody who waits for a page. */
const ANSWER_MS = 1_500;
/** The row of `process_beat` by which replicas are measured. */
const MARK = "read_replica";

/**
 * A read replica, and how far it is behind. Every two seconds a mark is written into the database and read from the replica: a lag is a
 * mark that is missing there, so that a quiet database does not look like a slow replica, nor a replica that was cut off like one in step.
 */
export class Replica {
  private state: ReplicaState = UNKNOWN;
  private told: ReplicaUse = "used";
  /** The time of the last mark, by the database's clock. */
  private markedMs: number | null = null;
  private timer: NodeJS.Timeout | undefined;
  private first: Promise<void> | undefined;

  constructor(
    private readonly primary: Db,
    readonly db: Db,
    private readonly clock: Clock = systemClock,
  ) {}

  /** Begins to measure, with the first call, and waits for the first measurement. */
  begin(): Promise<void> {
    this.timer ??= setInterval(() => void this.measure(), MEASURE_EVERY_MS).unref();
    return (this.first ??= this.measure());
  }

  end(): void {
    clearInterval(this.timer);
  }

  /** How it is at the moment. */
  status(): { use: ReplicaUse; lagMs: number } {
    return { use: useOf(this.state, this.clock.now()), lagMs: this.state.lagMs };
  }

  /** Notes that a question failed on it: the next ones go to the database itself until it answers again. */
  failed(): void {
    this.state = { ...this.state, failedMs: this.clock.now() };
  }

  /** Never throws. */
  async measure(): Promise<void> {
    try {
      const seenMs = await withinTime(readMark(this.db), ANSWER_MS);
      // What was written two seconds ago and is not there yet is late; without a mark of our own nothing can be said.
      if (this.markedMs !== null) {
        const lagMs = seenMs === null ? Infinity : Math.max(0, this.markedMs - seenMs);
        this.state = { ...this.state, measuredMs: this.clock.now(), lagMs };
      }
    } catch {
      this.failed();
    }
    this.tell();
    await withinTime(writeMark(this.primary), ANSWER_MS).then(
      (ms) => this.noteMark(ms),
      () => undefined, // the database is down: nobody can sign in, and what is measured is soon not believed
    );
  }

  /** The first mark is measured at once, or the first page would not know of the replica. */
  private async noteMark(ms: number): Promise<void> {
    const isFirst = this.markedMs === null;
    this.markedMs = ms;
    if (isFirst) await this.measure();
  }

  /** The log has each change once. */
  private tell(): void {
    const { use, lagMs } = this.status();
    if (use === this.told || use === "not_known") return;
    this.told = use;
    if (use === "used") log("replica").info("the read replica is used");
    else log("replica").warn({ use, lagMs }, "the read replica is not used: questions go to the database itself");
  }
}

async function readMark(db: Db): Promise<number | null> {
  const row = await db.processBeat.findUnique({ where: { process: MARK }, select: { at: true } });
  return row?.at.getTime() ?? null;
}

/** By the database's clock, which all web processes share. */
async function writeMark(db: Db): Promise<number> {
  const [row] = await db.$queryRaw<{ at: Date }[]>`
    INSERT INTO process_beat (process, at) VALUES (${MARK}, clock_timestamp())
    ON CONFLICT (process) DO UPDATE SET at = greatest(process_beat.at, excluded.at) RETURNING at`;
  return row!.at.getTime();
}

// As the database of the process: one, though Next.js may evaluate this module once for each bundle.
const shared = globalThis as typeof globalThis & { tailfillReplica?: { primary: Db; replica: Replica } };

/** The read replica of this process; `null` when none is configured. */
export function replicaOfProcess(): Replica | null {
  const url = config().databaseReadUrl;
  if (url === undefined) return null;
  const primary = processDb();
  if (shared.tailfillReplica?.primary !== primary)
    shared.tailfillReplica = { primary, replica: new Replica(primary, openDb(url)) };
  return shared.tailfillReplica.replica;
}

/** Ends the replica's connections of this process, if there are any. */
export async function closeReplica(): Promise<void> {
  shared.tailfillReplica?.replica.end();
  await shared.tailfillReplica?.replica.db.$disconnect();
  delete shared.tailfillReplica;
}

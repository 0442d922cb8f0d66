import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Clock, systemClock } from "../../clock.ts";
import { type Config, config } from "../../config.ts";
import { redisFacts } from "../../jobs/redis-facts.ts";
import { jobStatuses } from "../../jobs/status.ts";
import { readReceivers } from "../../store/alert-receivers.ts";
import { waitingBatches } from "../../store/batches.ts";
import { connectClient } from "../../store/client.ts";
import { type DatabaseFacts, databaseFacts } from "../../store/database-facts.ts";
import { type Db, openDb } from "../../store/db.ts";
import { type ReplicaFacts, replicaFacts } from "../../store/replica-facts.ts";
import type { JobFacts, TellingFacts } from "./judge-jobs.ts";

/** What the database of a tailfill, and what goes with it, say of themselves. */
export interface Looked {
  database: DatabaseFacts;
  /** `null`: none is set. */
  replica: ReplicaFacts | null;
  /** `null` while migrations are missing: what they make cannot be asked. */
  jobs: JobFacts | null;
  telling: TellingFacts | null;
}

const LIMIT_MS = 3_000;

/**
 * Looks, in transactions that may not write.
 * @throws TailfillError `database_unavailable` with the reason
 */
export async function look(clock: Clock = systemClock, settings: Config = config()): Promise<Looked> {
  const url = new URL(settings.databaseUrl ?? "");
  url.searchParams.set("options", "-c default_transaction_read_only=on");
  await (await connectClient(url.href)).end(); // it tells better why it fails than a pool does
  const db = openDb(url.href, 2);
  try {
    const database = await databaseFacts(db, () => clock.now());
    const replica = settings.databaseReadUrl === undefined ? null : await replicaFacts(db, settings.databaseReadUrl);
    if (database.migrations.missing.length > 0) return { database, replica, jobs: null, telling: null };
    return {
      database,
      replica,
      jobs: await jobFacts(db, database, { settings, nowMs: clock.now() }),
      telling: await tellingFacts(db, { settings, nowMs: clock.now() }),
    };
  } finally {
    await db.$disconnect();
  }
}

interface Place {
  settings: Config;
  nowMs: number;
}

async function jobFacts(db: Db, database: DatabaseFacts, { settings, nowMs }: Place): Promise<JobFacts> {
  const { count, oldestMs } = await waitingBatches(db);
  const statuses = await jobStatuses(db, nowMs);
  const redis = settings.redisUrl === undefined ? null : await redisFacts(settings.redisUrl);
  return {
    statuses,
    waiting: { count, oldestSeconds: oldestMs === null ? 0 : Math.max(0, (nowMs - oldestMs) / 1_000) },
    isRunning: redis === null ? database.isWorkerConnected : statuses.some(({ healthy }) => healthy),
    hasQueue: database.hasQueue,
    redis,
  };
}

async function tellingFacts(db: Db, { settings, nowMs }: Place): Promise<TellingFacts> {
  const receivers = await readReceivers(db);
  return {
    receiverCount: receivers.length,
    receivers: receivers
      .filter(({ offReason, failingSinceMs }) => offReason !== null || failingSinceMs !== null)
      .map(({ name, offReason, failingSinceMs }) => ({
        name,
        offReason,
        failingSeconds: failingSinceMs === null ? null : (nowMs - failingSinceMs) / 1_000,
      })),
    mail: settings.smtpUrl === undefined ? null : await mailFacts(new URL(settings.smtpUrl)),
  };
}

/** Whether the mail server takes a connection; nothing is said to it. */
async function mailFacts({ protocol, hostname: host, port }: URL): Promise<TellingFacts["mail"]> {
  const isTls = protocol === "smtps:";
  const target = { host, port: Number(port) || (isTls ? 465 : 587) };
  const why = await new Promise<string | null>((done) => {
    const socket = isTls ? connectTls({ ...target, servername: host }) : connect(target);
    socket.setTimeout(LIMIT_MS, () => socket.destroy(new Error("no answer in time")));
    socket.once(isTls ? "secureConnect" : "connect", () => {
      done(null);
      socket.destroy();
    });
    socket.once("error", (error) => done(error.message));
  });
  return { address: `${target.host}:${target.port}`, why };
}

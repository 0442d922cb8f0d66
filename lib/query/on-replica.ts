import { TailfillError } from "../errors.ts";
import { db as processDb, type Db } from "../store/db.ts";
import { isDatabaseDown, isOvertakenByRecovery } from "../store/failure.ts";
import { type Replica, replicaOfProcess } from "../store/replica.ts";
import type { AnswerFrame, ReplicaStatus } from "./answers.ts";

/**
 * Asks a question about windows on the read replica, if there is one that answers and is near enough; else, and when it fails over the
 * question, on the database itself. An answer that may lack something says by how much. What people change is never asked here: they
 * would not see it.
 */
export async function onReplica<Answer extends AnswerFrame>(
  ask: (db: Db) => Promise<Answer>,
  replica: Replica | null = replicaOfProcess(),
  primary: () => Db = processDb,
): Promise<Answer> {
  if (replica === null) return ask(primary());
  await replica.begin();
  const { use, lagMs } = replica.status();
  if (use !== "used") return ask(primary());
  try {
    const answer = await ask(replica.db);
    const behindSeconds = Math.ceil(lagMs / 1_000);
    return behindSeconds > 0 ? { ...answer, behindSeconds } : answer;
  } catch (error) {
    if (isMissing(error)) return ask(primary()); // it may have come in since
    if (!isDatabaseDown(error) && !isOvertakenByRecovery(error)) throw error;
    if (isDatabaseDown(error)) replica.failed();
    return ask(primary());
  }
}

const isMissing = (error: unknown): boolean => error instanceof TailfillError && error.code === "not_found";

/** How the read replica of this process is; `null` when there is none. */
export async function replicaStatus(): Promise<ReplicaStatus | null> {
  const replica = replicaOfProcess();
  if (replica === null) return null;
  await replica.begin();
  const { use, lagMs } = replica.status();
  return { use, behindSeconds: Number.isFinite(lagMs) ? Math.ceil(lagMs / 1_000) : null };
}

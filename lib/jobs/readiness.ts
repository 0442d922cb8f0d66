import { type Db, db as processDb } from "../store/db.ts";
import { answers } from "../store/probe.ts";
import { VERSION } from "../version.ts";

/** The answer must come within a second, also when the database hangs. */
const ANSWER_MS = 800;

/** What `/api/ready` answers. */
export interface Readiness {
  /** `stopping`: this process was asked to end and takes its last requests. */
  status: "ready" | "stopping" | "database_unreachable";
  version: string;
}

/**
 * Whether this process can take requests. Other than health it does not ask how jobs are: a load balancer that took every web process
 * away because a worker is down would lose what could still be stored. Never throws.
 */
export async function readiness(db: () => Db = processDb): Promise<Readiness> {
  const isReached = await reaches(db);
  return { status: isReached ? "ready" : "database_unreachable", version: VERSION };
}

async function reaches(db: () => Db): Promise<boolean> {
  try {
    return await answers(db(), ANSWER_MS);
  } catch {
    return false; // no address is configured
  }
}

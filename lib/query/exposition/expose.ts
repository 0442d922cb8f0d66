import { waitingBatches } from "../../store/batches.ts";
import { type LostEver, lostEver, refusedEver } from "../../store/counters.ts";
import type { Db } from "../../store/db.ts";
import { snapshot } from "../../store/snapshot.ts";
import type { JobStatus } from "../answers.ts";
import { closedUntil } from "../closed.ts";
import { DEFAULT_PERCENTILES, type QuestionOf } from "../question.ts";
import { matchedBy } from "../reading.ts";
import { type Edge, edgesOf } from "./edges.ts";
import { familiesOf } from "./families.ts";
import { type Counted, gatherCounted, gatherRecent, type Recent } from "./gather.ts";
import type { Form } from "./negotiate.ts";
import { exposition } from "./text.ts";

/** Percentiles are those of the last closed windows of so long. */
const WINDOW_SECONDS = 300;
/** Endpoints of one answer, those first that were first seen: which they are must not change from scrape to scrape. */
const MOST_ENDPOINTS = 2_000;

/** Everything that `/metrics` tells, as of one moment. */
export interface Exposed {
  edges: readonly Edge[];
  percentiles: readonly number[];
  windowSeconds: number;
  /** The end of the window, Unix seconds. */
  windowEndSeconds: number;
  counted: Counted[];
  recent: Recent[];
  /** The same of whole services and environments. */
  services: Recent[];
  /** Endpoints that had no room. */
  cut: number;
  lost: LostEver[];
  refused: { code: string; count: number }[];
  waiting: number;
  oldestWaitingSeconds: number;
  jobs: readonly JobStatus[];
}

/**
 * The metrics of a scope in a text form of Prometheus, piece by piece. All of it is of one state of the database.
 * @param jobs how the jobs are doing: told as they are given
 */
export async function expose(
  db: Db,
  question: QuestionOf<"metrics"> & { form: Form },
  { nowMs, jobs }: { nowMs: number; jobs: readonly JobStatus[] },
): Promise<Generator<string>> {
  const edges = edgesOf(question.buckets);
  const exposed = await snapshot(db, async (connection): Promise<Exposed> => {
    const waiting = await waitingBatches(connection);
    const { endpoints, totals } = await matchedBy(connection, question);
    const some = endpoints.slice(0, MOST_ENDPOINTS);
    const windowEndSeconds = closedUntil(nowMs, waiting.oldestMs) / 1_000;
    const range = { fromSeconds: windowEndSeconds - WINDOW_SECONDS, toSeconds: windowEndSeconds };
    const wish = { range, percentiles: DEFAULT_PERCENTILES };
    return {
      edges,
      percentiles: DEFAULT_PERCENTILES,
      windowSeconds: WINDOW_SECONDS,
      windowEndSeconds,
      counted: await gatherCounted(connection, some, edges),
      recent: await gatherRecent(connection, some, wish),
      services: await gatherRecent(connection, totals.slice(0, MOST_ENDPOINTS), wish),
      cut: endpoints.length - some.length,
      lost: await lostEver(connection, question),
      refused: await refusedEver(connection),
      waiting: waiting.count,
      oldestWaitingSeconds: waiting.oldestMs === null ? 0 : Math.max(0, nowMs - waiting.oldestMs) / 1_000,
      jobs,
    };
  });
  return exposition(familiesOf(exposed), question.form);
}

import { sizeOf, type Strategy } from "../../../loading/index.ts";
import { wallMsOf } from "../client-inside.ts";
import { newWork, within } from "../context.ts";
import { noStatements } from "../database/counts.ts";
import { countRecords } from "./count-records.ts";
import { ranBy } from "./ran.ts";
import type { TriedRequest } from "./request-numbers.ts";
import type { RunningTrial } from "./running-trial.ts";
import { tellTrial } from "./trial-report.ts";

/** A call of Prisma's, on its way through a query extension. */
export interface TriedCall {
  args: object;
  query: (args: object) => Promise<unknown>;
}

/**
 * Runs the call by a strategy, as a part of its request, and counts it if it is the request's first of this trial. Gives and throws what Prisma
 * gives and throws; what goes wrong in counting is reported.
 */
export async function tryCall(
  running: RunningTrial,
  request: TriedRequest,
  { args, query }: TriedCall,
  strategy: Strategy,
): Promise<unknown> {
  const given = { ...args, relationLoadStrategy: strategy };
  const { name } = running.trial;
  if (request.counted.has(name)) return query(given);
  request.counted.add(name);
  const { work } = request;
  const call = newWork({ around: work, client: work.client, holdsRequests: true });
  const startMs = performance.now();
  const count = (answer: unknown, failed: boolean): void => {
    const atMs = performance.now();
    call.open = false;
    try {
      const statements = call.statements?.summary(atMs) ?? noStatements();
      // Another request has asked for it: Prisma batches `findUnique` of one turn.
      if (statements.count === 0 && !failed) return;
      const records = countRecords(answer);
      const { busyUs: databaseUs, count: asked } = statements;
      const about = { assigned: strategy, ran: ranBy(statements), size: sizeOf(records) };
      const durationUs = (atMs - startMs) * 1_000;
      tellTrial(running, work.client);
      running.add({ ...about, durationUs, databaseUs, statements: asked, records, failed }, wallMsOf(work.client));
      if (running.isDue) setImmediate(() => running.look()).unref();
    } catch (error) {
      work.client?.report(error);
    }
  };
  try {
    const answer = await within(call, async () => await query(given));
    count(answer, false);
    return answer;
  } catch (error) {
    count(undefined, true);
    throw error;
  }
}

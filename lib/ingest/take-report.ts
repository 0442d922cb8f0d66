import { ensurePartitions, isPartitionMissing } from "../store/partitions.ts";
import { type Decided, type DecisionNews, saveDecisions, STATES, timeOfId } from "../store/prefill-decisions.ts";
import { saveDefinitions } from "../store/prefill-definitions.ts";
import { openScope } from "../store/scopes.ts";
import { LATEST_SECONDS } from "../store/tiers.ts";
import { userKey } from "../store/user-key.ts";
import { saveUserLabels, type UserLabel } from "../store/user-labels.ts";
import { withinTime } from "../store/within-time.ts";
import { CACHE_METHOD, type Rejection } from "../wire/index.ts";
import { checkDisk, checkRate, type IngestContext } from "./accept.ts";
import { readJsonOf } from "./read-json.ts";
import { type ReadReport, readReport } from "./read-report.ts";
import type { ReportedEvent } from "../wire/report-schema.ts";

/** The answer to a report that was stored. */
export interface ReportAccepted {
  /** Events kept, those known already included. */
  accepted: number;
  /** The first of those not kept. */
  rejected: Rejection[];
}

const REJECTIONS_TOLD = 1_000;

/**
 * Takes in what an app tells of its decisions. When this returns, it is committed, and counts once however often it is told.
 * @throws TailfillError for whatever is refused as a whole, and then nothing was stored
 */
export async function acceptReport(request: Request, context: IngestContext): Promise<ReportAccepted> {
  checkRate({ context });
  await checkDisk({ context });
  const report = readReport(await readJsonOf(request), context.clock.now());
  const accepted = await withinTime(storeReport(report, context));
  return { accepted, rejected: report.rejected.slice(0, REJECTIONS_TOLD) };
}

/** Stores a report. Definitions and events beyond the cap on definitions are added to its rejections. */
async function storeReport(report: ReadReport, { db, clock }: IngestContext): Promise<number> {
  const decided = report.events.flatMap(({ event }) => (event.type === "decision" ? [event.definition] : []));
  const names = [...new Set([...report.definitions.map(({ name }) => name), ...decided])];
  const cached = (route: string) => ({ method: CACHE_METHOD, route });
  const { scope, book } = await openScope(db, report, names.map(cached));
  const ids = new Map<string, number>();
  for (const name of names) {
    const { id, capped } = book.resolve(cached(name));
    if (!capped) ids.set(name, id);
  }
  const atMs = clock.now();
  const definitions = report.definitions.flatMap((one) => {
    const endpointId = ids.get(one.name);
    return endpointId === undefined ? [] : [{ ...one, endpointId }];
  });
  await saveDefinitions(db, scope.id, { definitions, atMs });
  const gathered = gather(report, { ids, scope });
  await saveUserLabels(db, gathered.labels);
  const save = () => saveDecisions(db, scope.id, [...gathered.news.values()]);
  await save().catch(async (error: unknown) => {
    if (!isPartitionMissing(error)) throw error;
    await ensurePartitions(db, atMs); // no worker has run for days
    await save();
  });
  return gathered.accepted;
}

interface Naming {
  ids: ReadonlyMap<string, number>;
  scope: { serviceId: number; service: string };
}

/** Puts together what the report says of each decision. */
function gather(report: ReadReport, { ids, scope }: Naming) {
  const news = new Map<string, DecisionNews>();
  const labels = new Map<bigint, UserLabel>();
  let accepted = 0;
  for (const { place, event } of report.events) {
    const definitionId = event.type === "decision" ? ids.get(event.definition) : 0;
    if (definitionId === undefined) {
      report.rejected.push({ path: `events[${place}]`, reason: "definition: the service has too many definitions" });
      continue;
    }
    accepted++;
    const known = news.get(event.id) ?? { id: event.id };
    news.set(event.id, known);
    if (event.type === "decision") {
      const key = userKey(scope.service, event.user);
      known.decided ??= decidedOf(event, { definitionId, userKey: key });
      labels.set(key, { serviceId: scope.serviceId, key, label: event.user, seenMs: timeOfId(event.id) });
    } else if (event.type === "fill") known.fill = stronger(known.fill, event);
    else if (known.visit === undefined || event.atMs < known.visit.atMs) known.visit = event;
  }
  return { news, labels: [...labels.values()], accepted };
}

function decidedOf(
  event: Extract<ReportedEvent, { type: "decision" }>,
  ids: { definitionId: number; userKey: bigint },
): Decided {
  const { signal, arm, use, delta, costUs, price, id } = event;
  // Later visits would be told too late to be kept.
  const notAfterMs = Math.min(event.notAfterMs, timeOfId(id) + LATEST_SECONDS * 1000);
  return { ...ids, signal, arm, use, delta, costUs, price, notAfterMs };
}

function stronger(known: DecisionNews["fill"], { state, tookUs, bytes }: NonNullable<DecisionNews["fill"]>) {
  if (known === undefined) return { state, tookUs, bytes };
  const first = STATES.indexOf(known.state) <= STATES.indexOf(state) ? known.state : state;
  return { state: first, tookUs: Math.max(known.tookUs, tookUs), bytes: Math.max(known.bytes, bytes) };
}

import { openScope, type Scope } from "../../store/scopes.ts";
import { withinTime } from "../../store/within-time.ts";
import type { Rejection } from "../../wire/index.ts";
import { checkDisk, checkRate, type IngestContext } from "../accept.ts";
import { readJsonOf } from "../read-json.ts";
import { takeKills } from "./kills.ts";
import { takeRepeats, takeTrials } from "./loading.ts";
import { type ReadInsight, readInsight } from "./read-insight.ts";
import { takeRequests } from "./requests.ts";
import { takeStatements } from "./statements.ts";
import { takeStops } from "./stops.ts";

/** The answer to a report that was stored. */
export interface InsightAccepted {
  /** Entries kept, those known already included. */
  accepted: number;
  /** The first of those not kept. */
  rejected: Rejection[];
}

const REJECTIONS_TOLD = 1_000;

/** Where the entries of a section go, and what of them is not kept. */
export interface Taking {
  db: IngestContext["db"];
  scope: Scope;
  instance: string;
  nowMs: number;
  rejected: Rejection[];
}

/**
 * Takes in what apps and guards tell of databases. When this returns, it is committed; told again, it changes nothing.
 * @throws TailfillError for whatever is refused as a whole, and then nothing was stored
 */
export async function acceptInsight(request: Request, context: IngestContext): Promise<InsightAccepted> {
  checkRate({ context });
  await checkDisk({ context });
  const report = readInsight(await readJsonOf(request));
  const accepted = await withinTime(store(report, context));
  return { accepted, rejected: report.rejected.slice(0, REJECTIONS_TOLD) };
}

async function store({ service, environment, instance, sections, rejected }: ReadInsight, context: IngestContext) {
  const { db, clock } = context;
  const { scope } = await openScope(db, { service, environment }, []);
  const taking: Taking = { db, scope, instance, nowMs: clock.now(), rejected };
  const taken = [
    await takeStatements(sections.statements, taking),
    await takeKills(sections.kills, taking),
    await takeRepeats(sections.repeats, taking),
    await takeTrials(sections.trials, taking),
    await takeStops(sections.stops, taking),
    await takeRequests(sections.requests, taking),
  ];
  return taken.reduce((sum, count) => sum + count, 0);
}

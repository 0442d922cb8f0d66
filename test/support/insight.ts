import { acceptInsight } from "@/lib/ingest/insight/take-insight";
import type { Db } from "@/lib/store/db";
import type { InsightSections, KillReport, RequestReport, StopReport } from "@/lib/wire/index";
import { FakeClock } from "./clock.ts";
import { ingestContext, requestOf } from "./ingest.ts";
import { idAt } from "./reports.ts";

/** A report of the sections given. */
export function insightOf(sections: Partial<InsightSections>) {
  return { v: 1, service: "shop", environment: "production", instance: "web-1", ...sections };
}

/** A cancelled report, before anything is known of its end. */
export function killAt(ms: number, over: Partial<KillReport> = {}): KillReport {
  return {
    id: idAt(ms),
    action: "cancel",
    pid: 17_210,
    ageMs: 21_274,
    applicationName: "shop",
    endpoint: "GET /report",
    op: "report.all",
    statement: "select count(*) from comment where author = ?",
    reason: "over_limit",
    detail: "it ran longer than the limit",
    rule: "over 20000 ms",
    waitEvent: null,
    outcome: null,
    afterMs: null,
    ...over,
  };
}

/** The same, as the app has seen it end. */
export function stopAt(ms: number, over: Partial<StopReport> = {}): StopReport {
  return {
    id: idAt(ms),
    by: "other",
    code: "57014",
    pid: 17_210,
    endpoint: "GET /report",
    statement: "select count(*) from comment where author = ?",
    durationUs: 21_300_000,
    budgetMs: null,
    user: "ada",
    traceId: "ab".repeat(16),
    ...over,
  };
}

/** A request that took a second, most of it at the database. */
export function requestAt(ms: number, over: Partial<RequestReport> = {}): RequestReport {
  return {
    id: idAt(ms),
    endpoint: "GET /report",
    outcome: "ok",
    latencyUs: 1_000_000,
    databaseUs: 900_000,
    statements: 3,
    slowest: [{ statement: "select count(*) from comment where author = ?", count: 2, durationUs: 890_000 }],
    user: "ada",
    traceId: null,
    ...over,
  };
}

/** Takes a report in as the server does. */
export async function insightIngested(db: Db, nowMs: number, sections: Partial<InsightSections>): Promise<void> {
  const context = ingestContext(db, { clock: new FakeClock(nowMs) });
  const { rejected } = await acceptInsight(requestOf(JSON.stringify(insightOf(sections))), context);
  if (rejected.length > 0) throw new Error(`the test's own report is bad: ${JSON.stringify(rejected)}`);
}

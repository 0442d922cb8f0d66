import { TailfillError } from "../errors.ts";
import { plainWords, problemsOf } from "../input-problems.ts";
import { timeOfId } from "../store/prefill-decisions.ts";
import type { DefinitionReport, Rejection } from "../wire/index.ts";
import { DEFINITION, EVENT, REPORT_FRAME, type ReportedEvent } from "../wire/report-schema.ts";
import { outOfTime, readEntry } from "./entry.ts";

/** A report with everything that can be kept of it. */
export interface ReadReport {
  service: string;
  environment: string;
  definitions: DefinitionReport[];
  /** With their places in the report as it was sent. */
  events: { place: number; event: ReportedEvent }[];
  rejected: Rejection[];
}

/**
 * Reads an UNTRUSTED report. A bad definition or event is left out with its path and the reason; the rest is kept.
 * @throws TailfillError `bad_request` when it is no report at all
 */
export function readReport(body: unknown, nowMs: number): ReadReport {
  const frame = REPORT_FRAME.safeParse(body, { error: plainWords });
  if (!frame.success) throw new TailfillError("bad_request", problemsOf(frame.error).join(" "));
  const { service, environment, definitions = [], events } = frame.data;
  const report: ReadReport = { service, environment, definitions: [], events: [], rejected: [] };
  const names = new Set<string>();
  for (const [place, one] of definitions.entries()) {
    const data = readEntry(DEFINITION, one, { path: `definitions[${place}]`, rejected: report.rejected });
    if (data !== undefined && !names.has(data.name)) report.definitions.push(data);
    if (data !== undefined) names.add(data.name);
  }
  for (const [place, one] of events.entries()) {
    const path = `events[${place}]`;
    const data = readEntry(EVENT, one, { path, rejected: report.rejected });
    const reason = data === undefined ? undefined : eventOutOfTime(data, nowMs);
    if (reason !== undefined) report.rejected.push({ path, reason });
    else if (data !== undefined) report.events.push({ place, event: data });
  }
  return report;
}

/** Both moments of an event: when it was decided on, and when it happened. */
function eventOutOfTime({ id, atMs }: ReportedEvent, nowMs: number): string | undefined {
  for (const [what, ms] of [["id", timeOfId(id)] as const, ["atMs", atMs] as const]) {
    const reason = outOfTime(ms, nowMs);
    if (reason !== undefined) return `${what}: ${reason}`;
  }
  return undefined;
}

import type { z } from "zod";
import { TailfillError } from "../errors.ts";
import { plainWords, problemsOf } from "../input-problems.ts";
import { timeOfId } from "../store/prefill-decisions.ts";
import { AHEAD_SECONDS, LATEST_SECONDS } from "../store/tiers.ts";
import type { DefinitionReport, Rejection } from "../wire/index.ts";
import { DEFINITION, EVENT, REPORT_FRAME, type ReportedEvent } from "../wire/report-schema.ts";

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
    const { data } = taken(DEFINITION, one, { path: `definitions[${place}]`, report });
    if (data !== undefined && !names.has(data.name)) report.definitions.push(data);
    if (data !== undefined) names.add(data.name);
  }
  for (const [place, one] of events.entries()) {
    const path = `events[${place}]`;
    const { data } = taken(EVENT, one, { path, report });
    const reason = data === undefined ? undefined : outOfTime(data, nowMs);
    if (reason !== undefined) report.rejected.push({ path, reason });
    else if (data !== undefined) report.events.push({ place, event: data });
  }
  return report;
}

function taken<T>(
  schema: z.ZodType<T>,
  one: unknown,
  { path, report }: { path: string; report: ReadReport },
): { data?: T | undefined } {
  const parsed = schema.safeParse(one, { error: plainWords });
  if (!parsed.success) report.rejected.push({ path, reason: problemOf(parsed.error) });
  return { data: parsed.data };
}

/** The first thing that is wrong, without what was sent: ids of users must not get into logs. */
function problemOf(error: z.ZodError): string {
  const { path, message } = error.issues[0]!;
  return path.length === 0 ? message : `${path.join(".")}: ${message}`;
}

/** An id or an event from the future would be shown and counted before it happened; one too old has no place any more. */
function outOfTime({ id, atMs }: ReportedEvent, nowMs: number): string | undefined {
  for (const [what, ms] of [["id", timeOfId(id)] as const, ["atMs", atMs] as const]) {
    if (ms > nowMs + AHEAD_SECONDS * 1000) return `${what}: is more than 10 minutes ahead`;
    if (ms < nowMs - LATEST_SECONDS * 1000) return `${what}: is more than 48 hours old`;
  }
  return undefined;
}

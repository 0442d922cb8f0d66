import type { z } from "zod";
import { plainWords } from "../input-problems.ts";
import { AHEAD_SECONDS, LATEST_SECONDS } from "../store/tiers.ts";
import type { Rejection } from "../wire/index.ts";

/** Reads one UNTRUSTED entry of a report. A bad one is added to the rejections, and undefined. */
export function readEntry<T>(
  schema: z.ZodType<T>,
  entry: unknown,
  { path, rejected }: { path: string; rejected: Rejection[] },
): T | undefined {
  const parsed = schema.safeParse(entry, { error: plainWords });
  if (!parsed.success) rejected.push({ path, reason: problemOf(parsed.error) });
  return parsed.data;
}

/** The first thing that is wrong, without what was sent: ids of users must not get into logs. */
function problemOf(error: z.ZodError): string {
  const { path, message } = error.issues[0]!;
  return path.length === 0 ? message : `${path.join(".")}: ${message}`;
}

/** What is wrong with a moment: from the future it would be shown before it happened; one too old has no place any more. */
export function outOfTime(ms: number, nowMs: number): string | undefined {
  if (ms > nowMs + AHEAD_SECONDS * 1000) return "is more than 10 minutes ahead";
  return ms < nowMs - LATEST_SECONDS * 1000 ? "is more than 48 hours old" : undefined;
}

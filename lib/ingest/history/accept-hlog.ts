import { createHash } from "node:crypto";
import { TailfillError } from "../../errors.ts";
import { HlogReader, isBadLine, type ReadInterval } from "../../histogram/hlog.ts";
import { type Batch, type Outcome, OUTCOMES } from "../../wire/index.ts";
import type { IngestContext } from "../accept.ts";
import { checkRoom, type Imported, keep } from "./accept-import.ts";
import { HistoryWindows } from "./history-windows.ts";
import { readHistoryBody } from "./read-history-body.ts";

/** What the intervals of a log are about. */
export interface HlogQuestion {
  service: string;
  environment: string;
  method: string;
  route: string;
  unit: "ns" | "us" | "ms" | "s";
  outcome: Outcome;
}

export const UNIT_US = { ns: 0.001, us: 1, ms: 1_000, s: 1_000_000 } as const;
/** Windows of batches end here; a longer interval counts at its start. */
const LONGEST_SECONDS = 3_600;
/** Some hundred bytes can inflate to the longest histogram; a whole log may not do so. */
const MOST_INFLATED = 256 << 20;
const NO_BATCH = { batch: "00000000-0000-8000-8000-000000000000", instance: "import" };

/**
 * Takes in an HdrHistogram log. When this returns, it is committed; the same log counts once. Lines that are no intervals are told.
 * @throws TailfillError for what is refused as a whole, and then nothing was stored
 */
export async function acceptHlog(request: Request, question: HlogQuestion, context: IngestContext): Promise<Imported> {
  await checkRoom(context);
  const text = await readHistoryBody(request);
  const history = new HistoryWindows(context.clock.now());
  const reader = new HlogReader(UNIT_US[question.unit], { bytesLeft: MOST_INFLATED });
  for (const [number, line] of text.split("\n").entries()) {
    const path = `line ${number + 1}`;
    try {
      const interval = reader.read(line);
      if (interval !== null) take(history, { interval, question, path });
    } catch (error) {
      if (!isBadLine(error)) throw error;
      history.rejected.push({ path, reason: error.reason });
    }
  }
  const { service, environment, method, route } = question;
  const source = createHash("sha256")
    .update(JSON.stringify(["hlog", method, route]))
    .digest();
  const to = { offset: Buffer.byteLength(text), digest: createHash("sha256").update(text).digest() };
  return keep(history, { about: { service, environment, source }, from: null, to }, context);
}

function take(
  history: HistoryWindows,
  { interval, question, path }: { interval: ReadInterval; question: HlogQuestion; path: string },
): void {
  const outcome = interval.tag ?? question.outcome;
  if (!(OUTCOMES as readonly string[]).includes(outcome))
    return void history.rejected.push({ path, reason: "outcome" });
  history.add(batchOf(interval, question, outcome as Outcome), { path, unkept: { requests: 0, entries: 0 } });
}

function batchOf(
  { startSeconds, seconds, payload, overRange }: ReadInterval,
  { service, environment, method, route }: HlogQuestion,
  outcome: Outcome,
): Batch {
  const startMs = Math.round(startSeconds * 1_000);
  const window = { startMs, seconds: Math.min(LONGEST_SECONDS, Math.max(1, Math.ceil(seconds))) };
  const losses = new Map<string, number>(overRange > 0 ? [["over_range", overRange]] : []);
  const endpoints = [{ method, route, outcomes: { [outcome]: payload }, users: [] }];
  return { ...NO_BATCH, service, environment, window, endpoints, losses };
}

/** @throws TailfillError when the type of a body is none that a log has */
export function checkHlogType(request: Request): void {
  const type = (request.headers.get("content-type") ?? "").toLowerCase().split(";")[0]!.trim();
  if (["text/plain", "application/octet-stream", ""].includes(type)) return;
  throw new TailfillError("unsupported_encoding", "Content-Type must be text/plain.");
}

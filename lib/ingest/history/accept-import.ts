import { z } from "zod";
import { TailfillError } from "../../errors.ts";
import { plainWords, problemsOf } from "../../input-problems.ts";
import { isJsonInUtf8, mediaTypeOf } from "../../media-type.ts";
import { importedUpto, type StoredChunk, storeChunk, waitingChunks } from "../../store/history.ts";
import { withinTime } from "../../store/within-time.ts";
import { parseJsonBatch, type Rejection, WireError } from "../../wire/index.ts";
import { checkDisk, checkRate, type IngestContext } from "../accept.ts";
import { HistoryWindows } from "./history-windows.ts";
import { readHistoryBody } from "./read-history-body.ts";
import { digest, keyOfSource, name, type SourceName } from "./source.ts";

/** Chunks that may wait to be folded: some hundred megabytes at most. */
const MOST_WAITING = 64;
const RETRY_SECONDS = 2;
const MOST_WINDOWS = 20_000;
const REJECTIONS_TOLD = 1_000;
/** A window of history is no batch of an instance: what a batch needs besides is the same for all. */
const NO_BATCH = { v: 1, batch: "00000000-0000-8000-8000-000000000000", instance: "import" };

const place = z.strictObject({ offset: z.number().int().min(0), digest });
/** What `POST /api/v1/import` takes. Windows are read one by one. */
export const IMPORT_BODY = z.object({
  v: z.literal(1),
  service: name,
  environment: name,
  source: digest,
  from: place.nullable(),
  to: place,
  windows: z.array(z.unknown()).max(MOST_WINDOWS),
});

/** The answer to a chunk of history that was stored, or had been stored before. */
export interface Imported {
  accepted: number;
  rejected: Rejection[];
  duplicate: boolean;
}

/**
 * Takes in a chunk of history. When this returns, it is committed and will be counted exactly once.
 * @throws TailfillError for what is refused as a whole, and then nothing was stored
 */
export async function acceptImport(request: Request, context: IngestContext): Promise<Imported> {
  await checkRoom(context);
  if (!isJsonInUtf8(mediaTypeOf(request.headers.get("content-type"))))
    throw new TailfillError("unsupported_encoding", "Content-Type must be application/json, in UTF-8.");
  const body = IMPORT_BODY.safeParse(parsed(await readHistoryBody(request)), { error: plainWords });
  if (!body.success) throw new TailfillError("bad_request", problemsOf(body.error).join(" "));
  const { from, to, windows, ...about } = body.data;
  const history = readWindows(windows, about, context.clock.now());
  return keep(history, { about, from: from?.digest ?? null, to }, context);
}

/** Whoever imports can wait; batches of apps come first. */
export async function checkRoom(context: IngestContext): Promise<void> {
  checkRate({ context });
  await checkDisk({ context });
  if ((await waitingChunks(context.db)) < MOST_WAITING) return;
  throw new TailfillError("overloaded", "Much history waits to be folded.", { retryAfterSeconds: RETRY_SECONDS });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TailfillError("bad_request", "The body is not JSON.");
  }
}

function readWindows(windows: readonly unknown[], { service, environment }: SourceName, nowMs: number): HistoryWindows {
  const history = new HistoryWindows(nowMs);
  for (const [number, value] of windows.entries()) {
    const path = `windows[${number}]`;
    try {
      const { batch, rejected, unkept } = parseJsonBatch({ ...Object(value), ...NO_BATCH, service, environment });
      for (const one of rejected) history.rejected.push({ ...one, path: `${path}.${one.path}` });
      history.add(batch, { path, unkept });
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      history.rejected.push({ path, reason: error.message });
    }
  }
  return history;
}

interface Place {
  about: SourceName;
  from: Uint8Array | null;
  to: { offset: number; digest: Uint8Array };
}

/** Stores what was read, once. @throws TailfillError `import_conflict` */
export async function keep(history: HistoryWindows, { about, from, to }: Place, { db }: IngestContext) {
  const source = keyOfSource(about);
  const chunk = { source, fromDigest: from, digest: to.digest, upto: to.offset, payload: history.packed() };
  const stored: StoredChunk = await withinTime(storeChunk(db, chunk));
  if (stored === "conflict")
    throw new TailfillError("import_conflict", "What this chunk follows on is not known, or was followed otherwise.");
  if (stored === "duplicate") return { accepted: 0, rejected: [], duplicate: true };
  return { accepted: history.accepted, rejected: history.rejected.slice(0, REJECTIONS_TOLD), duplicate: false };
}

/** How far a source was imported, for programs that go on from there. */
export async function importProgress(
  { db }: Pick<IngestContext, "db">,
  about: SourceName,
): Promise<{ imported: { offset: number; digest: string }[] }> {
  const known = await importedUpto(db, keyOfSource(about));
  return {
    imported: known.map(({ offset, digest: own }) => ({ offset, digest: Buffer.from(own).toString("hex") })),
  };
}

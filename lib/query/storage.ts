import { config } from "../config.ts";
import type { Db } from "../store/db.ts";
import { freeBytes, LEAST_FREE_BYTES } from "../store/disk.ts";
import { dropAfterMs, PARTITIONED } from "../store/partitions.ts";
import { type StoredPartition, storedPartitions } from "../store/stored-partitions.ts";
import { retentionOf, tableSizes } from "../store/table-sizes.ts";
import { type Edges, edgesOf } from "../store/window-edges.ts";
import { ENDPOINT_TIERS, USER_TIERS } from "../store/tiers.ts";
import type { StorageAnswer } from "./answers.ts";
import { dropMs, type Forecast, forecast, type KeptTable, rateOf } from "./storage-forecast.ts";

const HOLDS: Record<string, string> = {
  ...Object.fromEntries(
    ENDPOINT_TIERS.map(({ table, windowSeconds }) => [table, `Endpoints by ${widthOf(windowSeconds)}`]),
  ),
  ...Object.fromEntries(USER_TIERS.map(({ table, windowSeconds }) => [table, `Users by ${widthOf(windowSeconds)}`])),
  endpoint_total: "All that endpoints ever counted",
  loss_total: "All that was ever lost",
  refusal_total: "All that was ever refused",
  batch: "Batches waiting to be folded",
  import_chunk: "Imported history waiting to be folded",
  import_receipt: "How far history was imported, to count it once",
  batch_receipt: "Ids of batches, to count each once",
  user_label: "Ids of users",
  endpoint: "Names of endpoints",
  service: "Names of services",
  release: "Releases seen",
  loss: "Counts of what was lost",
  refusal: "Counts of refused batches",
  insight_statement: "Texts of apps' statements",
  insight_kill: "What query guards did",
  insight_stop: "Statements that were stopped",
  insight_request: "The slowest single requests",
  prefill_decision: "Prefill decisions and what became of them",
  prefill_profile: "What users visit, to plan prefill by",
  prefill_plan: "Prefill plans in force",
  prefill_forecast: "Predictions of prefill",
  prefill_candidate: "Since when users are worth filling",
};

function widthOf(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${seconds / 60} min`;
  return seconds < 86_400 ? `${seconds / 3_600} h` : `${seconds / 86_400} d`;
}

/** Where to look for free room: the embedded database's folder. Another database's disk is not ours to know. */
const ownFolder = (): string | null => (config().embedded ? config().dataDir : null);

/** What is stored, how much room it takes, how long it is kept, and what will become of it. */
export async function storage(db: Db, nowMs: number, folder: string | null = ownFolder()): Promise<StorageAnswer> {
  const { tables, databaseBytes } = await tableSizes(db);
  const told = tables.filter(({ table }) => table in HOLDS);
  const kept = await keptTables(db);
  const freeDiskBytes = folder === null ? null : await freeBytes(folder);
  const restBytes = databaseBytes - sum([...kept.values()].flatMap(({ partitions }) => partitions));
  const roomBytes = freeDiskBytes === null ? null : freeDiskBytes - LEAST_FREE_BYTES;
  const future = forecast([...kept.values()], { nowMs, restBytes, roomBytes });
  const full = new Map([...kept.keys()].map((table, place) => [table, future.tableBytes[place]!]));
  return {
    tables: told.map((size) => ({
      ...size,
      holds: HOLDS[size.table]!,
      ...retentionOf(size.table),
      ...growthOf(kept.get(size.table), nowMs),
      fullBytes: full.get(size.table) ?? null,
    })),
    otherBytes: Math.max(0, databaseBytes - sum(told)),
    databaseBytes,
    freeDiskBytes,
    future: futureOf(future, [...kept.values()], nowMs),
  };
}

interface Known extends KeptTable {
  edges: Edges | null;
}

async function keptTables(db: Db): Promise<Map<string, Known>> {
  const partitions = await storedPartitions(db);
  const found = new Map<string, Known>();
  for (const table of PARTITIONED)
    found.set(table.table, {
      by: table.by,
      dropAfterMs: dropAfterMs(table),
      partitions: partitions.filter((one: StoredPartition) => one.table === table.table),
      ...withOldest(await edgesOf(db, table.table, partitions)),
    });
  return found;
}

const withOldest = (edges: Edges | null) => ({ edges, oldestMs: edges?.oldestMs ?? null });

type Growth = Pick<StorageAnswer["tables"][number], "oldest" | "newest" | "perDay" | "nextDrop">;

function growthOf(table: Known | undefined, nowMs: number): Growth {
  if (table === undefined) return { oldest: null, newest: null, perDay: null, nextDrop: null };
  const rate = rateOf(table, nowMs);
  const next = table.partitions.find(({ toMs }) => toMs > (table.oldestMs ?? Infinity));
  return {
    oldest: isoOrNull(table.edges?.oldestMs),
    newest: isoOrNull(table.edges?.newestMs),
    perDay: rate === null ? null : { bytes: rate.bytesPerDay, measuredDays: rate.days },
    nextDrop:
      next === undefined
        ? null
        : { from: iso(next.fromMs), to: iso(next.toMs), at: iso(dropMs(table, next)), bytes: next.bytes },
  };
}

function futureOf(
  { fullBytes, fullMs, diskFullMs }: Forecast,
  tables: readonly KeptTable[],
  nowMs: number,
): StorageAnswer["future"] {
  const rates = tables.flatMap((table) => rateOf(table, nowMs) ?? []);
  if (rates.length === 0) return null;
  return {
    perDayBytes: rates.reduce((total, { bytesPerDay }) => total + bytesPerDay, 0),
    measuredDays: Math.min(...rates.map(({ days }) => days)),
    fullBytes,
    fullAt: iso(fullMs),
    diskFullAt: isoOrNull(diskFullMs),
  };
}

const sum = (parts: readonly { bytes: number }[]): number => parts.reduce((total, { bytes }) => total + bytes, 0);
const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null | undefined): string | null => (ms === null || ms === undefined ? null : iso(ms));

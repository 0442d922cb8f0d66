import { config } from "../config.ts";
import type { Db } from "../store/db.ts";
import { freeBytes } from "../store/disk.ts";
import { oldestWindows, retentionOf, tableSizes } from "../store/table-sizes.ts";
import { ENDPOINT_TIERS, USER_TIERS } from "../store/tiers.ts";
import type { StorageAnswer } from "./answers.ts";

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

/** What is stored, how much room it takes and how long it is kept. */
export async function storage(db: Db, folder: string | null = ownFolder()): Promise<StorageAnswer> {
  const { tables, databaseBytes } = await tableSizes(db);
  const oldest = await oldestWindows(db);
  const told = tables.filter(({ table }) => table in HOLDS);
  return {
    tables: told.map(({ table, rows, bytes }) => ({
      table,
      rows,
      bytes,
      holds: HOLDS[table]!,
      oldest: isoOrNull(oldest.get(table)),
      ...retentionOf(table),
    })),
    databaseBytes,
    freeDiskBytes: folder === null ? null : await freeBytes(folder),
  };
}

const isoOrNull = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString();

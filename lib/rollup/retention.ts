import type { Db } from "../store/db.ts";
import { deleteLosses } from "../store/losses.ts";
import { dropExpired } from "../store/partitions.ts";
import { ENDPOINT_TIERS } from "../store/tiers.ts";
import { deleteUserLabels } from "../store/user-labels.ts";

/** Rows that one statement removes: a long one would hold up ingest. */
const ROWS_AT_ONCE = 5_000;

/**
 * Removes what has been kept long enough: windows and receipts by dropping partitions; losses, refusals and the labels of users
 * whose windows are gone, row by row in small portions.
 */
export async function removeExpired(db: Db, nowMs: number, stop: () => boolean = () => false): Promise<void> {
  await dropExpired(db, nowMs);
  const beforeMs = nowMs - longestKeptSeconds() * 1000;
  await inPortions(stop, () => deleteLosses(db, beforeMs, ROWS_AT_ONCE));
  await inPortions(stop, () => deleteUserLabels(db, beforeMs, ROWS_AT_ONCE));
}

/** What goes with the windows goes when the last of them has. */
const longestKeptSeconds = (): number => Math.max(...ENDPOINT_TIERS.map(({ keptSeconds }) => keptSeconds));

async function inPortions(stop: () => boolean, remove: () => Promise<number>): Promise<void> {
  while (!stop() && (await remove()) > 0);
}

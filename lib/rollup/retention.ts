import type { Db } from "../store/db.ts";
import { deleteBlind } from "../store/alert-clock.ts";
import { deleteOldDeliveries } from "../store/alert-deliveries.ts";
import { deleteResolved } from "../store/alert-incidents.ts";
import { deleteOverSilences } from "../store/alert-mutes.ts";
import { deleteHistory } from "../store/history.ts";
import { deleteKills, KILLS_KEPT_SECONDS } from "../store/insight-kills.ts";
import { deleteLoading, LOADING_KEPT_SECONDS } from "../store/insight-loading.ts";
import { deleteRequests, REQUESTS_KEPT_SECONDS } from "../store/insight-requests.ts";
import { deleteStatements } from "../store/insight-statements.ts";
import { deleteStops, STOPS_KEPT_SECONDS } from "../store/insight-stops.ts";
import { deleteLosses } from "../store/losses.ts";
import { deleteCoarse } from "../store/otlp-coarse.ts";
import { deleteSeries, SERIES_KEPT_MS } from "../store/otlp-series.ts";
import { DECISIONS_KEPT_SECONDS, dropExpired } from "../store/partitions.ts";
import { CANDIDATES_KEPT_SECONDS, deleteCandidates } from "../store/prefill-candidates.ts";
import { deleteForecasts } from "../store/prefill-forecasts.ts";
import { deleteIncidents } from "../store/prefill-incidents.ts";
import { deleteInstances, INSTANCE_LASTS_MS } from "../store/prefill-instances.ts";
import { deleteProfiles } from "../store/profiles.ts";
import { LONGEST_KEPT_SECONDS } from "../store/tiers.ts";
import { deleteUserLabels } from "../store/user-labels.ts";

/** Rows that one statement removes: a long one would hold up ingest. */
const ROWS_AT_ONCE = 5_000;

/**
 * Removes what has been kept long enough: windows, receipts and decisions by dropping partitions; losses, refusals and the labels of
 * users whose windows are gone, row by row in small portions; and the little that is kept of predictions, profiles, alerts and databases.
 */
export async function removeExpired(db: Db, nowMs: number, stop: () => boolean = () => false): Promise<void> {
  await dropExpired(db, nowMs);
  const beforeMs = nowMs - LONGEST_KEPT_SECONDS * 1000;
  await inPortions(stop, () => deleteLosses(db, beforeMs, ROWS_AT_ONCE));
  await inPortions(stop, () => deleteUserLabels(db, beforeMs, ROWS_AT_ONCE));
  await deleteForecasts(db, beforeMs);
  await deleteIncidents(db, beforeMs);
  await deleteResolved(db, beforeMs);
  await deleteOldDeliveries(db, beforeMs);
  await deleteOverSilences(db, beforeMs);
  await deleteBlind(db, beforeMs);
  await deleteProfiles(db, nowMs - DECISIONS_KEPT_SECONDS * 1000);
  await deleteCandidates(db, nowMs - CANDIDATES_KEPT_SECONDS * 1000);
  await deleteInstances(db, nowMs - INSTANCE_LASTS_MS);
  await deleteHistory(db, beforeMs);
  await deleteStatements(db, beforeMs);
  await deleteCoarse(db, beforeMs);
  await deleteSeries(db, nowMs - SERIES_KEPT_MS);
  await deleteKills(db, nowMs - KILLS_KEPT_SECONDS * 1000);
  await deleteStops(db, nowMs - STOPS_KEPT_SECONDS * 1000);
  await deleteRequests(db, nowMs - REQUESTS_KEPT_SECONDS * 1000);
  await deleteLoading(db, nowMs - LOADING_KEPT_SECONDS * 1000);
}

async function inPortions(stop: () => boolean, remove: () => Promise<number>): Promise<void> {
  while (!stop() && (await remove()) > 0);
}

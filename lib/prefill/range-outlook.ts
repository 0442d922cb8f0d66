import { segmentsOf, type Span } from "../query/plan.ts";
import { readingOf } from "../query/reading.ts";
import { UserTable } from "../query/user-table.ts";
import { fetchUserRows } from "../query/user-windows.ts";
import type { Db } from "../store/db.ts";
import { snapshot } from "../store/snapshot.ts";
import type { Scope } from "../store/scopes.ts";
import { USER_TIERS } from "../store/tiers.ts";
import { sumOf } from "./build-profiles.ts";
import { knownSubject } from "./definition-seen.ts";
import { VisitGathering } from "./gather-visits.ts";
import { learnedOf, nothingLearned } from "./learned.ts";
import { packMost } from "./merge-profiles.ts";
import { Outlook, type OutlookWish } from "./outlook.ts";
import type { NamedSubject } from "./subjects.ts";

/** Longer ranges are read by the day: then it is not known at which hours visits came. */
const BY_THE_HOUR_UPTO = 2 * 86_400;
const MOST_USERS = 100_000;

/**
 * As `readOutlook`, of a range that somebody names: straight from the windows, so that it takes longer.
 * @throws TailfillError `bad_request` when the range does not end after its start
 */
export async function readRange(
  db: Db,
  scope: Scope,
  wish: OutlookWish & { range: { from: string; to: string } },
): Promise<Outlook> {
  const { subjects, assumed, nowMs, most = Number.POSITIVE_INFINITY } = wish;
  const { range, expired } = readingOf(wish.range, nowMs, USER_TIERS);
  const users = new UserTable();
  const learned = await learnedOf(db, scope.id, { nowMs, users });
  const toMs = Math.min(nowMs, range.toSeconds * 1_000);
  const found = [];
  for (const subject of expired ? [] : subjects) {
    const chunks = await chunksOf(db, subject, range);
    if (chunks.length === 0) continue;
    const fromMs = range.fromSeconds * 1_000;
    const state = {
      endpointId: subject.endpointId,
      ...sumOf(chunks),
      fromMs,
      settledUptoMs: toMs,
      madeAtMs: nowMs,
      tookMs: 0,
    };
    const taught = learned.get(subject.endpointId) ?? nothingLearned();
    found.push({ known: knownSubject(subject, { state, learned: taught }, { assumed, nowMs: toMs }), chunks });
  }
  const known = found.map((one) => one.known);
  const profiles = known.reduce((sum, { state }) => sum + state.users, 0);
  const share = Math.min(1, most / Math.max(1, profiles));
  const outlook = new Outlook(scope, known, users, { assumed, nowMs: toMs, share });
  for (const { known: one, chunks } of found)
    await outlook.add(
      one,
      chunks.map(({ payload }) => payload),
    );
  return outlook;
}

async function chunksOf(db: Db, subject: NamedSubject, range: Span) {
  const byHour = range.toSeconds - range.fromSeconds <= BY_THE_HOUR_UPTO;
  const segments = segmentsOf(range, byHour ? USER_TIERS.slice(0, 2) : USER_TIERS);
  const ids = subject.loadId === null ? [subject.endpointId] : [subject.endpointId, subject.loadId];
  const rows = await snapshot(db, (connection) => fetchUserRows(connection, ids, { segments }));
  const gathered = new VisitGathering(subject);
  for (const row of rows) gathered.add(row);
  return packMost(() => [gathered.profiles()], MOST_USERS);
}

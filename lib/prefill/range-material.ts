import { segmentsOf, type Span } from "../query/plan.ts";
import { readingOf } from "../query/reading.ts";
import { UserTable } from "../query/user-table.ts";
import { fetchUserRows } from "../query/user-windows.ts";
import type { Db } from "../store/db.ts";
import { snapshot } from "../store/snapshot.ts";
import type { Scope } from "../store/scopes.ts";
import { USER_TIERS } from "../store/tiers.ts";
import { sumOf } from "./build-profiles.ts";
import { idsOf, VisitGathering } from "./gather-visits.ts";
import { learnedOf, nothingLearned } from "./learned.ts";
import type { Material, ReadSubject } from "./material.ts";
import { packMost } from "./merge-profiles.ts";
import type { NamedSubject } from "./subjects.ts";

/** Longer ranges are read by the day: then it is not known at which hours visits came. */
const BY_THE_HOUR_UPTO = 2 * 86_400;
const MOST_USERS = 100_000;

/**
 * As `readMaterial`, of a range that somebody names: straight from the windows, so that it takes longer.
 * @throws TailfillError `bad_request` when the range does not end after its start
 */
export async function readRange(
  db: Db,
  scope: Scope,
  wish: { subjects: readonly NamedSubject[]; nowMs: number; range: { from: string; to: string } },
): Promise<Material & { toMs: number }> {
  const { nowMs } = wish;
  const { range, expired } = readingOf(wish.range, nowMs, USER_TIERS);
  const toMs = Math.min(nowMs, range.toSeconds * 1_000);
  const users = new UserTable();
  const learned = await learnedOf(db, scope.id, { nowMs, users });
  const subjects: ReadSubject[] = [];
  for (const subject of expired ? [] : wish.subjects) {
    const chunks = await chunksOf(db, subject, range);
    if (chunks.length === 0) continue;
    const { endpointId } = subject;
    const span = { fromMs: range.fromSeconds * 1_000, settledUptoMs: toMs, madeAtMs: nowMs, tookMs: 0 };
    subjects.push({
      subject,
      state: { endpointId, ...sumOf(chunks), ...span },
      learned: learned.get(endpointId) ?? nothingLearned(),
      chunks: chunks.map(({ payload }) => payload),
    });
  }
  return { scope, subjects, users, toMs };
}

async function chunksOf(db: Db, subject: NamedSubject, range: Span) {
  const byHour = range.toSeconds - range.fromSeconds <= BY_THE_HOUR_UPTO;
  const segments = segmentsOf(range, byHour ? USER_TIERS.slice(0, 2) : USER_TIERS);
  const ids = idsOf(subject);
  const rows = await snapshot(db, (connection) => fetchUserRows(connection, ids, { segments }));
  const gathered = new VisitGathering(subject);
  for (const row of rows) gathered.add(row);
  const own = [...gathered.profiles()];
  return packMost(() => [own.values()], MOST_USERS);
}

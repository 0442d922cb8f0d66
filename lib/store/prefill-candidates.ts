import type { Connection } from "./db.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Who has not been worth filling for so long, and is again, is new. */
export const NEW_AFTER_MS = DAY_MS;
/** That a plan has a user is noted so often, not at each plan: most of them are in each. */
const NOTED_EVERY_MS = 15 * MINUTE_MS;
/** What a back-test of a week looks back to. */
export const CANDIDATES_KEPT_SECONDS = 9 * 86_400;

/** Notes who is worth filling by a plan. Of two plans at once, both may be noted. */
export async function saveCandidates(
  db: Connection,
  scopeId: number,
  { userKeys, nowMs }: { userKeys: readonly bigint[]; nowMs: number },
): Promise<void> {
  if (userKeys.length === 0) return;
  const [now, noted, forgotten] = [nowMs, nowMs - NOTED_EVERY_MS, nowMs - NEW_AFTER_MS].map((ms) => new Date(ms));
  await db.$executeRaw`
    INSERT INTO prefill_candidate AS c (scope_id, user_key, since_at, last_at)
    SELECT ${scopeId}::int, n.key, coalesce(known.since_at, ${now}), ${now}
    FROM unnest(${[...userKeys].sort((a, b) => (a < b ? -1 : 1))}::bigint[]) AS n (key)
      LEFT JOIN LATERAL (SELECT since_at, last_at FROM prefill_candidate
        WHERE scope_id = ${scopeId}::int AND user_key = n.key AND last_at > ${forgotten} ORDER BY since_at DESC LIMIT 1) known ON TRUE
    WHERE known.last_at IS NULL OR known.last_at <= ${noted}
    ON CONFLICT (scope_id, user_key, since_at) DO UPDATE SET last_at = greatest(c.last_at, excluded.last_at)`;
}

/** How many users became worth filling after a moment and up to another, who had not been for a day. */
export async function newCandidates(
  db: Connection,
  scopeId: number,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<number> {
  const sinceAt = { gt: new Date(fromMs), lte: new Date(toMs) };
  return db.prefillCandidate.count({ where: { scopeId, sinceAt } });
}

/** When users became worth filling, in a stretch, the first first. */
export async function candidatesSince(
  db: Connection,
  scopeId: number,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<number[]> {
  const rows = await db.prefillCandidate.findMany({
    where: { scopeId, sinceAt: { gt: new Date(fromMs), lt: new Date(toMs) } },
    orderBy: { sinceAt: "asc" },
    select: { sinceAt: true },
  });
  return rows.map(({ sinceAt }) => sinceAt.getTime());
}

export async function deleteCandidates(db: Connection, beforeMs: number): Promise<number> {
  const { count } = await db.prefillCandidate.deleteMany({ where: { lastAt: { lt: new Date(beforeMs) } } });
  return count;
}

import type { Connection } from "./db.ts";
import type { Snapshot } from "./snapshot.ts";

/** How far off percentiles of a scope and day may be; see `Coarseness`. */
export interface CoarseDay {
  scopeId: number;
  dayMs: number;
  errorPercent: number;
  aboveUs: number;
  /** `Infinity`: no end. */
  belowUs: number;
}

/** Widens what is said of each day. */
export async function saveCoarse(db: Connection, days: readonly CoarseDay[]): Promise<void> {
  for (const { scopeId, dayMs, errorPercent, aboveUs, belowUs } of days) {
    const below = belowUs === Infinity ? null : belowUs;
    await db.$executeRaw`
      INSERT INTO otlp_coarse AS c (scope_id, day, error_percent, above_us, below_us)
      VALUES (${scopeId}::int, ${new Date(dayMs).toISOString().slice(0, 10)}::date, ${errorPercent}::float8, ${aboveUs}::float8, ${below}::float8)
      ON CONFLICT (scope_id, day) DO UPDATE SET error_percent = greatest(c.error_percent, excluded.error_percent),
        above_us = greatest(c.above_us, excluded.above_us), below_us = least(c.below_us, excluded.below_us)
      WHERE (c.error_percent, c.above_us) IS DISTINCT FROM
          (greatest(c.error_percent, excluded.error_percent), greatest(c.above_us, excluded.above_us))
        OR least(c.below_us, excluded.below_us) IS DISTINCT FROM c.below_us`;
  }
}

/** What is said of the days that a range touches, of all scopes with these names; `null`: nothing is. */
export async function coarseIn(
  db: Snapshot,
  {
    service,
    environment,
    fromMs,
    toMs,
  }: { service?: string | undefined; environment?: string | undefined; fromMs: number; toMs: number },
): Promise<{ errorPercent: number; aboveUs: number; belowUs: number | null } | null> {
  const [row] = await db.$queryRaw<{ errorPercent: number | null; aboveUs: number; belowUs: number | null }[]>`
    SELECT max(c.error_percent) AS "errorPercent", max(c.above_us) AS "aboveUs", min(c.below_us) AS "belowUs"
    FROM otlp_coarse c JOIN endpoint e ON e.id = c.scope_id JOIN service s ON s.id = e.service_id
    WHERE c.day >= ${new Date(fromMs).toISOString().slice(0, 10)}::date AND c.day <= ${new Date(Math.max(fromMs, toMs - 1)).toISOString().slice(0, 10)}::date
      AND (${service ?? null}::text IS NULL OR s.name = ${service ?? null})
      AND (${environment ?? null}::text IS NULL OR e.environment = ${environment ?? null})`;
  return row === undefined || row.errorPercent === null ? null : { ...row, errorPercent: row.errorPercent };
}

/** Removes what is said of days before. */
export async function deleteCoarse(db: Connection, beforeMs: number): Promise<void> {
  await db.otlpCoarse.deleteMany({ where: { day: { lt: new Date(beforeMs) } } });
}

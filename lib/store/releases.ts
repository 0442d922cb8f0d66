import type { Writer } from "./bulk.ts";
import { RELEASES_KEPT } from "./tiers.ts";

/** A release that was seen in a window that starts at `atMs`. */
export interface SeenRelease {
  serviceId: number;
  environment: string;
  release: string;
  atMs: number;
}

/** Widens the time in which each release was seen. When an environment has too many, new ones get no mark. */
export async function saveReleases(db: Writer, seen: readonly SeenRelease[]): Promise<void> {
  if (seen.length === 0) return;
  await db.$executeRaw`
    INSERT INTO release (service_id, environment, release, first_at, last_at)
    SELECT service_id, environment, release, min(at), max(at) FROM unnest(
      ${seen.map((s) => s.serviceId)}::int[], ${seen.map((s) => s.environment)}::text[],
      ${seen.map((s) => s.release)}::text[], ${seen.map((s) => new Date(s.atMs))}::timestamptz[])
      AS s (service_id, environment, release, at)
    WHERE EXISTS (SELECT FROM release r
        WHERE (r.service_id, r.environment, r.release) = (s.service_id, s.environment, s.release))
      OR ${RELEASES_KEPT}::int > (SELECT count(*) FROM release r
        WHERE (r.service_id, r.environment) = (s.service_id, s.environment))
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (service_id, environment, release) DO UPDATE
      SET first_at = least(release.first_at, excluded.first_at), last_at = greatest(release.last_at, excluded.last_at)`;
}

import { RECEIVER_OFF } from "./alert-delivery-queue.ts";
import type { Connection } from "./db.ts";

export interface ReceiverFigures {
  id: string;
  /** The last delivery; `null`: there was none. */
  last: { type: string; state: string; createdAtMs: number } | null;
  /** Deliveries that failed because it was switched off by itself: those that waited then, and those since. */
  unsent: number;
}

interface Row {
  id: string;
  type: string | null;
  state: string | null;
  createdAtMs: number | null;
  unsent: number;
}

/** What waits is no older than the schedule of attempts is long: 27.6 hours, each wait up to a tenth longer. */
const LONGEST_SCHEDULE = "31 hours";

/** How the deliveries of each receiver went: by its index, one row a receiver, and a count of those that are off by themselves. */
export async function receiverFigures(db: Connection): Promise<ReceiverFigures[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT r.id::text, l.type, l.state, (extract(epoch FROM l.created_at) * 1000)::float8 AS "createdAtMs", u.unsent
    FROM alert_receiver r
    LEFT JOIN LATERAL (SELECT type, state, created_at FROM alert_delivery d WHERE d.receiver_id = r.id ORDER BY d.id DESC LIMIT 1) l ON TRUE
    CROSS JOIN LATERAL (SELECT count(*)::int AS unsent FROM alert_delivery d
      WHERE r.off_reason IS NOT NULL AND d.receiver_id = r.id AND d.state = 'failed' AND d.why = ${RECEIVER_OFF}
        AND d.created_at > r.off_at - ${LONGEST_SCHEDULE}::interval) u`;
  return rows.map(({ id, type, state, createdAtMs, unsent }) => ({
    id,
    unsent,
    last: type === null ? null : { type, state: state!, createdAtMs: createdAtMs! },
  }));
}

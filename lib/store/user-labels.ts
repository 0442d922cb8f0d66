import type { Connection } from "./db.ts";

/** What a user key stands for, and the last day with a request of that user (Unix milliseconds, any time of that day). */
export interface UserLabel {
  serviceId: number;
  key: bigint;
  label: string;
  seenMs: number;
}

const AT_ONCE = 5_000;

/** Adds labels not known yet, and moves the last day of those that are. No label may be listed twice. */
export async function saveUserLabels(db: Connection, labels: readonly UserLabel[]): Promise<void> {
  // In one order for all: two folders that add the same users must not wait for each other in a circle.
  const sorted = [...labels].sort((a, b) => a.serviceId - b.serviceId || (a.key < b.key ? -1 : 1));
  for (let from = 0; from < sorted.length; from += AT_ONCE) await save(db, sorted.slice(from, from + AT_ONCE));
}

async function save(db: Connection, labels: readonly UserLabel[]): Promise<void> {
  await db.$executeRaw`
    INSERT INTO user_label (service_id, user_key, label, seen_on)
    SELECT * FROM unnest(
      ${labels.map((l) => l.serviceId)}::int[], ${labels.map((l) => l.key)}::bigint[],
      ${labels.map((l) => l.label)}::text[], ${labels.map((l) => dayOf(l.seenMs))}::date[])
    ON CONFLICT (service_id, user_key) DO UPDATE SET seen_on = excluded.seen_on
      WHERE user_label.seen_on < excluded.seen_on`;
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Removes labels of users last seen before a moment, at most `most` of them. Returns how many went. */
export async function deleteUserLabels(db: Connection, beforeMs: number, most: number): Promise<number> {
  return db.$executeRaw`
    DELETE FROM user_label WHERE (service_id, user_key) IN
      (SELECT service_id, user_key FROM user_label WHERE seen_on < ${dayOf(beforeMs)}::date LIMIT ${most}::int)`;
}

import type { Connection, Db } from "./db.ts";

/** A link as settings list it: never the token, never its hash. */
export interface ShareRow {
  id: string;
  kind: string;
  endpointId: number | null;
  service: string;
  environment: string;
  rangeFrom: string;
  rangeTo: string;
  users: boolean;
  embeddedBy: string[];
  createdBy: string;
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

const SHOWN = {
  id: true,
  kind: true,
  endpointId: true,
  service: true,
  environment: true,
  rangeFrom: true,
  rangeTo: true,
  users: true,
  embeddedBy: true,
  createdBy: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
  revokedAt: true,
} as const;

/** A link that is over is known for so long, so that its page can say so. */
const KEPT_AFTER_MS = 30 * 86_400_000;
const MOST_LISTED = 500;

export type NewShare = Omit<ShareRow, "id" | "createdAt" | "lastUsedAt" | "revokedAt"> & { tokenHash: string };

/** Keeps a link, and removes those that were over a month ago. */
export async function insertShare(db: Connection, share: NewShare, nowMs: number): Promise<ShareRow> {
  await db.shareLink.deleteMany({ where: { expiresAt: { lt: new Date(nowMs - KEPT_AFTER_MS) } } });
  return db.shareLink.create({ data: share, select: SHOWN });
}

/** The link of a token, also one that is over; null when there is none. */
export function findShare(db: Connection, tokenHash: string): Promise<ShareRow | null> {
  return db.shareLink.findUnique({ where: { tokenHash }, select: SHOWN });
}

/** Links that work first, then those that are over, each newest first. */
export async function listShares(db: Db, now: Date): Promise<ShareRow[]> {
  const rows = await db.shareLink.findMany({ orderBy: { createdAt: "desc" }, select: SHOWN, take: MOST_LISTED });
  const isOver = ({ revokedAt, expiresAt }: ShareRow) => revokedAt !== null || expiresAt <= now;
  return [...rows.filter((row) => !isOver(row)), ...rows.filter(isOver)];
}

/** Revokes a link; false when there is no link of this id that was not. */
export async function revokeShare(db: Db, id: string, at: Date): Promise<boolean> {
  const { count } = await db.shareLink.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: at } });
  return count > 0;
}

/** Notes a use, if the last one that is noted is older than `before`. */
export async function noteShareUse(db: Db, id: string, { at, before }: { at: Date; before: Date }): Promise<void> {
  await db.shareLink.updateMany({
    where: { id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: before } }] },
    data: { lastUsedAt: at },
  });
}

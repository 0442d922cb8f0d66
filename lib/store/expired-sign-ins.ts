import type { Connection } from "./db.ts";

/** Used and expired links stay this long, so that their reader is told what happened to them. */
const LINKS_SHOWN_MS = 30 * 86_400_000;

/** Removes sessions, tokens, links and counted tries whose time is over. Returns how many rows went. */
export async function deleteExpiredSignIns(db: Connection, nowMs: number): Promise<number> {
  const now = new Date(nowMs);
  const sessions = await db.session.deleteMany({ where: { expiresAt: { lt: now } } });
  const verifications = await db.verification.deleteMany({ where: { expiresAt: { lt: now } } });
  const links = await db.link.deleteMany({ where: { expiresAt: { lt: new Date(nowMs - LINKS_SHOWN_MS) } } });
  const tries = await db.signInTry.deleteMany({ where: { expire: { lt: BigInt(nowMs) } } });
  return sessions.count + verifications.count + links.count + tries.count;
}

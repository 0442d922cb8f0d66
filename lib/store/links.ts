import type { Connection, Db } from "./db.ts";

/** What a single-use link is for. */
export type LinkKind = "setup" | "invite" | "password";

export interface LinkRow {
  kind: string;
  email: string | null;
  createdBy: string | null;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
}

const KEPT_AFTER_MS = 30 * 24 * 3_600_000;

const SHOWN = { kind: true, email: true, createdBy: true, createdAt: true, expiresAt: true, usedAt: true } as const;

export interface NewLink {
  tokenHash: string;
  kind: LinkKind;
  email: string | null;
  createdBy: string | null;
  expiresAt: Date;
}

/** Keeps a link, and removes those that expired a month ago or more. */
export async function insertLink(db: Connection, link: NewLink): Promise<void> {
  await db.link.deleteMany({ where: { expiresAt: { lt: new Date(Date.now() - KEPT_AFTER_MS) } } });
  await db.link.create({ data: link });
}

/**
 * Keeps a link in the place of those of its kind that its address has and nobody used yet. The caller holds the lock of
 * accounts: of two at once, each would remove what it sees and not see the other's.
 */
export async function replaceLinks(tx: Connection, link: NewLink & { email: string }): Promise<void> {
  await removeLinks(tx, { kind: link.kind, email: link.email });
  await insertLink(tx, link);
}

export function findLink(db: Connection, tokenHash: string): Promise<LinkRow | null> {
  return db.link.findUnique({ where: { tokenHash }, select: SHOWN });
}

/** Uses a link up: true for exactly one of several callers at once, false when it is used, expired or unknown. */
export async function useLink(
  tx: Connection,
  link: { tokenHash: string; kind: LinkKind; now: Date },
): Promise<boolean> {
  const { tokenHash, kind, now } = link;
  const { count } = await tx.link.updateMany({
    where: { tokenHash, kind, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  return count === 1;
}

/** Invitations that can still be used, newest first, with the hash of their token as their name. */
export function openInvitations(db: Db, now: Date): Promise<(LinkRow & { tokenHash: string })[]> {
  return db.link.findMany({
    where: { kind: "invite", usedAt: null, expiresAt: { gt: now } },
    orderBy: { createdAt: "desc" },
    select: { ...SHOWN, tokenHash: true },
    take: 200,
  });
}

/** Removes links that nobody used yet; gives how many. */
export async function removeLinks(
  db: Connection,
  which: { kind: LinkKind; tokenHash?: string; email?: string },
): Promise<number> {
  return (await db.link.deleteMany({ where: { ...which, usedAt: null } })).count;
}

import type { Db } from "./db.ts";

/** A key as the settings page lists it: never the key, never its hash. */
export interface ApiKeyRow {
  id: string;
  hint: string;
  name: string;
  scopes: string[];
  createdBy: string | null;
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

const SHOWN = {
  id: true,
  hint: true,
  name: true,
  scopes: true,
  createdBy: true,
  createdAt: true,
  lastUsedAt: true,
  revokedAt: true,
} as const;

/** The live key with this SHA-256, or null when there is none or it was revoked. */
export function findLiveKey(db: Db, hash: Uint8Array<ArrayBuffer>): Promise<ApiKeyRow | null> {
  return db.apiKey.findFirst({ where: { hash, revokedAt: null }, select: SHOWN });
}

/** Inserts a key of an operator's choice; of several processes that do so at once, one does. Returns whether it was this one. */
export async function insertChosenKey(
  db: Db,
  key: { hash: Uint8Array<ArrayBuffer>; hint: string; name: string; scopes: string[] },
): Promise<boolean> {
  const { count } = await db.apiKey.createMany({ data: [{ ...key, createdBy: null }], skipDuplicates: true });
  return count > 0;
}

export function insertKey(
  db: Db,
  key: { hash: Uint8Array<ArrayBuffer>; hint: string; name: string; scopes: string[]; createdBy: string | null },
): Promise<ApiKeyRow> {
  return db.apiKey.create({ data: key, select: SHOWN });
}

/** Live keys first, then revoked ones, each newest first. */
export async function listKeys(db: Db): Promise<ApiKeyRow[]> {
  return db.apiKey.findMany({
    orderBy: [{ revokedAt: { sort: "desc", nulls: "first" } }, { createdAt: "desc" }],
    select: SHOWN,
    take: 500,
  });
}

export function countKeys(db: Db): Promise<number> {
  return db.apiKey.count();
}

/** Revokes a live key; false when there is no live key of this id. */
export async function revokeKey(db: Db, id: string, at: Date): Promise<boolean> {
  const { count } = await db.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: at } });
  return count > 0;
}

/** Notes a use, unless a later one is noted already (several processes note at their own pace). */
export async function noteKeyUse(db: Db, id: string, at: Date): Promise<void> {
  await db.apiKey.updateMany({
    where: { id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: at } }] },
    data: { lastUsedAt: at },
  });
}

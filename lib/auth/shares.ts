import { z } from "zod";
import { TailfillError } from "@/lib/errors";
import { log } from "@/lib/log";
import { db as processDb, type Db } from "@/lib/store/db";
import * as store from "@/lib/store/share-links";
import { hashOfToken, isLinkToken, newLinkToken } from "./link-token.ts";

export type { ShareRow } from "@/lib/store/share-links";

const HOUR_MS = 3_600_000;
const LONGEST_HOURS = 30 * 24;
const MOST_SITES = 10;
const NOTE_USE_EVERY_MS = 60_000;
const time = z.string().regex(/^(now(-\d{1,5}[smhdw])?|\d{4}-\d\d-\d\dT[\d:.]{5,12}Z)$/, "must be a time of a range");

/** A site, as a policy names it: `https://wiki.example.com`, `https://*.example.com`. Nothing else may come into a header. */
const SITE = /^https?:\/\/(\*\.)?[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(:\d{1,5})?$/;
export const ANY_SITE = "*";
const site = z
  .string()
  .trim()
  .toLowerCase()
  .refine((text) => text === ANY_SITE || SITE.test(text), "must be * or origins, as https://wiki.example.com");

/** What a new link is for, and for how long. */
export const NEW_SHARE = z
  .strictObject({
    kind: z.enum(["endpoint", "overview"]),
    endpointId: z.number().int().min(1).max(2_147_483_647).nullable().default(null),
    service: z.string().max(256).default(""),
    environment: z.string().max(256).default(""),
    from: time.default("now-24h"),
    to: time.default("now"),
    hours: z.number().int().min(1).max(LONGEST_HOURS),
    users: z.boolean().default(false),
    embeddedBy: z.array(site).max(MOST_SITES).default([]),
  })
  .refine(({ kind, endpointId }) => (kind === "endpoint") === (endpointId !== null), {
    error: "endpointId: goes with the kind `endpoint`",
  });

/** Makes a link. `token` is the only copy there will ever be. */
export async function createShare(
  wanted: z.output<typeof NEW_SHARE>,
  { by, nowMs }: { by: string; nowMs: number },
  db: Db = processDb(),
): Promise<{ token: string; row: store.ShareRow }> {
  const { from, to, hours, ...rest } = wanted;
  const token = newLinkToken();
  const share = { ...rest, rangeFrom: from, rangeTo: to, createdBy: by, tokenHash: hashOfToken(token) };
  const row = await store.insertShare(db, { ...share, expiresAt: new Date(nowMs + hours * HOUR_MS) }, nowMs);
  return { token, row };
}

export function listShares(db: Db = processDb(), now = new Date()): Promise<store.ShareRow[]> {
  return store.listShares(db, now);
}

/** @throws TailfillError `not_found` when no link of this id works */
export async function revokeShare(id: string, db: Db = processDb()): Promise<void> {
  const revoked = UUID.test(id) && (await store.revokeShare(db, id, new Date()));
  if (!revoked) throw new TailfillError("not_found", "No link that works has this id.");
}

/** The link of a token, and whether it works; null when there is none. */
export async function shareOf(
  token: unknown,
  db: Db = processDb(),
  nowMs = Date.now(),
): Promise<(store.ShareRow & { isOver: boolean }) | null> {
  const row = isLinkToken(token) ? await store.findShare(db, hashOfToken(token)) : null;
  return row && { ...row, isOver: row.revokedAt !== null || row.expiresAt.getTime() <= nowMs };
}

/** Notes that somebody looked, once a minute. Looking does not wait for it. */
export function noteShareUse({ id }: store.ShareRow, db: Db = processDb(), nowMs = Date.now()): void {
  const use = { at: new Date(nowMs), before: new Date(nowMs - NOTE_USE_EVERY_MS) };
  store.noteShareUse(db, id, use).catch((error: unknown) => {
    log("auth").warn({ err: error }, "the use of a link could not be noted");
  });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

import { TailfillError } from "@/lib/errors";
import { anyAccount, withAccountsLocked } from "@/lib/store/accounts";
import { db as processDb, type Db } from "@/lib/store/db";
import { findLink, insertLink, removeLinks, useLink } from "@/lib/store/links";
import { hashOfToken, isLinkToken, newLinkToken } from "./link-token.ts";
import { prepareAccount, storeAccount, type NewAccount } from "./new-account.ts";

const SETUP_LINK_MS = 3_600_000;

/**
 * A link's token for the first visit, single use, one hour; links made before stop working.
 * @returns null when a user exists: setup is closed for good
 */
export async function createSetupLink(db: Db, nowMs = Date.now()): Promise<string | null> {
  const token = newLinkToken();
  return withAccountsLocked(db, async (tx) => {
    if (await anyAccount(tx)) return null;
    await removeLinks(tx, { kind: "setup" });
    const expiresAt = new Date(nowMs + SETUP_LINK_MS);
    await insertLink(tx, { tokenHash: hashOfToken(token), kind: "setup", email: null, createdBy: null, expiresAt });
    return token;
  });
}

/**
 * Makes the first user from settings, only while there is none.
 * @returns whether it was made
 */
export async function createFirstUser(db: Db, wanted: NewAccount): Promise<boolean> {
  if (await anyAccount(db)) return false;
  const account = await prepareAccount(wanted);
  return withAccountsLocked(db, async (tx) => {
    if (await anyAccount(tx)) return false;
    await storeAccount(tx, account);
    await removeLinks(tx, { kind: "setup" });
    return true;
  });
}

/** What a visitor of /setup meets. */
export type SetupState = "open" | "closed" | "expired";

export async function setupState(token: unknown, db: Db = processDb(), nowMs = Date.now()): Promise<SetupState> {
  if (await anyAccount(db)) return "closed";
  const link = isLinkToken(token) ? await findLink(db, hashOfToken(token)) : null;
  const usable = link?.kind === "setup" && link.usedAt === null && link.expiresAt.getTime() > nowMs;
  return usable ? "open" : "expired";
}

/**
 * Makes the first user by the one-time link; of many requests at once, one wins.
 * @throws TailfillError `setup_closed` when a user exists, `link_expired` for a link that is used, old or unknown,
 * `bad_request` for a bad address or password (the link stays good)
 */
export async function setUpFirstUser(token: string, wanted: NewAccount, db: Db = processDb()): Promise<void> {
  await requireOpen(db, token); // before the slow hash, so that a stranger cannot make the server compute it
  const account = await prepareAccount(wanted);
  await withAccountsLocked(db, async (tx) => {
    if (await anyAccount(tx)) throw closed();
    if (!(await useLink(tx, { tokenHash: hashOfToken(token), kind: "setup", now: new Date() }))) throw expired();
    await storeAccount(tx, account);
  });
}

async function requireOpen(db: Db, token: string): Promise<void> {
  const state = await setupState(token, db);
  if (state === "closed") throw closed();
  if (state === "expired") throw expired();
}

const closed = () => new TailfillError("setup_closed", "Setup is closed: this server has a user.");
const expired = () =>
  new TailfillError(
    "link_expired",
    "This setup link was used or is older than an hour. Restart tailfill for a new one.",
  );

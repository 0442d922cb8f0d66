import { TailfillError } from "@/lib/errors";
import { endSessionsOf, findAccount, listAccounts, replacePassword, withAccountsLocked } from "@/lib/store/accounts";
import { db as processDb, type Db } from "@/lib/store/db";
import { findLink, replaceLinks, useLink } from "@/lib/store/links";
import { hashOfToken, isLinkToken, newLinkToken } from "./link-token.ts";
import { normalEmail } from "./new-account.ts";
import { hashOfPassword } from "./password-hash.ts";
import { checkNewPassword } from "./password-rule.ts";

const PASSWORD_LINK_MS = 3_600_000;

/**
 * A link by which somebody who lost the password chooses a new one: single use, one hour; links made for them before stop
 * working. Only the command on the server's own machine makes one: who may run it could read the database as well.
 * @returns the token of the link
 * @throws TailfillError `not_found` that names the accounts there are
 */
export async function createPasswordLink(db: Db, email: string, nowMs = Date.now()): Promise<string> {
  const address = normalEmail(email);
  if ((await findAccount(db, address)) === null) throw await unknown(db, address);
  const token = newLinkToken();
  const expiresAt = new Date(nowMs + PASSWORD_LINK_MS);
  const link = { tokenHash: hashOfToken(token), kind: "password", email: address, createdBy: null, expiresAt } as const;
  await withAccountsLocked(db, (tx) => replaceLinks(tx, link));
  return token;
}

async function unknown(db: Db, address: string): Promise<TailfillError> {
  const known = (await listAccounts(db)).map(({ email }) => email);
  const there = known.length === 0 ? "there is none yet: start tailfill for the first visit's link" : known.join(", ");
  return new TailfillError("not_found", `No account has the address ${address}. Accounts: ${there}.`);
}

/** The address whose password a token may replace, or null when the link is used, expired or unknown. */
export async function passwordLinkEmail(
  token: unknown,
  db: Db = processDb(),
  nowMs = Date.now(),
): Promise<string | null> {
  const link = isLinkToken(token) ? await findLink(db, hashOfToken(token)) : null;
  const usable = link?.kind === "password" && link.usedAt === null && link.expiresAt.getTime() > nowMs;
  return usable ? link.email : null;
}

/**
 * Replaces a password by a link, and ends every session of that person; of many requests at once, one wins.
 * @returns the address of the account
 * @throws TailfillError `link_expired`, `bad_request` for a bad password (the link stays good)
 */
export async function replaceLostPassword(token: string, password: string, db: Db = processDb()): Promise<string> {
  const email = await passwordLinkEmail(token, db);
  if (email === null) throw expired();
  checkNewPassword(password, email);
  const passwordHash = await hashOfPassword(password);
  await withAccountsLocked(db, async (tx) => {
    if (!(await useLink(tx, { tokenHash: hashOfToken(token), kind: "password", now: new Date() }))) throw expired();
    const account = await findAccount(tx, email);
    if (account === null) throw expired(); // removed since
    await replacePassword(tx, account.id, passwordHash);
    await endSessionsOf(tx, account.id);
  });
  return email;
}

const expired = () =>
  new TailfillError("link_expired", "This link was used, was replaced by a newer one, or is older than an hour.");

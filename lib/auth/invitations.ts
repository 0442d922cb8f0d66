import { TailfillError } from "@/lib/errors";
import { emailTaken, withAccountsLocked } from "@/lib/store/accounts";
import { db as processDb, type Db } from "@/lib/store/db";
import { findLink, openInvitations, removeLinks, replaceLinks, useLink } from "@/lib/store/links";
import { hashOfToken, isLinkToken, newLinkToken } from "./link-token.ts";
import { normalEmail, prepareAccount, storeAccount, type NewAccount } from "./new-account.ts";

const INVITATION_MS = 7 * 24 * 3_600_000;

/** An invitation that nobody used yet. `id` names it for withdrawal; the link itself cannot be shown again. */
export interface Invitation {
  id: string;
  email: string;
  createdBy: string | null;
  createdAt: Date;
  expiresAt: Date;
}

/**
 * Invites somebody by a single-use link, good for seven days; links that invited the same address before stop working.
 * @returns the token of the link: the only copy there will ever be
 * @throws TailfillError `already_exists` when the address has an account
 */
export async function invite(
  wanted: { email: string; createdBy: string },
  db: Db = processDb(),
  nowMs = Date.now(),
): Promise<string> {
  const { createdBy } = wanted;
  const email = normalEmail(wanted.email);
  const token = newLinkToken();
  const expiresAt = new Date(nowMs + INVITATION_MS);
  await withAccountsLocked(db, async (tx) => {
    if (await emailTaken(tx, email)) throw new TailfillError("already_exists", `${email} has an account already.`);
    await replaceLinks(tx, { tokenHash: hashOfToken(token), kind: "invite", email, createdBy, expiresAt });
  });
  return token;
}

/** Newest first. */
export async function listInvitations(db: Db = processDb(), nowMs = Date.now()): Promise<Invitation[]> {
  const rows = await openInvitations(db, new Date(nowMs));
  return rows.map(({ tokenHash, email, createdBy, createdAt, expiresAt }) => {
    return { id: tokenHash, email: email ?? "", createdBy, createdAt, expiresAt };
  });
}

/** @throws TailfillError `not_found` when there is no such open invitation */
export async function withdrawInvitation(id: string, db: Db = processDb()): Promise<void> {
  if ((await removeLinks(db, { kind: "invite", tokenHash: id })) === 0)
    throw new TailfillError("not_found", "There is no open invitation of this id.");
}

/** The address that a token invites, or null when the link is used, expired or unknown. */
export async function invitedEmail(token: unknown, db: Db = processDb(), nowMs = Date.now()): Promise<string | null> {
  const link = isLinkToken(token) ? await findLink(db, hashOfToken(token)) : null;
  const usable = link?.kind === "invite" && link.usedAt === null && link.expiresAt.getTime() > nowMs;
  return usable ? link.email : null;
}

/**
 * Makes the invited account; of many requests at once, one wins.
 * @returns the address of the account
 * @throws TailfillError `link_expired`, `already_exists`, `bad_request`
 */
export async function acceptInvitation(
  token: string,
  wanted: Omit<NewAccount, "email">,
  db: Db = processDb(),
): Promise<string> {
  const email = await invitedEmail(token, db);
  if (email === null) throw expired();
  const account = await prepareAccount({ ...wanted, email });
  await withAccountsLocked(db, async (tx) => {
    if (!(await useLink(tx, { tokenHash: hashOfToken(token), kind: "invite", now: new Date() }))) throw expired();
    await storeAccount(tx, account);
  });
  return email;
}

const expired = () =>
  new TailfillError(
    "link_expired",
    "This invitation was used, withdrawn, replaced by a newer one, or is older than seven days.",
  );

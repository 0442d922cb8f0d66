import { isAPIError } from "better-auth/api";
import { TailfillError } from "@/lib/errors";
import { endSession, endSessionsOf, removeOldSessions } from "@/lib/store/accounts";
import { db } from "@/lib/store/db";
import type { UserIdentity } from "./access.ts";
import { addressOf } from "./address.ts";
import { deviceCookie, knownDevice } from "./known-device.ts";
import { normalEmail } from "./new-account.ts";
import { checkNewPassword } from "./password-rule.ts";
import { IDLE_MS } from "./session.ts";
import { underLimits } from "./sign-in-limits.ts";
import { signInLibrary } from "./sign-in-library.ts";

/**
 * Signs a person in.
 * @returns the cookies to set
 * @throws TailfillError `wrong_credentials` for a wrong address or password (it does not tell which, nor by its time),
 * `too_many_requests` with the seconds to wait
 */
export async function signIn(request: Request, given: { email: string; password: string }): Promise<string[]> {
  const email = normalEmail(given.email);
  const device = knownDevice(request.headers, email);
  const attempt = { account: email, address: addressOf(request.headers), device };
  const cookies = await underLimits(attempt, () => sessionCookies(email, given.password));
  if (cookies === null) throw new TailfillError("wrong_credentials", "The e-mail address or the password is wrong.");
  return device === undefined ? [...cookies, deviceCookie(email)] : cookies;
}

/** Signs in somebody who chose this password a moment ago, so that there is nothing to guess. */
export async function signInNew({ email, password }: { email: string; password: string }): Promise<string[]> {
  const address = normalEmail(email);
  return [...((await sessionCookies(address, password)) ?? []), deviceCookie(address)];
}

/** The cookies of a new session, or null when the password is wrong. Sessions that are over are removed on the way. */
async function sessionCookies(email: string, password: string): Promise<string[] | null> {
  const cookies = await nullWhenRefused(async () => {
    const { headers } = await signInLibrary().api.signInEmail({ body: { email, password }, returnHeaders: true });
    return headers.getSetCookie();
  });
  if (cookies !== null) await removeOldSessions(db(), new Date(Date.now() - IDLE_MS));
  return cookies;
}

/** Ends the session of this request. @returns the cookies that make the browser forget it */
export async function signOut(request: Request, user: UserIdentity): Promise<string[]> {
  await endSession(db(), user.sessionId);
  return forgetting(request);
}

/** Ends every session of this person, this one too. */
export async function signOutEverywhere(request: Request, user: UserIdentity): Promise<string[]> {
  await endSessionsOf(db(), user.userId);
  return forgetting(request);
}

/**
 * Changes the password and ends every other session of this person; this browser gets a new one.
 * @throws TailfillError `wrong_credentials` when the current password is wrong, `bad_request`, `too_many_requests`
 */
export async function changePassword(
  request: Request,
  user: UserIdentity,
  given: { current: string; next: string },
): Promise<string[]> {
  checkNewPassword(given.next, user.email);
  const attempt = { account: user.email, address: addressOf(request.headers), device: `change:${user.userId}` };
  const body = { currentPassword: given.current, newPassword: given.next, revokeOtherSessions: true };
  const cookies = await underLimits(attempt, () =>
    nullWhenRefused(async () => {
      const answer = await signInLibrary().api.changePassword({ body, headers: request.headers, returnHeaders: true });
      return answer.headers.getSetCookie();
    }),
  );
  if (cookies === null) throw new TailfillError("wrong_credentials", "The current password is wrong.");
  return cookies;
}

/** An answer without a body that sets cookies. */
export function withCookies(cookies: readonly string[]): Response {
  const headers = new Headers();
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 204, headers });
}

async function forgetting(request: Request): Promise<string[]> {
  const answer = await signInLibrary().api.signOut({ headers: request.headers, returnHeaders: true });
  return answer.headers.getSetCookie();
}

/** better-auth refuses with 400 or 401; anything else is a failure and stays one. */
async function nullWhenRefused<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (isAPIError(error) && (error.statusCode === 400 || error.statusCode === 401)) return null;
    throw error;
  }
}

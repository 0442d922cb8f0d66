import { redirect } from "next/navigation";
import { TailfillError } from "@/lib/errors";
import { keyRing, type Scope } from "./api-keys.ts";
import { signInFromHere } from "./asked-page.ts";
import { requireSameOrigin } from "./same-origin.ts";
import { currentSession, sessionOf, type Session } from "./session.ts";

export type { Scope } from "./api-keys.ts";

/** Who asks: a program with an API key, or a person who is signed in. */
export type Identity = KeyIdentity | UserIdentity;
export interface KeyIdentity {
  kind: "key";
  keyId: string;
  name: string;
  scopes: readonly Scope[];
}
export interface UserIdentity {
  kind: "user";
  userId: string;
  sessionId: string;
  email: string;
  name: string;
  scopes: readonly Scope[];
}

/** A person may do what pages offer; batches come from programs only. */
const PERSON_SCOPES: readonly Scope[] = ["read", "write"];
const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Lets an API request pass: by the key in `Authorization: Bearer`, else by the session cookie, if it has any of the scopes.
 * Every handler calls this (or `requireUser`) itself; nothing relies on proxy.ts.
 * @throws TailfillError `unauthenticated` without valid credentials, `forbidden` when they lack the scope,
 * `cross_site` for a change by cookie from elsewhere.
 */
export async function requireScope(request: Request, ...anyOf: [Scope, ...Scope[]]): Promise<Identity> {
  const authorization = request.headers.get("authorization");
  const identity = authorization === null ? await userOf(request) : await keyOf(authorization);
  if (anyOf.some((scope) => identity.scopes.includes(scope))) return identity;
  const needed = anyOf.map((scope) => `\`${scope}\``).join(" or ");
  throw new TailfillError("forbidden", `This needs the scope ${needed}, which ${nameOf(identity)} does not have.`);
}

/**
 * Lets only a signed-in person pass, for what no key may do (keys, users, the own account).
 * @throws TailfillError `unauthenticated`, `cross_site`
 */
export async function requireUser(request: Request): Promise<UserIdentity> {
  return userOf(request);
}

/** For pages and their data functions: the person who is signed in; anybody else is sent to the sign-in page, and back from there. */
export async function requireSession(): Promise<UserIdentity> {
  const session = await currentSession();
  if (session === null) redirect(await signInFromHere());
  return asIdentity(session);
}

async function keyOf(authorization: string): Promise<KeyIdentity> {
  const key = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  const verified = key === undefined ? null : await keyRing().verify(key);
  if (verified === null) throw new TailfillError("unauthenticated", "The API key is malformed, unknown or revoked.");
  return { kind: "key", keyId: verified.id, name: verified.name, scopes: verified.scopes };
}

async function userOf(request: Request): Promise<UserIdentity> {
  const session = await sessionOf(request.headers);
  if (session === null) throw new TailfillError("unauthenticated", "There is no API key and no session.");
  if (!READING.has(request.method)) requireSameOrigin(request);
  return asIdentity(session);
}

function asIdentity(session: Session): UserIdentity {
  const { id, userId, email, name } = session;
  return { kind: "user", userId, sessionId: id, email, name, scopes: PERSON_SCOPES };
}

function nameOf(identity: Identity): string {
  return identity.kind === "key" ? "this API key" : "a browser session";
}

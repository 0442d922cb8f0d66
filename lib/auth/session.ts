import { headers } from "next/headers";
import { log } from "@/lib/log";
import { db } from "@/lib/store/db";
import { noteSessionUse } from "@/lib/store/accounts";
import { withinTime } from "@/lib/store/within-time";
import { signInLibrary } from "./sign-in-library.ts";

/** A person who is signed in. */
export interface Session {
  id: string;
  userId: string;
  email: string;
  name: string;
}

/** A session that nobody used for this long is over. */
export const IDLE_MS = 7 * 24 * 3_600_000;
const NOTE_USE_EVERY_MS = 10 * 60_000;

/** The session that a request's cookie proves, read from the database each time; null when there is none. */
export async function sessionOf(requestHeaders: Headers, nowMs = Date.now()): Promise<Session | null> {
  if (!requestHeaders.has("cookie")) return null;
  const found = await withinTime(signInLibrary().api.getSession({ headers: requestHeaders }));
  if (found === null) return null;
  const idleMs = nowMs - found.session.updatedAt.getTime();
  if (idleMs > IDLE_MS) return null;
  if (idleMs > NOTE_USE_EVERY_MS) noteUse(found.session.id, nowMs);
  return { id: found.session.id, userId: found.user.id, email: found.user.email, name: found.user.name };
}

/** The session of the page being rendered. */
export async function currentSession(): Promise<Session | null> {
  return sessionOf(await headers());
}

function noteUse(id: string, nowMs: number): void {
  noteSessionUse(db(), id, new Date(nowMs)).catch((error: unknown) => {
    log("auth").warn({ err: error }, "the use of a session could not be noted");
  });
}

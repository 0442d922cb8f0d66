import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { config } from "@/lib/config";

/**
 * The cookie of a browser that somebody signed in on: an id and a proof that it belongs to this account. It opens
 * nothing; it only gives that browser a count of wrong passwords of its own.
 */
const COOKIE = "tailfill.device";
const MAX_AGE_SECONDS = 365 * 24 * 3600;

/** The id of the device, if the request's cookie proves that this account signed in on it. */
export function knownDevice(headers: Headers, account: string): string | undefined {
  const value = new RegExp(`(?:^|;\\s*)${COOKIE}=([A-Za-z0-9_-]{22})\\.([A-Za-z0-9_-]{43})(?:;|$)`).exec(
    headers.get("cookie") ?? "",
  );
  const [, id, proof] = value ?? [];
  if (id === undefined || proof === undefined) return undefined;
  const same = timingSafeEqual(Buffer.from(proof, "base64url"), proofOf(id, account));
  return same ? id : undefined;
}

/** A `Set-Cookie` value that makes the browser known for this account. */
export function deviceCookie(account: string): string {
  const id = randomBytes(16).toString("base64url");
  const secure = config().publicUrl.startsWith("https:") ? "; Secure" : "";
  const value = `${id}.${proofOf(id, account).toString("base64url")}`;
  return `${COOKIE}=${value}; Path=/; Max-Age=${MAX_AGE_SECONDS}; HttpOnly; SameSite=Lax${secure}`;
}

function proofOf(id: string, account: string): Buffer {
  return createHmac("sha256", config().secret ?? randomBytes(32))
    .update(`device\0${id}\0${account}`)
    .digest();
}

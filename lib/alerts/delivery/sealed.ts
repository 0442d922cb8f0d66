import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** What only sending needs to know of a receiver. Kept sealed, and never shown. */
export interface Secrets {
  /** The whole address: those of chat services hold their token. E-mail has none. */
  url?: string;
  /** PagerDuty's key of a service. */
  routingKey?: string;
  /** Where e-mail goes. */
  to?: string[];
  /** What a webhook is signed with, the newest first. */
  signing?: { secret: string; untilMs: number | null }[];
}

const VERSION = "1";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals with a key made of TAILFILL_SECRET, for one receiver: what is copied to another's row does not open there. */
export function seal(secrets: Secrets, receiverId: string, secret: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyOf(secret), iv).setAAD(Buffer.from(receiverId));
  const text = Buffer.concat([cipher.update(JSON.stringify(secrets), "utf8"), cipher.final()]);
  return `${VERSION}.${Buffer.concat([iv, cipher.getAuthTag(), text]).toString("base64url")}`;
}

/** What was sealed; `null` when it does not open: TAILFILL_SECRET is another one, or the row was changed. */
export function unseal(sealed: string, receiverId: string, secret: string): Secrets | null {
  const bytes = Buffer.from(sealed.slice(VERSION.length + 1), "base64url");
  const [iv, tag] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
  try {
    const decipher = createDecipheriv("aes-256-gcm", keyOf(secret), iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(receiverId)).setAuthTag(tag);
    const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString("utf8")) as Secrets;
  } catch {
    return null;
  }
}

const keyOf = (secret: string): Buffer => Buffer.from(hkdfSync("sha256", secret, "", "tailfill receivers", 32));

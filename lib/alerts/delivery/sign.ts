import { createHmac, randomBytes } from "node:crypto";

/** Bytes of a new secret; Standard Webhooks asks for 24 to 64. */
const SECRET_BYTES = 32;
const PREFIX = "whsec_";

/** A new secret, as receivers are given it: `whsec_` and base64. */
export const newSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString("base64");

export interface Signed {
  /** The same however often it is sent. */
  id: string;
  /** The time of this attempt: receivers refuse what is older than five minutes. */
  atMs: number;
  /** The very bytes that are sent. */
  body: string;
}

/** The headers of Standard Webhooks 1.0. Of several secrets each signs, so that a receiver may know either while they change. */
export function signedHeaders(secrets: readonly string[], { id, atMs, body }: Signed): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1_000));
  const signed = `${id}.${timestamp}.${body}`;
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": secrets.map((secret) => `v1,${macOf(secret, signed)}`).join(" "),
  };
}

const macOf = (secret: string, text: string): string =>
  createHmac("sha256", Buffer.from(secret.slice(PREFIX.length), "base64"))
    .update(text)
    .digest("base64");

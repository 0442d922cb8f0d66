import { createHash, randomBytes } from "node:crypto";

const TOKEN_BYTES = 32;
const SHAPE = /^[A-Za-z0-9_-]{43}$/;

/** The secret part of a single-use link: 256 random bits in base64url. */
export function newLinkToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** Whether a text can be a token at all; others cost no query. */
export function isLinkToken(text: unknown): text is string {
  return typeof text === "string" && SHAPE.test(text);
}

/** What is stored of a token. */
export function hashOfToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

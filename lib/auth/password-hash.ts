import { hashPassword, verifyPassword } from "better-auth/crypto";

/** scrypt with a salt of its own, about 0.1 s of one core and 32 MiB: the only slow hash of this server. */
export function hashOfPassword(password: string): Promise<string> {
  return hashPassword(password);
}

export function isPasswordOf(given: { hash: string; password: string }): Promise<boolean> {
  return verifyPassword(given);
}

import { createHash } from "node:crypto";

/**
 * A number in [0, 1) that follows from the plan's salt and a name, the same everywhere: the first 52 bits of
 * SHA-256(salt NUL purpose NUL name). Nothing but chance enters, and anybody can check a decision's arm afterwards.
 */
export function chance(salt: string, purpose: Purpose, name: string): number {
  const digest = createHash("sha256").update(`${salt}\0${purpose}\0${name}`).digest();
  return (digest.readUIntBE(0, 6) * 16 + (digest[6]! >> 4)) / 2 ** 52;
}

/** What is drawn for: draws for different purposes are independent of each other. */
export type Purpose = "withhold" | "hold out" | "sample";

/** Whether a decision is a control: not filled, only to be compared with. */
export function isWithheld(salt: string, decision: string, share: number): boolean {
  return chance(salt, "withhold", decision) < share;
}

/** Whether a user is never filled, at any definition, as long as the salt stays. */
export function isHeldOut(salt: string, user: string, share: number): boolean {
  return chance(salt, "hold out", user) < share;
}

/** Whether a signal that is not worth a fill is logged all the same, so that its chance of use is known. */
export function isSampled(salt: string, decision: string, share: number): boolean {
  return chance(salt, "sample", decision) < share;
}

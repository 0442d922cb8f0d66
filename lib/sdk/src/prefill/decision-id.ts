import { createHash } from "node:crypto";

/** A definition and a user, and the stretch of time in which all processes give a decision about them the same id. */
export interface DecisionPlace {
  salt: string;
  definition: string;
  user: string;
  /** Its start, in milliseconds since the epoch. */
  windowMs: number;
  /** 0, and one more for each decision of that window that its visit has closed. */
  sequence: number;
}

/**
 * A decision's id: a UUID version 7 whose time is the window's start and whose rest follows from what is decided on. Two
 * processes that see the same user at the same time so take one and the same decision: chance puts it into the same
 * arm, the server counts it once, and the queue takes it once.
 */
export function decisionId({ salt, definition, user, windowMs, sequence }: DecisionPlace): string {
  const text = `${salt}\0${definition}\0${user}\0${windowMs}\0${sequence}`;
  const bytes = createHash("sha256").update(text).digest().subarray(0, 16);
  bytes.writeUIntBE(Math.max(0, Math.trunc(windowMs)) % 2 ** 48, 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The server takes an id's time for the decision's: it must not be further off. */
const LONGEST_WINDOW_MS = 600_000;

/** The stretch of time around `nowMs` in which all processes decide the same: no longer than the value lives. */
export function windowOf(nowMs: number, ttlSeconds: number): number {
  const widthMs = Math.min(LONGEST_WINDOW_MS, Math.max(1, ttlSeconds) * 1000);
  return Math.floor(nowMs / widthMs) * widthMs;
}

import { followRequests } from "../context.ts";

/** `Symbol.for`, for the two copies of this package in one process. */
const TAPPED = Symbol.for("@tailfill/sdk tapped 1");
const ANY = Symbol.for("@tailfill/sdk any tapped 1");
const holder = globalThis as typeof globalThis & { [ANY]?: boolean };

/** A database is wrapped: requests are followed from now on. Says so on the pool or the class, if there is one. */
export function markTapped(wrapped?: object): void {
  followRequests();
  holder[ANY] = true;
  if (wrapped !== undefined) Object.defineProperty(wrapped, TAPPED, { value: true });
}

export function isTapped(wrapped: unknown): boolean {
  return typeof wrapped === "object" && wrapped !== null
    ? TAPPED in wrapped
    : typeof wrapped === "function" && TAPPED in wrapped;
}

/** Whether any database of this process is wrapped. */
export function anyTapped(): boolean {
  return holder[ANY] === true;
}

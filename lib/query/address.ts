import { TailfillError } from "../errors.ts";

/**
 * The endpoint's id in an address.
 * @throws TailfillError `not_found` when it cannot be one.
 */
export function endpointIdOf(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new TailfillError("not_found", `There is no endpoint ${text.slice(0, 40)}.`);
  return Number(text);
}

/**
 * The user in the last part of an address. It is taken from the address itself, because an id may hold anything, an
 * encoded slash included.
 * @throws TailfillError `bad_request` when it is not well encoded.
 */
export function userIn(address: string): string {
  const last = new URL(address).pathname.replace(/\/$/, "").split("/").at(-1)!;
  try {
    return decodeURIComponent(last);
  } catch {
    throw new TailfillError("bad_request", "user: must be URL-encoded UTF-8.");
  }
}

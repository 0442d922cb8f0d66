import type { Client, TailfillOptions } from "../client-type.ts";
import { createTailfill } from "../client.ts";

/** What every adapter is mounted with: options, for a client of its own, or a client that `createTailfill` made. */
export type OptionsOrClient<Request> = TailfillOptions<Request> | Client;

/** The given client, or a new one from the options. */
export function clientOf<Request>(given: OptionsOrClient<Request> | undefined): Client {
  return given !== undefined && isClient(given) ? given : createTailfill(given);
}

function isClient(given: object): given is Client {
  return "record" in given && typeof given.record === "function";
}

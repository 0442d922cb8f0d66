import type { Identity } from "./access.ts";

/** Who did something, as it is kept beside it. */
export const whoIs = (identity: Identity): string =>
  identity.kind === "key" ? `the key ${identity.name}` : identity.email;

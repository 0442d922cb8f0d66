export { createTailfill } from "./client.ts";
export type { AnyRequest, Client, TailfillOptions, UserId } from "./client-type.ts";
export type { Stats } from "./stats.ts";
export { openUser, SEALED_PREFIX, sealUser } from "./pseudonym.ts";
export { OUTCOMES, UNMATCHED, type Outcome } from "../../wire/index.ts";
export { wrap, type WrapOptions } from "./wrap.ts";

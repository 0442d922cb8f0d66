export { createGuard } from "./create.ts";
export { fingerprint } from "./fingerprint.ts";
export type { Reason } from "./judge.ts";
export { QueryKilledError, wasKilled, type KilledBy } from "./killed.ts";
export type { Guard, GuardOptions, GuardStats } from "./options.ts";
export type { PolicyOptions } from "./policy.ts";
export type { Action, GuardOutcome, GuardRecord } from "./record.ts";
export type { Dialect } from "./tokens.ts";
export type { Duration } from "../duration.ts";

import { systemClock } from "../clock.ts";
import { opener } from "./address.ts";
import type { Guard, GuardOptions } from "./options.ts";
import { readPolicy } from "./policy.ts";
import { RunningGuard } from "./running-guard.ts";

/**
 * Starts a guard in this process: `createGuard({ databaseUrl, apply: true, onKill })`. Throws a TypeError when an option is wrong;
 * whatever happens later goes to `onError`. Its connection keeps the process alive until `stop`.
 */
export function createGuard(options: GuardOptions): Guard {
  const policy = readPolicy(options);
  const open = opener(options.databaseUrl, policy.applicationNames !== undefined);
  return new RunningGuard(options, policy, open, systemClock);
}

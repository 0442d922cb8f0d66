import { insideOf } from "../client-inside.ts";
import type { Client } from "../client-type.ts";
import { systemClock } from "../clock.ts";
import { registry } from "../registry.ts";
import { opener } from "./address.ts";
import { KillReporter } from "./kill-reporter.ts";
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
  return new RunningGuard(options, { policy, open, clock: systemClock, reporter: reporterOf(options.client) });
}

/** Undefined where there is no server to tell. */
function reporterOf(given: Client | undefined): KillReporter | undefined {
  const client = given ?? onlyClient();
  const inside = client === undefined ? undefined : insideOf(client);
  return inside === undefined ? undefined : new KillReporter(inside.insight);
}

function onlyClient(): Client | undefined {
  const running = [...registry().clients.values()];
  return running.length === 1 ? running[0] : undefined;
}

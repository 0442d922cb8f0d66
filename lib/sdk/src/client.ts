import type { AnyRequest, Client, TailfillOptions } from "./client-type.ts";
import { systemClock } from "./clock.ts";
import { DisabledClient } from "./disabled-client.ts";
import { readSettings, type Settings } from "./environment.ts";
import { registry, warnOnce } from "./registry.ts";
import { RunningClient } from "./running-client.ts";

/** How long a process that has nothing left to do may live on to send its last window. */
const BEFORE_EXIT_MS = 1_000;

/**
 * Starts recording and sending. Call it once at the app's start and hand the client to the adapters, or let an adapter
 * call it. A second call for the same service, environment and url returns the first client, whatever its other
 * options, and says so once. Without url or key the client does nothing, and says so once. Never throws.
 */
export function createTailfill<Request = AnyRequest>(options?: TailfillOptions<Request>): Client {
  const given: TailfillOptions = options ?? {};
  try {
    return runningOrNew(given);
  } catch (error) {
    given.onError?.(error);
    return new DisabledClient(given);
  }
}

function runningOrNew(options: TailfillOptions): Client {
  const settings = readSettings(options);
  const problems = settings.problems.join("; ");
  if (!isComplete(settings)) {
    warnOnce("disabled", `nothing is recorded: ${problems}`);
    return new DisabledClient(options);
  }
  if (problems !== "") warnOnce("setting", problems);
  const { service, environment, ingestUrl } = settings;
  const { clients } = registry();
  const name = JSON.stringify([service, environment, ingestUrl.href]);
  const running = clients.get(name);
  if (running) {
    warnOnce("second_start", `${service} was started before; its first client is used, with its options`);
    return running;
  }
  const client = start(settings, options, () => clients.delete(name));
  clients.set(name, client);
  return client;
}

type Complete = Settings & { ingestUrl: URL; apiKey: string };

function isComplete(settings: Settings): settings is Complete {
  return settings.ingestUrl !== undefined && settings.apiKey !== undefined;
}

function start(settings: Complete, options: TailfillOptions, forget: () => void): Client {
  const beforeExit = () => void client.flushBeforeExit(BEFORE_EXIT_MS);
  const stopped = () => {
    process.off("beforeExit", beforeExit);
    forget();
  };
  const client = new RunningClient({ settings, options, clock: systemClock, warn: warnOnce, stopped });
  // Once: what we do there keeps the process busy, and would be called again for ever.
  process.once("beforeExit", beforeExit);
  return client;
}

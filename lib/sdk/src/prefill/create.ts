import { definitionHub } from "../cache/definition-hub.ts";
import { insideOf, type ClientInside } from "../client-inside.ts";
import type { AnyRequest, Client } from "../client-type.ts";
import { createTailfill } from "../client.ts";
import { registry, warnOnce } from "../registry.ts";
import { defaultQueue } from "./default-queue.ts";
import { DisabledPrefill } from "./disabled-prefill.ts";
import { Engine, type EngineOptions } from "./engine.ts";
import { namesBy } from "./names.ts";
import type { Prefill, PrefillOptions } from "./prefill-type.ts";
import { RunningPrefill } from "./running-prefill.ts";
import { sourceOf } from "./source.ts";

const SESSION_GAP_SECONDS = 1_800;
const MOST_USERS = 50_000;
const LOOP_DELAY_MS = 50;
const MOST_AT_ONCE = 64;

/**
 * Begins to fill the cache of users who are about to come, as the server's plan says: nothing before a person has switched
 * filling on there. One line next to the middleware, with the same client: `createPrefill({ client })`. A second call for the
 * same client returns the first, whatever its options. Never throws.
 */
export function createPrefill<Request = AnyRequest>(options: PrefillOptions<Request> = {}): Prefill {
  const client = clientFor(options);
  const inside = insideOf(client);
  if (inside === undefined) return new DisabledPrefill();
  try {
    inside.prefill ??= start(client, inside, options);
    return inside.prefill;
  } catch (error) {
    client.report(error);
    return new DisabledPrefill();
  }
}

/** The one that is given; else the one that runs in this process, unless the options say which; else a new one. */
function clientFor<Request>(options: PrefillOptions<Request>): Client {
  if (options.client !== undefined) return options.client;
  const running = [...registry().clients.values()];
  const isNamed = (options.service ?? options.environment ?? options.url) !== undefined;
  return running.length === 1 && !isNamed ? running[0]! : createTailfill(options);
}

function start(client: Client, inside: ClientInside, options: PrefillOptions): Prefill {
  const report = (error: unknown) => client.report(error);
  const engine = new Engine(engineOptions(inside, options, report));
  return new RunningPrefill(engine, inside, report);
}

function engineOptions(inside: ClientInside, options: PrefillOptions, report: (error: unknown) => void): EngineOptions {
  const { definitions, queue, work = true } = options;
  return {
    source: sourceOf(inside.settings),
    clock: inside.clock,
    names: namesBy(inside.pseudonymKey),
    definitions: () => definitions ?? [...definitionHub().definitions.values()],
    queue: queue ?? defaultQueue(report),
    work,
    sessionGapMs: positive(options.sessionGapSeconds, SESSION_GAP_SECONDS) * 1000,
    mostUsers: positive(options.mostUsers, MOST_USERS),
    mostAtOnce: positive(options.concurrency, MOST_AT_ONCE),
    loopDelayMs: positive(options.loopDelayMs, LOOP_DELAY_MS),
    warn: warnOnce,
    report,
  };
}

function positive(value: number | undefined, otherwise: number): number {
  return value !== undefined && value > 0 ? value : otherwise;
}

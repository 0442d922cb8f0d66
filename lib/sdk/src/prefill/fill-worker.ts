import { definitionHub } from "../cache/definition-hub.ts";
import type { CachedDefinition } from "../cache/definition-type.ts";
import { insideOf, type ClientInside } from "../client-inside.ts";
import type { Client } from "../client-type.ts";
import type { FillState, PrefillMode } from "../../../wire/index.ts";
import { warnOnce } from "../registry.ts";
import { Core } from "./core.ts";
import { namesBy } from "./names.ts";
import type { FillQueue } from "./queue-type.ts";
import { sourceOf } from "./source.ts";

/** A worker serves nobody but fills: its loop may be late. */
const LOOP_DELAY_MS = 250;
const MOST_AT_ONCE = 64;

export interface FillWorkerOptions {
  /** Whose server, service and pseudonym key are used; the same as in the app. */
  client: Client;
  /** The queue that the app has. */
  queue: FillQueue;
  /** What may be filled. Default: everything that `defineCached` makes in this process. */
  definitions?: readonly CachedDefinition[];
  /** Most fills at once, whatever the plan says. */
  concurrency?: number;
}

/** Works off fills in a process of its own. */
export interface FillWorker {
  /** Ends: what runs is given up, and events are sent. */
  stop(): Promise<void>;
  /** What the plan lets it do, and what became of the fills that it took. */
  stats(): { mode: PrefillMode | null; fills: Record<FillState, number>; running: number; unknown: object };
}

/**
 * Works off the fills that apps put into the queue, from the first plan on, as long as the plan says that fills are done.
 *
 * @throws TypeError for a client that does nothing, or a pseudonym key that is none
 */
export function createFillWorker(options: FillWorkerOptions): FillWorker {
  const inside = insideOf(options.client);
  if (inside === undefined) throw new TypeError("the client of a fill worker needs a url and an API key");
  const core = coreFor(inside, options);
  core.plans.start().catch((error: unknown) => options.client.report(error));
  return {
    stop: () => core.stop(),
    stats: () => ({
      mode: core.mode,
      fills: { ...core.fills },
      running: core.runner.running,
      unknown: { ...core.unknown },
    }),
  };
}

function coreFor(inside: ClientInside, { client, queue, definitions, concurrency }: FillWorkerOptions): Core {
  return new Core({
    source: sourceOf(inside.settings),
    decides: false,
    works: true,
    clock: inside.clock,
    queue,
    definitionOf: (name) =>
      definitions ? definitions.find((one) => one.name === name) : definitionHub().definitions.get(name),
    definitions: () => [],
    openUser: namesBy(inside.pseudonymKey).userOf,
    brakes: { loopDelayMs: LOOP_DELAY_MS },
    mostAtOnce: concurrency !== undefined && concurrency > 0 ? concurrency : MOST_AT_ONCE,
    warn: warnOnce,
    report: (error) => client.report(error),
  });
}

import { definitionHub } from "../cache/definition-hub.ts";
import type { DefinitionVisit } from "../cache/definition-type.ts";
import type { ClientInside } from "../client-inside.ts";
import type { UserId } from "../client-type.ts";
import type { Engine } from "./engine.ts";
import type { Prefill, PrefillStats } from "./prefill-type.ts";
import { statsOf } from "./stats-of.ts";

/** How long a process that has nothing left to do may live on to send its last events. */
const BEFORE_EXIT_MS = 1_000;
const DEFAULT_SIGNAL = "signal";

/** The engine, listening to its app: nothing gets from here into the host. */
export class RunningPrefill implements Prefill {
  readonly enabled = true;
  readonly #engine: Engine;
  readonly #inside: ClientInside;
  readonly #report: (error: unknown) => void;
  #stopping: Promise<void> | undefined;

  constructor(engine: Engine, inside: ClientInside, report: (error: unknown) => void) {
    this.#engine = engine;
    this.#inside = inside;
    this.#report = report;
    // The client guards this call: what it throws is reported.
    // oxlint-disable-next-line max-params -- see RequestListener
    inside.listener = (method, route, outcome, latencyUs, user) =>
      engine.signals.request(method, route, outcome, latencyUs, user);
    definitionHub().visited.add(this.#visited);
    process.once("beforeExit", this.#beforeExit);
    engine.start().catch(report);
  }

  signal(user: UserId, name: string = DEFAULT_SIGNAL): void {
    try {
      if (this.#stopping !== undefined || user === undefined || user === null || user === "") return;
      this.#engine.signals.named(String(user), String(name));
    } catch (error) {
      this.#report(error);
    }
  }

  async flush(): Promise<void> {
    await this.#engine.core.events.flush().catch(this.#report);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  stats(): PrefillStats {
    return statsOf(this.#engine, this.#inside.clock);
  }

  async #stop(): Promise<void> {
    this.#inside.listener = undefined;
    this.#inside.prefill = undefined;
    definitionHub().visited.delete(this.#visited);
    process.off("beforeExit", this.#beforeExit);
    await this.#engine.stop().catch(this.#report);
  }

  readonly #visited = (visit: DefinitionVisit): void => {
    try {
      this.#engine.visits.visited(visit);
    } catch (error) {
      this.#report(error);
    }
  };

  readonly #beforeExit = (): void => {
    this.#engine.core.events.flush(BEFORE_EXIT_MS).catch(this.#report);
  };
}

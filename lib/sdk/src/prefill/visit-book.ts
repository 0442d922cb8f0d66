import { REFRESHED_AT, type VisitEvent } from "../../../wire/index.ts";
import type { CachedDefinition, DefinitionVisit } from "../cache/definition-type.ts";
import type { Clock } from "../clock.ts";
import type { Names } from "./names.ts";
import type { OpenDecision, OpenDecisions } from "./open-decisions.ts";
import type { IndexedPlan } from "./plan-index.ts";
import type { Refreshes } from "./refreshes.ts";

export interface VisitBookOptions {
  clock: Clock;
  names: Names;
  open: OpenDecisions;
  refreshes: Refreshes;
  plan: () => IndexedPlan | null;
  definitionOf: (name: string) => CachedDefinition | undefined;
  log: (event: VisitEvent) => void;
  /** The first visit after a decision of this process. */
  first: (decision: string, definition: string, name: string) => void;
}

/** Sees the visits to definitions: which of them is the first after a decision, and which value is to be kept from expiring. */
export class VisitBook {
  logged = 0;
  readonly #options: VisitBookOptions;

  constructor(options: VisitBookOptions) {
    this.#options = options;
  }

  /** A request that used a definition has ended. */
  visited(visit: DefinitionVisit): void {
    const { names, open } = this.#options;
    const name = names.nameOf(visit.user);
    if (name === undefined) return;
    const known = open.get(visit.definition, name, visit.atMs);
    const isFirst = known !== undefined && !known.closed && beganAfter(visit, known);
    if (isFirst) {
      known.closed = true;
      this.#options.first(known.id, visit.definition, name);
      this.#log(visit, known.id);
    }
    // Another process took the decision, or it is one from before the last.
    if (visit.decision !== undefined && visit.decision !== known?.id) this.#log(visit, visit.decision);
    this.#plan(visit, name, isFirst ? known : undefined);
  }

  #log({ cache, latencyUs, atMs }: DefinitionVisit, id: string): void {
    this.logged++;
    this.#options.log({ type: "visit", id, atMs, cache, latencyUs });
  }

  /** Notes when the value is to be computed anew, for a user who is likely to come once more. */
  #plan(visit: DefinitionVisit, name: string, first: OpenDecision | undefined): void {
    const { plan, definitionOf, refreshes, clock } = this.#options;
    const again = plan()?.definitions.get(visit.definition)?.users.get(name)?.again ?? 0;
    const definition = definitionOf(visit.definition);
    if (again === 0 || definition === undefined) return;
    const computedMs = computedAt(visit, first);
    if (computedMs === undefined) return;
    const wallMs = computedMs + definition.ttlSeconds * 1000 * REFRESHED_AT;
    const inMs = wallMs - clock.wallMs();
    if (inMs <= 0) return;
    refreshes.add({ definition: visit.definition, user: visit.user, atMs: clock.monotonicMs() + inMs });
  }
}

/** A visit under way when the decision was taken is no effect of it. */
function beganAfter({ atMs, latencyUs }: DefinitionVisit, { atMs: decidedMs }: OpenDecision): boolean {
  return atMs - latencyUs / 1000 >= decidedMs - 1;
}

/** When the value that was served had been computed, as far as this process knows. */
function computedAt({ cache, atMs }: DefinitionVisit, first: OpenDecision | undefined): number | undefined {
  if (cache === "miss" || cache === "joined") return atMs;
  return cache === "hit" ? first?.atMs : undefined;
}

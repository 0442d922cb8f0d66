import type { CachedDefinition, DefinitionVisit } from "./definition-type.ts";

/** Where the cached definitions of a process, and those who fill them, find each other. */
export interface DefinitionHub {
  /** By name. `defineCached` puts each in. */
  readonly definitions: Map<string, CachedDefinition>;
  /** Told of each visit; must not throw, and must be quick: it runs at the end of a request. */
  readonly visited: Set<(visit: DefinitionVisit) => void>;
}

/** `Symbol.for`, so that an ESM and a CommonJS copy of this package in one process share one. */
const HUB = Symbol.for("@tailfill/sdk definitions 1");

const holder = globalThis as typeof globalThis & { [HUB]?: DefinitionHub };

export function definitionHub(): DefinitionHub {
  return (holder[HUB] ??= { definitions: new Map(), visited: new Set() });
}

/** Tells everybody who wants to know of a visit. Called by a definition once the request is over. */
export function tellVisit(visit: DefinitionVisit): void {
  const { visited } = definitionHub();
  if (visited.size > 0) for (const tell of visited) tell(visit);
}

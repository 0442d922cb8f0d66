import { followRequests } from "../context.ts";
import { isDevelopment } from "../environment.ts";
import { warnOnce } from "../registry.ts";
import { definitionHub } from "./definition-hub.ts";
import type { CachedDefinition } from "./definition-type.ts";

/**
 * Makes a definition known by its name. Throws when there is another one of that name: two loads under one key would
 * serve each other's values. In development, where modules are loaded again when they change, the newer one replaces it.
 */
export function register(definition: CachedDefinition): void {
  const known = definitionHub().definitions;
  if (known.has(definition.name)) {
    const name = JSON.stringify(definition.name);
    if (!isDevelopment()) throw new Error(`defineCached: there is a definition named ${name} already`);
    warnOnce("definition_again", `the definition ${name} was made again; the newer one is used`);
  }
  known.set(definition.name, definition);
  followRequests();
}

/** All definitions of this process, in the order in which they were made. */
export function definitions(): CachedDefinition[] {
  return [...definitionHub().definitions.values()];
}

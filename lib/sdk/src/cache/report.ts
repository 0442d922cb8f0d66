import { BYTES_METHOD, CACHE_METHOD, LOAD_METHOD, WRITE_METHOD } from "../../../wire/index.ts";
import type { Client } from "../client-type.ts";
import { partOf, requestUnderWay, type Visit } from "../context.ts";
import { registry } from "../registry.ts";
import { tellVisit } from "./definition-hub.ts";

/** The client that is told: the one that watches the request under way, else the first that runs. */
function client(): Client | undefined {
  return requestUnderWay()?.client ?? registry().clients.values().next().value;
}

/** Tells `onError` of what went wrong with the cache, which the app does not see otherwise. */
export function reportError(error: unknown): void {
  client()?.report(error);
}

/** One run of a definition's `load`, whether for a visit or a fill. */
export function reportLoad(name: string, user: string, run: { ok: boolean; tookUs: number }): void {
  client()?.record(LOAD_METHOD, name, run.ok ? "ok" : "server_error", run.tookUs, user);
}

/** The size of a value that was loaded. */
export function reportBytes(name: string, user: string, bytes: number): void {
  client()?.record(BYTES_METHOD, name, "ok", bytes, user);
}

/** A user's value was invalidated: what was written makes a fill before it worth nothing. */
export function reportWrite(name: string, user: string): void {
  client()?.record(WRITE_METHOD, name, "ok", 0, user);
}

/** Tells of a visit that is no part of a request, as a request's end does of its own. */
export function reportLoneVisit(visit: Visit, latencyUs: number, atMs: number): void {
  client()?.record(CACHE_METHOD, visit.definition, "ok", latencyUs, visit.user, partOf(visit));
  reportVisit(visit, latencyUs, atMs);
}

/** Tells who listens of a visit, which is over. */
export function reportVisit(visit: Visit, latencyUs: number, atMs: number): void {
  const { definition, user, decision, cache = "miss" } = visit;
  try {
    tellVisit({ definition, user, cache, decision, latencyUs, atMs });
  } catch (error) {
    reportError(error);
  }
}

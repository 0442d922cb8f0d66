import { endpoints } from "../query/index.ts";
import type { Db } from "../store/db.ts";
import { definitionsOf } from "../store/prefill-definitions.ts";
import type { Scope } from "../store/scopes.ts";
import type { Subject } from "./gather-visits.ts";

/** What users are looked at for: a cached definition, or an endpoint that has none. */
export interface NamedSubject extends Subject {
  /** The definition's name, or method and route. */
  name: string;
  /** The endpoint that its requests go to, as far as it is known. */
  mainEndpointId: number | null;
}

/** Of an endpoint that is not cached, and of a definition that nobody described. */
export const ASSUMED_TTL_SECONDS = 1_800;
/** Endpoints without a cache that are looked at: those that lose most time beyond their median. */
const MOST_ENDPOINTS = 20;

/** The cached definitions of a scope. */
export async function cachedSubjects(db: Db, scope: Pick<Scope, "id">): Promise<NamedSubject[]> {
  const known = await definitionsOf(db, scope.id);
  return known.map(({ id, loadId, writeId, name, ttlSeconds, mainEndpointId }) => ({
    endpointId: id,
    isCached: true,
    loadId,
    writeId,
    ttlSeconds: ttlSeconds ?? ASSUMED_TTL_SECONDS,
    name,
    mainEndpointId,
  }));
}

/** The endpoints of a scope that are worth a look, worst of the last day first. */
export async function plainSubjects(db: Db, { service, environment }: Scope, nowMs: number): Promise<NamedSubject[]> {
  const question = { service, environment, from: "now-1d", to: "now", percentiles: [50] };
  const answer = await endpoints(db, question, nowMs);
  return answer.endpoints
    .filter(({ route }) => !route.startsWith("("))
    .slice(0, MOST_ENDPOINTS)
    .map(({ id, method, route }) => ({
      endpointId: id,
      isCached: false,
      loadId: null,
      writeId: null,
      ttlSeconds: ASSUMED_TTL_SECONDS,
      name: `${method} ${route}`,
      mainEndpointId: id,
    }));
}

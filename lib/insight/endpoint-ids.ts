import { findEndpoints } from "../store/catalog.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { databaseRoute } from "../wire/index.ts";

/** The ids of a scope's endpoints by the names that statements give them. */
export async function endpointIds(
  connection: Snapshot,
  scope: { service: string; environment: string },
): Promise<ReadonlyMap<string, number>> {
  const found = await findEndpoints(connection, scope);
  return new Map(found.filter(({ total }) => !total).map((endpoint) => [databaseRoute(endpoint), endpoint.id]));
}

import { type CatalogEndpoint, findEndpoints } from "../store/catalog.ts";
import type { Db } from "../store/db.ts";

/** The endpoints of each service and environment: rules of one scope must not look through all others. */
export class Catalog {
  private readonly byScope = new Map<string, CatalogEndpoint[]>();

  constructor(endpoints: readonly CatalogEndpoint[]) {
    for (const endpoint of endpoints) {
      const key = keyOf(endpoint);
      const scope = this.byScope.get(key);
      if (scope === undefined) this.byScope.set(key, [endpoint]);
      else scope.push(endpoint);
    }
  }

  static async read(db: Db): Promise<Catalog> {
    return new Catalog(await findEndpoints(db, {}));
  }

  of(scope: { service: string; environment: string }): readonly CatalogEndpoint[] {
    return this.byScope.get(keyOf(scope)) ?? [];
  }
}

const keyOf = ({ service, environment }: { service: string; environment: string }) =>
  JSON.stringify([service, environment]);

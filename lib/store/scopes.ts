import type { Connection, Db } from "./db.ts";
import { EndpointBook, resolveServices, type RouteName } from "./dictionary.ts";

/** A service and environment, as what is kept for both of them together is stored. */
export interface Scope {
  /** The id of the `total` endpoint, which stands for both. */
  id: number;
  serviceId: number;
  /** As they are stored: beyond the cap, `(other)`. */
  service: string;
  environment: string;
}

/** The scope of these names and the book of its endpoints, with these among them; what is not known yet is added, up to the caps. */
export async function openScope(
  db: Db,
  { service: name, environment }: { service: string; environment: string },
  names: readonly RouteName[],
): Promise<{ scope: Scope; book: EndpointBook }> {
  const service = (await resolveServices(db, [name])).get(name)!;
  const book = await EndpointBook.open(db, { serviceId: service.id, environment }, names);
  const scope = { id: book.totalId, serviceId: service.id, service: service.name, environment: book.environment };
  return { scope, book };
}

/** The scope of these names; `null` when nothing was ever sent under them. */
export async function findScope(db: Connection, service: string, environment: string): Promise<Scope | null> {
  return (await findScopes(db, [{ service, environment }]))[0] ?? null;
}

/** The scopes of these names, as far as there are any. */
export async function findScopes(
  db: Connection,
  names: readonly { service: string; environment: string }[],
): Promise<Scope[]> {
  if (names.length === 0) return [];
  return db.$queryRaw<Scope[]>`
    SELECT e.id, e.service_id AS "serviceId", s.name AS service, e.environment
    FROM unnest(${names.map((n) => n.service)}::text[], ${names.map((n) => n.environment)}::text[]) AS n (service, environment)
      JOIN service s ON s.name = n.service
      JOIN endpoint e ON e.service_id = s.id AND e.environment = n.environment AND e.total`;
}

/** Every scope that there is. */
export async function allScopes(db: Connection): Promise<Scope[]> {
  const rows = await db.endpoint.findMany({
    where: { total: true },
    select: { id: true, serviceId: true, environment: true, service: { select: { name: true } } },
    orderBy: { id: "asc" },
  });
  return rows.map(({ service, ...row }) => ({ ...row, service: service.name }));
}

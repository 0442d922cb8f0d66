import {
  DATABASE_METHOD,
  databaseRoute,
  LONGEST_NAME,
  readStatementRoute,
  REST_METHOD,
  STATEMENT_ID_LENGTH,
  STATEMENT_METHOD,
  STATEMENTS_METHOD,
} from "../wire/index.ts";
import { type CatalogEndpoint, findEndpoints } from "./catalog.ts";
import type { Reader } from "./snapshot.ts";

/** The ids of the series of what an endpoint's requests ask of their databases; 0 where there is none. */
export interface DatabaseSeries {
  database: number;
  rest: number;
  statements: number;
  /** One a statement: its id, and that of its series. */
  each: { statementId: string; seriesId: number }[];
}

/** The series of an endpoint; null when no app ever told of its databases. */
export async function databaseSeriesOf(
  db: Reader,
  endpoint: Pick<CatalogEndpoint, "serviceId" | "environment" | "method" | "route">,
): Promise<DatabaseSeries | null> {
  const { serviceId, environment } = endpoint;
  const name = databaseRoute(endpoint);
  const ofStatement = name.slice(0, LONGEST_NAME - STATEMENT_ID_LENGTH - 1); // names are cut at the end
  const rows = await db.$queryRaw<{ id: number; method: string; route: string }[]>`
    SELECT id, method, route FROM endpoint
    WHERE service_id = ${serviceId} AND environment = ${environment} AND (
      (method = ANY(${[DATABASE_METHOD, REST_METHOD, STATEMENTS_METHOD]}::text[]) AND route = ${name})
      OR (method = ${STATEMENT_METHOD} AND substr(route, ${STATEMENT_ID_LENGTH + 2}::int) = ${ofStatement}))
    ORDER BY id`;
  const idOf = (method: string): number => rows.find((row) => row.method === method)?.id ?? 0;
  const database = idOf(DATABASE_METHOD);
  if (database === 0) return null;
  const each = rows.flatMap(({ id, method, route }) => {
    const read = method === STATEMENT_METHOD ? readStatementRoute(route) : null;
    return read === null ? [] : [{ statementId: read.id, seriesId: id }];
  });
  return { database, rest: idOf(REST_METHOD), statements: idOf(STATEMENTS_METHOD), each };
}

/** One statement at one endpoint of a service and environment. */
export interface StatementSeries {
  /** Of the series. */
  id: number;
  statementId: string;
  /** As `databaseRoute` gives it. */
  endpoint: string;
}

/** The statements of a service and environment, at all its endpoints. */
export async function statementSeriesOf(
  db: Reader,
  { serviceId, environment }: { serviceId: number; environment: string },
): Promise<StatementSeries[]> {
  const rows = await db.$queryRaw<{ id: number; route: string }[]>`
    SELECT id, route FROM endpoint
    WHERE service_id = ${serviceId} AND environment = ${environment} AND method = ${STATEMENT_METHOD} ORDER BY id`;
  return rows.flatMap(({ id, route }) => {
    const read = readStatementRoute(route);
    return read === null ? [] : [{ id, statementId: read.id, endpoint: read.endpoint }];
  });
}

/** The ids of a scope's endpoints by the names that statements give them. */
export async function endpointIdsByName(
  db: Reader,
  scope: { service: string; environment: string },
): Promise<ReadonlyMap<string, number>> {
  const found = await findEndpoints(db, scope);
  return new Map(found.filter(({ total }) => !total).map((endpoint) => [databaseRoute(endpoint), endpoint.id]));
}

import { cleanName, OTHER_ENDPOINT } from "./names.ts";

/** Method and route of an endpoint. */
export interface NamedEndpoint {
  method: string;
  route: string;
}

/** Hex digits of a statement's id: the beginning of the SHA-256 of its fingerprint. */
export const STATEMENT_ID_LENGTH = 16;
/** The id of what more statements than are told apart are counted as. */
export const OTHER_STATEMENTS_ID = "0".repeat(STATEMENT_ID_LENGTH);
/** Longer fingerprints are cut, in UTF-16 code units. */
export const LONGEST_STATEMENT = 2_000;

const ID = /^[0-9a-f]{16}$/;

export const isStatementId = (id: string): boolean => ID.test(id);

/** What the series of an endpoint's requests at the database are called: `GET /users/:id`. */
export function databaseRoute({ method, route }: NamedEndpoint): string {
  return cleanName(`${method} ${route}`);
}

/** What the series of one statement of an endpoint is called: its id, a space, and the endpoint as in `databaseRoute`. */
export function statementRoute(id: string, endpoint: string): string {
  return cleanName(`${id} ${endpoint}`);
}

/** The id and the endpoint in a statement's route; null for what is none, as the bucket of what is beyond the server's cap. */
export function readStatementRoute(route: string): { id: string; endpoint: string } | null {
  const id = route.slice(0, STATEMENT_ID_LENGTH);
  if (route === OTHER_ENDPOINT || !isStatementId(id) || route[STATEMENT_ID_LENGTH] !== " ") return null;
  return { id, endpoint: route.slice(STATEMENT_ID_LENGTH + 1) };
}

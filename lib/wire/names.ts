/** What happened to a request: 1xx–3xx, 4xx, 5xx, or the client left first. */
export const OUTCOMES = ["ok", "client_error", "server_error", "aborted"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The route of requests that no route of the app matched. */
export const UNMATCHED = "(unmatched)";
/** The method and the route of what was recorded beyond the cap on endpoints. */
export const OTHER_METHOD = "*";
export const OTHER_ENDPOINT = "(other)";
/**
 * Methods of series that are not requests. The route is a cached definition's name. Under `(cache)` are the latencies of
 * requests that used the definition, with `hit` and `miss` as their parts; under `(load)` what computing its value took;
 * under `(bytes)` the sizes of its values, in bytes; under `(write)` how often a user's value was invalidated, in samples of
 * 0. They count in no endpoint's, service's or user's requests.
 */
export const CACHE_METHOD = "(cache)";
export const LOAD_METHOD = "(load)";
export const BYTES_METHOD = "(bytes)";
export const WRITE_METHOD = "(write)";
const CACHE_METHODS: readonly string[] = [CACHE_METHOD, LOAD_METHOD, BYTES_METHOD, WRITE_METHOD];
/**
 * What requests asked of their databases; told of apps whose database is wrapped. The route is `databaseRoute` of the endpoint
 * (one sample a request: how long at least one statement was on its way, how long none was, and how many there were, as if
 * that number were microseconds), and under `(statement)` it is `statementRoute` (one sample a statement, its duration).
 */
export const DATABASE_METHOD = "(database)";
export const REST_METHOD = "(rest)";
export const STATEMENTS_METHOD = "(statements)";
export const STATEMENT_METHOD = "(statement)";
const REQUEST_METHODS: readonly string[] = [DATABASE_METHOD, REST_METHOD, STATEMENTS_METHOD];
export const RESERVED_METHODS: readonly string[] = [...CACHE_METHODS, ...REQUEST_METHODS, STATEMENT_METHOD];

/** Whether series of this method are no requests. */
export const isReserved = (method: string): boolean => method.startsWith("(") && RESERVED_METHODS.includes(method);

/** Whether series of this method are of cached definitions. */
export const isCached = (method: string): boolean => CACHE_METHODS.includes(method);

/** The method of work that is no request: a queue's jobs, scheduled tasks. Their route is a name that the developer gives. */
export const JOB_METHOD = "JOB";

/** Whether a request found what it needed in a cache, or had to compute or to wait. */
export type CachePart = "hit" | "miss";

/** The user of what was recorded beyond the cap on users. */
export const OTHER_USERS = "(other users)";

/** Longer names are cut to this many UTF-16 code units. */
export const LONGEST_NAME = 256;

/**
 * Most endpoints, those of reserved methods included, and most user series of one batch. The SDK stays below: 1,001 and 6,000
 * endpoints, and 10,000 + 7,001 series.
 */
export const MOST_ENDPOINTS = 8_000;
export const MOST_USER_SERIES = 20_000;

/**
 * A name as it is stored: cut at 256 characters, with U+FFFD for NUL and lone surrogates, which PostgreSQL's text cannot
 * hold. The same name always gives the same result, and a result is left as it is.
 */
export function cleanName(name: string): string {
  const cut = name.length > LONGEST_NAME ? name.slice(0, LONGEST_NAME) : name;
  if (cut.isWellFormed() && !cut.includes("\0")) return cut;
  return cut.toWellFormed().replaceAll("\0", "\uFFFD");
}

const KNOWN = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY"]);

/** What a method outside of RFC 9110 (and QUERY) is counted as: clients choose methods, so they must not make endpoints. */
export const OTHER_METHOD = "(other)";

/** The method in capitals, or {@link OTHER_METHOD}. */
export function methodOf(method: string | undefined): string {
  if (method === undefined) return OTHER_METHOD;
  if (KNOWN.has(method)) return method;
  const upper = method.toUpperCase();
  return KNOWN.has(upper) ? upper : OTHER_METHOD;
}

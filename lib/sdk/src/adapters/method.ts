const KNOWN = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY"]);

/** What a method outside of RFC 9110 (and QUERY) is counted as: clients choose methods, so they must not make endpoints. */
export const ODD_METHOD = "(other)";

/** The method in capitals, or {@link ODD_METHOD}. */
export function methodOf(method: string | undefined): string {
  if (method === "GET") return method;
  if (method === undefined) return ODD_METHOD;
  if (KNOWN.has(method)) return method;
  const upper = method.toUpperCase();
  return KNOWN.has(upper) ? upper : ODD_METHOD;
}

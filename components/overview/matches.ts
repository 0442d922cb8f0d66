import type { EndpointRow } from "@/lib/query/answers";

/** Every word must be found in method, route, service or environment. */
export function matches(row: EndpointRow, text: string): boolean {
  const names = `${row.method} ${row.route} ${row.service} ${row.environment}`.toLowerCase();
  return text.split(/\s+/).every((word) => names.includes(word));
}

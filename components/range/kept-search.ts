/** What a link to another page of figures takes along, so that one looks at the same time and service there. */
const KEPT = ["service", "environment", "from", "to", "compare", "clock"] as const;

/**
 * The kept part of an address, as `?…` or empty.
 * @param others what is known better than the address says it
 */
export function keptSearch(
  search: { get(name: string): string | null },
  others: { service?: string; environment?: string } = {},
): string {
  const known: Record<string, string | undefined> = others;
  const kept = new URLSearchParams();
  for (const name of KEPT) {
    const value = known[name] ?? search.get(name);
    if (value !== null) kept.set(name, value);
  }
  return kept.size === 0 ? "" : `?${kept.toString()}`;
}

/** What a link to another page of figures takes along, so that one looks at the same time and service there. */
const KEPT = ["service", "environment", "from", "to", "compare"] as const;

/** The kept part of an address, as `?…` or empty. */
export function keptSearch(search: { get(name: string): string | null }): string {
  const kept = new URLSearchParams();
  for (const name of KEPT) {
    const value = search.get(name);
    if (value !== null) kept.set(name, value);
  }
  return kept.size === 0 ? "" : `?${kept.toString()}`;
}

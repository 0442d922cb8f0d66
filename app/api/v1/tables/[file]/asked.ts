import type { TableAnswer } from "@/lib/query/tables/table";

/** Asks for a table with the parameters of an address. @throws TailfillError `bad_request`, `not_found` */
export type Ask = (search: URLSearchParams, nowMs: number) => Promise<TableAnswer>;

/** Takes a parameter out that the question itself does not know; empty when it is not there. */
export function taken(search: URLSearchParams, name: string): string {
  const value = search.get(name) ?? "";
  search.delete(name);
  return value;
}

/** Whose figures they are, for the name of a file. */
export function placeOf({ service, environment }: { service?: string | undefined; environment?: string | undefined }) {
  return [service, environment].filter((name) => name !== undefined).join(" ") || "all services";
}

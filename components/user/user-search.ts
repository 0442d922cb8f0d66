import { questionSearch, type View } from "@/components/range/view";

/** What is asked of a user: few requests carry no deeper percentile. */
export const USER_PERCENTILES = [50, 95, 99];

/** The question about a user, and the key under which its answer is remembered. */
export function userSearch(user: string, view: View, percentiles: readonly number[] = USER_PERCENTILES): string {
  const only = ["id", "service", "environment", "from", "to", "percentiles"];
  return questionSearch({ ...view, percentiles: [...percentiles] }, { only, more: { id: user } });
}

/**
 * Where a user's page is. The id is a parameter, because no path can hold every id: browsers take `.` and `..` (also
 * encoded) for steps through folders.
 * @param kept what the address takes along besides, as `?…`
 */
export function userAddress(user: string, kept = ""): string {
  const search = new URLSearchParams({ user });
  for (const [name, value] of new URLSearchParams(kept)) if (name !== "user") search.set(name, value);
  return `/users?${search.toString()}`;
}

/** The user in a page's address: any text but the empty one. */
export function readUser({ user }: Record<string, string | string[] | undefined>): string | null {
  const first = Array.isArray(user) ? user[0] : user;
  return first === undefined || first === "" ? null : first;
}

/** The parameters of the files of a user's tables. */
export function userFiles({
  user,
  service,
  environment,
}: {
  user: string;
  service: string;
  environment: string;
}): string {
  const given = Object.entries({ id: user, service, environment }).filter(([, value]) => value !== "");
  return new URLSearchParams(given).toString();
}

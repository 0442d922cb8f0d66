import type { SearchParams } from "nuqs/server";
import type { Initial } from "@/components/data/use-answer";
import { placeOf } from "@/components/prefill/place";
import { placedSearch } from "@/components/queries/placed-search";
import { db, services } from "@/lib/query";
import type { ServicesAnswer } from "@/lib/query/answers";
import { initialOf } from "./initial";
import { readView } from "./read-view";

interface Placed<Answer> {
  services: ServicesAnswer["services"];
  initial: Initial<Answer> | undefined;
}

/** What a page about one service and environment already reads on the server. */
export async function readPlaced<Answer>(
  searchParams: Promise<SearchParams>,
  ask: (search: URLSearchParams) => Promise<Answer>,
): Promise<Placed<Answer>> {
  const known = (await initialOf("", () => services(db(), Date.now())))?.answer.services ?? [];
  const view = await readView(searchParams);
  const place = placeOf(known, view);
  if (place === null) return { services: known, initial: undefined };
  const search = placedSearch(view, place);
  return { services: known, initial: await initialOf(search, () => ask(new URLSearchParams(search))) };
}

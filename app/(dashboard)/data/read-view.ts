import type { SearchParams } from "nuqs/server";
import { cache } from "react";
import { loadAsked } from "@/components/range/load-view";
import { USUAL_FROM, usualFrom, viewOf, type View } from "@/components/range/view";
import { db, firstSample } from "@/lib/query";

/** Asked once a request, so that a page and its frame agree. A database that is down is the page's to tell. */
export const readUsualFrom = cache(async (): Promise<string> => {
  const now = Date.now();
  try {
    return usualFrom(await firstSample(db(), now), now);
  } catch {
    return USUAL_FROM;
  }
});

/** The view that a page's address means. The page has asked for the session before. */
export async function readView(searchParams: Promise<SearchParams>): Promise<View> {
  const [asked, usual] = await Promise.all([loadAsked(searchParams), readUsualFrom()]);
  return viewOf(asked, usual);
}

import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { placeOf } from "@/components/prefill/place";
import { PrefillPage } from "@/components/prefill/prefill-page";
import { placeSearch } from "@/components/prefill/prefill-search";
import { loadView } from "@/components/range/load-view";
import { requireSession } from "@/lib/auth/access";
import { prefillSettings } from "@/lib/prefill/settings";
import { db, services } from "@/lib/query";
import { initialOf } from "../data/initial";

export const metadata: Metadata = { title: "Prefill" };

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireSession();
  const view = await loadView(searchParams);
  const known = await initialOf("", () => services(db()));
  const place = placeOf(known?.answer.services ?? [], view);
  const settings =
    place === null ? undefined : await initialOf(placeSearch(place), () => prefillSettings(db(), place, Date.now()));
  return (
    <PrefillPage
      services={known?.answer.services ?? []}
      initial={{ settings, candidates: undefined, effect: undefined, history: undefined }}
    />
  );
}

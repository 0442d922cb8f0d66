import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { createLoader } from "nuqs/server";
import { placeOf, type Place } from "@/components/prefill/place";
import { PrefillPage } from "@/components/prefill/prefill-page";
import {
  candidatesSearch,
  effectSearch,
  historySearch,
  placeSearch,
  spanParser,
} from "@/components/prefill/prefill-search";
import type { PrefillInitial } from "@/components/prefill/use-prefill";
import { requireSession } from "@/lib/auth/access";
import { prefillCandidates } from "@/lib/prefill/candidates-answer";
import { prefillEffect } from "@/lib/prefill/effect-answer";
import { prefillHistory } from "@/lib/prefill/history-answer";
import { prefillSettings } from "@/lib/prefill/settings";
import { db, parseQuestion, services } from "@/lib/query";
import { initialOf } from "../data/initial";
import { readView } from "../data/read-view";

export const metadata: Metadata = { title: "Prefill" };

const loadSpan = createLoader({ span: spanParser });

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireSession();
  const known = (await initialOf("", () => services(db(), Date.now())))?.answer.services ?? [];
  const place = placeOf(known, await readView(searchParams));
  const initial = place === null ? NOTHING : await read(place, searchParams);
  return <PrefillPage services={known} initial={initial} />;
}

const NOTHING: PrefillInitial = { settings: undefined, candidates: undefined, effect: undefined, history: undefined };

/** What is in force; what somebody tries out is asked for by the browser. */
async function read(place: Place, searchParams: Promise<SearchParams>): Promise<PrefillInitial> {
  const view = await readView(searchParams);
  const { span } = await loadSpan(searchParams);
  const now = Date.now();
  const [one, whom, what, when] = [
    placeSearch(place),
    candidatesSearch(place),
    effectSearch(place, view, span),
    historySearch(place, view),
  ];
  const [settings, candidates, effect, history] = await Promise.all([
    initialOf(one, () => prefillSettings(db(), place, now)),
    initialOf(whom, () => prefillCandidates(db(), parseQuestion("prefillCandidates", new URLSearchParams(whom)), now)),
    initialOf(what, () => prefillEffect(db(), parseQuestion("prefillEffect", new URLSearchParams(what)), now)),
    initialOf(when, () => prefillHistory(db(), parseQuestion("prefillHistory", new URLSearchParams(when)), now)),
  ]);
  return { settings, candidates, effect, history };
}

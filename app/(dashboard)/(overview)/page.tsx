import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { OverviewPage } from "@/components/overview/overview-page";
import { questionSearch, USUAL_PERCENTILES } from "@/components/range/view";
import { requireSession } from "@/lib/auth/access";
import { db, LOSS_TEXT, onReplica, overview, parseQuestion, services } from "@/lib/query";
import { initialOf } from "../data/initial";
import { readView } from "../data/read-view";

export const metadata: Metadata = { title: "Overview" };

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireSession();
  const view = await readView(searchParams);
  const search = questionSearch({ ...view, percentiles: USUAL_PERCENTILES });
  const question = () => parseQuestion("overview", new URLSearchParams(search));
  const [initial, known] = await Promise.all([
    initialOf(search, () => onReplica((db) => overview(db, question(), Date.now()))),
    initialOf("", () => services(db(), Date.now())),
  ]);
  return <OverviewPage initial={initial} services={known?.answer.services ?? []} lossTexts={LOSS_TEXT} />;
}

import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { LossesPage } from "@/components/settings/losses-page";
import { lossesSearch } from "@/components/settings/losses-search";
import { requireSession } from "@/lib/auth/access";
import { ERRORS } from "@/lib/errors";
import { LOSS_TEXT, losses, onReplica, parseQuestion } from "@/lib/query";
import { initialOf } from "../../data/initial";
import { readView } from "../../data/read-view";

export const metadata: Metadata = { title: "Losses" };

const REFUSALS = Object.fromEntries(Object.entries(ERRORS).map(([code, [, next]]) => [code, next]));

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireSession();
  const search = lossesSearch(await readView(searchParams));
  const initial = await initialOf(search, async () =>
    onReplica((db) => losses(db, parseQuestion("losses", new URLSearchParams(search)), Date.now())),
  );
  return <LossesPage initial={initial} lossTexts={LOSS_TEXT} refusalTexts={REFUSALS} />;
}

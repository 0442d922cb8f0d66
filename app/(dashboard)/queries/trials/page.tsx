import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { TrialsPage } from "@/components/queries/trials-page";
import { requireSession } from "@/lib/auth/access";
import { insightTrials } from "@/lib/insight/trials";
import { db, parseQuestion } from "@/lib/query";
import { readPlaced } from "../../data/read-placed";

export const metadata: Metadata = { title: "Trials of relation loading" };

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireSession();
  const read = await readPlaced(searchParams, (search) =>
    insightTrials(db(), parseQuestion("insightTrials", search), Date.now()),
  );
  return <TrialsPage {...read} />;
}

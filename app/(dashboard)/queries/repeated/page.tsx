import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { RepeatedPage } from "@/components/queries/repeated-page";
import { requireSession } from "@/lib/auth/access";
import { insightRepeats } from "@/lib/insight/repeats";
import { db, parseQuestion } from "@/lib/query";
import { readPlaced } from "../../data/read-placed";

export const metadata: Metadata = { title: "Repeated statements" };

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireSession();
  const read = await readPlaced(searchParams, (search) =>
    insightRepeats(db(), parseQuestion("insightRepeats", search), Date.now()),
  );
  return <RepeatedPage {...read} />;
}

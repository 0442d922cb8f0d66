import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { StoppedPage } from "@/components/queries/stopped-page";
import { requireSession } from "@/lib/auth/access";
import { insightKills } from "@/lib/insight/kills";
import { db, parseQuestion } from "@/lib/query";
import { readPlaced } from "../../data/read-placed";

export const metadata: Metadata = { title: "Stopped queries" };

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireSession();
  const read = await readPlaced(searchParams, (search) =>
    insightKills(db(), parseQuestion("insightKills", search), Date.now()),
  );
  return <StoppedPage {...read} />;
}

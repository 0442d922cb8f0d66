import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { StatementsPage } from "@/components/queries/statements-page";
import { requireSession } from "@/lib/auth/access";
import { insightStatements } from "@/lib/insight/statements";
import { onReplica, parseQuestion } from "@/lib/query";
import { readPlaced } from "../data/read-placed";

export const metadata: Metadata = { title: "Statements" };

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireSession();
  const read = await readPlaced(searchParams, (search) =>
    onReplica((db) => insightStatements(db, parseQuestion("insightStatements", search), Date.now())),
  );
  return <StatementsPage {...read} />;
}

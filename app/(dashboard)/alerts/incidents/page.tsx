import type { Metadata } from "next";
import { IncidentsPage } from "@/components/alerts/incident/incidents-page";
import { incidentList } from "@/lib/alerts/incidents";
import { requireSession } from "@/lib/auth/access";
import { db, type PageParameters, parseQuestion } from "@/lib/query";
import { initialOf } from "../../data/initial";

export const metadata: Metadata = { title: "Incidents" };

export default async function Page({ searchParams }: { searchParams: Promise<PageParameters> }) {
  await requireSession();
  const parameters = await searchParams;
  // Only what the address says plainly is read here; anything else is the browser's to ask, and to tell what is wrong.
  const isPlain = Object.keys(parameters).length === 0;
  const { limit } = parseQuestion("alertIncidents", new URLSearchParams());
  return <IncidentsPage initial={isPlain ? await initialOf("", () => incidentList(db(), { limit })) : undefined} />;
}

import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { IncidentPage } from "@/components/alerts/incident/incident-page";
import { shownShort } from "@/components/format/shown";
import { oneIncident } from "@/lib/alerts/incidents";
import { oneRule } from "@/lib/alerts/rules";
import { requireSession } from "@/lib/auth/access";
import { TailfillError } from "@/lib/errors";
import { db } from "@/lib/query";

interface PageProps {
  params: Promise<{ id: string }>;
}

/** Asked once a request, for the page and for its title. */
const incidentOf = cache(async (id: string) => {
  await requireSession();
  return { answer: await oneIncident(db(), id), at: Date.now() };
});

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const known = await incidentOf((await params).id).catch(() => null); // the page itself tells what is wrong
  return { title: known === null ? "Incident" : `Incident: ${shownShort(known.answer.rule, 80)}` };
}

export default async function Page({ params }: PageProps) {
  const { answer, at } = await incidentOf((await params).id).catch(orNotFound);
  const rule = await oneRule(db(), answer.ruleId).catch(orGone);
  return <IncidentPage key={answer.id} initial={{ search: "", answer, at }} rule={rule} />;
}

function orNotFound(error: unknown): never {
  if (isNotFound(error)) notFound();
  throw error;
}

/** A rule may have been removed since. */
function orGone(error: unknown): null {
  if (isNotFound(error)) return null;
  throw error;
}

const isNotFound = (error: unknown): boolean => error instanceof TailfillError && error.code === "not_found";
